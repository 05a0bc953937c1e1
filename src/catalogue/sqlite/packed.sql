-- What machines found of a head is kept packed, and at the end of its row, so that what is asked often lies before it.
ALTER TABLE items RENAME COLUMN record TO as_text;
ALTER TABLE items ADD COLUMN record BLOB NOT NULL DEFAULT x'00';
UPDATE items SET record = pack(as_text);
ALTER TABLE items DROP COLUMN as_text;
-- How each entry was confirmed, from the decision that entered it.
ALTER TABLE cases ADD COLUMN way TEXT;
ALTER TABLE cases ADD COLUMN together INTEGER;
UPDATE cases SET (way, together) = (
    SELECT text ->> '$.way', text ->> '$.group' FROM decisions
    WHERE history = entered_history AND seq = entered_seq AND json_valid(text)
);
