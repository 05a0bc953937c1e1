-- What queues and groups need to know of a head, beside its record, so that a hundred thousand can be looked through: it
-- follows from the record, and where it lacks it is made anew.
CREATE TABLE briefs (
    item       INTEGER PRIMARY KEY REFERENCES items (id) ON DELETE CASCADE,
    photograph INTEGER NOT NULL,
    head       INTEGER NOT NULL,
    variety    TEXT NOT NULL,
    others     TEXT NOT NULL,
    calibre    TEXT,
    confidence REAL,
    country    TEXT,
    site       TEXT
) STRICT;
-- What a head looks like, as bytes that whoever compares heads understands.
CREATE TABLE looks (
    item INTEGER PRIMARY KEY REFERENCES items (id) ON DELETE CASCADE,
    look BLOB NOT NULL
) STRICT;
-- What a person said is not alike: a head, and another head or a variety.
CREATE TABLE unlike (
    one   TEXT NOT NULL,
    other TEXT NOT NULL,
    who   TEXT NOT NULL,
    at    TEXT NOT NULL,
    PRIMARY KEY (one, other)
) STRICT, WITHOUT ROWID;
CREATE INDEX cases_by_headstamp ON cases (iif(json_valid(vals), vals ->> '$.headstamp.text', NULL));
