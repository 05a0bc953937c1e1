-- What a picture is known by in whatever bytes it is kept, and the photograph that is the same picture and was there first.
ALTER TABLE photographs ADD COLUMN pixels TEXT;
ALTER TABLE photographs ADD COLUMN look TEXT;
ALTER TABLE photographs ADD COLUMN same_as TEXT;
CREATE INDEX photographs_by_pixels ON photographs (pixels) WHERE pixels IS NOT NULL;

-- The state of an item while nothing is decided: pending; same_picture, no_head; failed, which stays.
ALTER TABLE items ADD COLUMN at_first TEXT NOT NULL DEFAULT 'pending';
UPDATE items SET at_first = 'no_head' WHERE head < 0;
UPDATE items SET at_first = 'failed' WHERE state = 'failed';
