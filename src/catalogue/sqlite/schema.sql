-- What machines found.
CREATE TABLE photographs (
    id          INTEGER PRIMARY KEY,
    sha256      TEXT NOT NULL UNIQUE,
    path        TEXT NOT NULL,
    width       INTEGER,
    height      INTEGER,
    captured_at TEXT,
    model       TEXT NOT NULL,
    error       TEXT,
    reason      TEXT,
    added_at    TEXT NOT NULL
) STRICT;

-- The worklist: one row a head that was found, or one for a photograph without any (head -1).
CREATE TABLE items (
    id         INTEGER PRIMARY KEY,
    photograph INTEGER NOT NULL REFERENCES photographs (id),
    head       INTEGER NOT NULL,
    record     TEXT NOT NULL,
    given      TEXT NOT NULL,
    -- follows from the decisions: pending, entered, same_case, not_a_head; no_head, failed where none was found
    state      TEXT NOT NULL,
    case_uid   TEXT,
    UNIQUE (photograph, head)
) STRICT;
CREATE INDEX items_by_state ON items (state, id);

-- What people decided: never changed, only followed.
CREATE TABLE histories (
    id   INTEGER PRIMARY KEY,
    uid  TEXT NOT NULL UNIQUE
) STRICT;
CREATE TABLE decisions (
    history INTEGER NOT NULL REFERENCES histories (id),
    seq     INTEGER NOT NULL,
    text    TEXT NOT NULL,
    hash    TEXT NOT NULL,
    case_uid TEXT,
    PRIMARY KEY (history, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX decisions_by_case ON decisions (case_uid) WHERE case_uid IS NOT NULL;
CREATE TABLE decided_places (
    photo   TEXT NOT NULL,
    head    INTEGER NOT NULL,
    history INTEGER NOT NULL,
    seq     INTEGER NOT NULL,
    PRIMARY KEY (photo, head, history, seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE undone (
    history INTEGER NOT NULL,
    seq     INTEGER NOT NULL,
    by_history INTEGER NOT NULL,
    by_seq  INTEGER NOT NULL,
    PRIMARY KEY (history, seq, by_history, by_seq)
) STRICT, WITHOUT ROWID;
-- Which history, at which decision, took in which other, up to which.
CREATE TABLE merges (
    history INTEGER NOT NULL,
    seq     INTEGER NOT NULL,
    of_history INTEGER NOT NULL,
    of_seq     INTEGER NOT NULL,
    PRIMARY KEY (history, seq)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER decisions_stay BEFORE UPDATE ON decisions BEGIN SELECT RAISE(ABORT, 'a decision is never changed'); END;
CREATE TRIGGER decisions_last BEFORE DELETE ON decisions BEGIN SELECT RAISE(ABORT, 'a decision is never deleted'); END;

-- What follows from the decisions.
CREATE TABLE cases (
    uid      TEXT PRIMARY KEY,
    vals     TEXT NOT NULL,
    places   TEXT NOT NULL,
    quantity INTEGER NOT NULL,
    entered_history INTEGER NOT NULL,
    entered_seq     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX cases_by_quantity ON cases (quantity);
CREATE INDEX cases_by_entry ON cases (entered_history, entered_seq, uid);
CREATE TABLE conflicts (
    about   TEXT NOT NULL,
    kept_history  INTEGER NOT NULL,
    kept_seq      INTEGER NOT NULL,
    other_history INTEGER NOT NULL,
    other_seq     INTEGER NOT NULL,
    PRIMARY KEY (kept_history, kept_seq, other_history, other_seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX conflicts_by_other ON conflicts (other_history, other_seq);
