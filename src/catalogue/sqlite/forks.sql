-- Where two copies of one file went on apart, what came after in the other is a history of its own.
ALTER TABLE histories ADD COLUMN fork_of INTEGER REFERENCES histories (id);
ALTER TABLE histories ADD COLUMN fork_seq INTEGER;
