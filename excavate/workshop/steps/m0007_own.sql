-- What is each person's own: their notebook, and the time they gave.
CREATE TABLE labour_choice (
    -- as every row
    recording BOOLEAN NOT NULL               -- off: nothing is recorded
);
CREATE TABLE labour (
    -- as every row
    activity   VARCHAR NOT NULL,             -- look, say, respond, sort, judge, collect, label, review, other
    about      VARCHAR,                      -- of judge: which set; NULL: nothing one of many
    started_at TIMESTAMP NOT NULL,           -- UTC
    seconds    DOUBLE NOT NULL               -- of it, the page visible and touched
);
CREATE TABLE note (
    -- as every row
    note_id  VARCHAR NOT NULL,
    kind     VARCHAR NOT NULL,               -- text, item, finding, absence, find
    value    VARCHAR,                        -- what it points at
    text     VARCHAR,
    language VARCHAR NOT NULL,
    place    INTEGER NOT NULL,               -- in the notebook, from 0
    shown    BOOLEAN NOT NULL                -- on their presentation page
);
CREATE TABLE presentation (
    -- as every row
    title    VARCHAR NOT NULL,
    lead     VARCHAR NOT NULL,
    language VARCHAR NOT NULL,
    open     BOOLEAN NOT NULL                -- whether the room sees it
);
CREATE OR REPLACE VIEW notes AS
SELECT said.*, p.shown_name FROM (
    SELECT * FROM note
    QUALIFY row_number() OVER (PARTITION BY note_id ORDER BY writing DESC) = 1
) said JOIN people p USING (person_id)
WHERE note_id NOT IN (SELECT what_id FROM withdrawn WHERE manner <> 'shown');
CREATE OR REPLACE VIEW presentations AS
SELECT said.*, p.shown_name FROM (
    SELECT * FROM presentation
    QUALIFY row_number() OVER (PARTITION BY room_id, person_id ORDER BY writing DESC) = 1
) said JOIN people p USING (person_id)
WHERE NOT EXISTS (  -- what was said after it was taken back is said anew
    SELECT 1 FROM withdrawn w WHERE w.manner <> 'shown'
    AND (w.writing >= said.writing OR w.manner = 'hidden' AND w.moderating)
    AND w.what_id = 'presentation/' || said.person_id
);
CREATE VIEW labour_choices AS
SELECT * FROM labour_choice
QUALIFY row_number() OVER (PARTITION BY room_id, person_id ORDER BY writing DESC) = 1;
CREATE VIEW labours AS
SELECT * FROM labour l
WHERE NOT EXISTS (  -- what is counted after a day was taken back is counted anew
    SELECT 1 FROM withdrawn w WHERE w.manner <> 'shown'
    AND (w.writing >= l.writing OR w.manner = 'hidden' AND w.moderating)
    AND w.what_id = 'labour/' || l.person_id || '/' || strftime(l.started_at, '%Y-%m-%d')
);
