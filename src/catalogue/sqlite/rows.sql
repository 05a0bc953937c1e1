-- Long rows stand in tables by the order in which they came, and are found by an index: a table without such an order keeps
-- of a row of more than a thousand bytes the rest on a page of its own, so that a catalogue took five times its room.
CREATE TABLE decisions_by_order (
    history INTEGER NOT NULL REFERENCES histories (id),
    seq     INTEGER NOT NULL,
    text    TEXT NOT NULL,
    hash    TEXT NOT NULL,
    case_uid TEXT,
    PRIMARY KEY (history, seq)
) STRICT;
INSERT INTO decisions_by_order (history, seq, text, hash, case_uid)
    SELECT history, seq, text, hash, case_uid FROM decisions ORDER BY history, seq;
DROP TABLE decisions;
ALTER TABLE decisions_by_order RENAME TO decisions;
CREATE INDEX decisions_by_case ON decisions (case_uid) WHERE case_uid IS NOT NULL;
CREATE TRIGGER decisions_stay BEFORE UPDATE ON decisions BEGIN SELECT RAISE(ABORT, 'a decision is never changed'); END;
CREATE TRIGGER decisions_last BEFORE DELETE ON decisions BEGIN SELECT RAISE(ABORT, 'a decision is never deleted'); END;

CREATE TABLE cases_by_order (
    uid      TEXT NOT NULL PRIMARY KEY,
    vals     TEXT NOT NULL,
    places   TEXT NOT NULL,
    quantity INTEGER NOT NULL,
    entered_history INTEGER NOT NULL,
    entered_seq     INTEGER NOT NULL
) STRICT;
INSERT INTO cases_by_order (uid, vals, places, quantity, entered_history, entered_seq)
    SELECT uid, vals, places, quantity, entered_history, entered_seq FROM cases ORDER BY entered_history, entered_seq, uid;
DROP TABLE cases;
ALTER TABLE cases_by_order RENAME TO cases;
CREATE INDEX cases_by_quantity ON cases (quantity);
CREATE INDEX cases_by_entry ON cases (entered_history, entered_seq, uid);
