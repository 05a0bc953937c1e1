DELETE FROM temp.tally;
INSERT INTO temp.tally (what, number)
    SELECT 'photographs', count(*) FROM main.photographs
    UNION ALL SELECT 'entries', count(*) FROM main.cases
    UNION ALL SELECT 'cases', coalesce(sum(quantity), 0) FROM main.cases
    UNION ALL SELECT 'conflicts', count(*) FROM main.conflicts
    UNION ALL SELECT s.state, count(i.state)
        FROM (SELECT 'pending' AS state UNION ALL SELECT 'entered' UNION ALL SELECT 'same_case' UNION ALL SELECT 'same_picture'
              UNION ALL SELECT 'not_a_head' UNION ALL SELECT 'no_head' UNION ALL SELECT 'failed') s
        LEFT JOIN main.items i ON i.state = s.state GROUP BY s.state;
