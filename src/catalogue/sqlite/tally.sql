-- How much there is, for this connection alone: counted once, kept in step by what this connection writes, and counted
-- again when another process has written (data_version tells).
CREATE TEMP TABLE tally (what TEXT PRIMARY KEY, number INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TEMP TRIGGER tally_photograph AFTER INSERT ON main.photographs BEGIN
    UPDATE tally SET number = number + 1 WHERE what = 'photographs';
END;
CREATE TEMP TRIGGER tally_photograph_gone AFTER DELETE ON main.photographs BEGIN
    UPDATE tally SET number = number - 1 WHERE what = 'photographs';
END;
CREATE TEMP TRIGGER tally_item AFTER INSERT ON main.items BEGIN
    UPDATE tally SET number = number + 1 WHERE what = new.state;
END;
CREATE TEMP TRIGGER tally_item_gone AFTER DELETE ON main.items BEGIN
    UPDATE tally SET number = number - 1 WHERE what = old.state;
END;
CREATE TEMP TRIGGER tally_item_state AFTER UPDATE OF state ON main.items WHEN old.state <> new.state BEGIN
    UPDATE tally SET number = number - 1 WHERE what = old.state;
    UPDATE tally SET number = number + 1 WHERE what = new.state;
END;
CREATE TEMP TRIGGER tally_entry AFTER INSERT ON main.cases BEGIN
    UPDATE tally SET number = number + 1 WHERE what = 'entries';
    UPDATE tally SET number = number + new.quantity WHERE what = 'cases';
END;
CREATE TEMP TRIGGER tally_entry_gone AFTER DELETE ON main.cases BEGIN
    UPDATE tally SET number = number - 1 WHERE what = 'entries';
    UPDATE tally SET number = number - old.quantity WHERE what = 'cases';
END;
CREATE TEMP TRIGGER tally_entry_quantity AFTER UPDATE OF quantity ON main.cases WHEN old.quantity <> new.quantity BEGIN
    UPDATE tally SET number = number + new.quantity - old.quantity WHERE what = 'cases';
END;
CREATE TEMP TRIGGER tally_conflict AFTER INSERT ON main.conflicts BEGIN
    UPDATE tally SET number = number + 1 WHERE what = 'conflicts';
END;
CREATE TEMP TRIGGER tally_conflict_gone AFTER DELETE ON main.conflicts BEGIN
    UPDATE tally SET number = number - 1 WHERE what = 'conflicts';
END;
