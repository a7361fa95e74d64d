-- How a session is led: groups, rounds, and twenty items looked at by all.
CREATE TABLE room_group (
    -- as every row
    group_id VARCHAR NOT NULL,
    title    VARCHAR NOT NULL,
    ended    BOOLEAN NOT NULL
);
CREATE TABLE room_state (
    -- as every row
    apart BOOLEAN NOT NULL                   -- whether each group sees its own board alone
);
CREATE TABLE round (
    -- as every row
    round_id   VARCHAR NOT NULL,
    kind       VARCHAR NOT NULL,             -- look, say, respond, sort, judge
    prompt_ko  VARCHAR NOT NULL,
    prompt_en  VARCHAR NOT NULL,
    seconds    INTEGER NOT NULL,             -- how long it is planned
    anonymous  BOOLEAN NOT NULL,             -- whether names are hidden until it closes
    judging_id VARCHAR,
    place      INTEGER NOT NULL,             -- in the plan, from 0
    page       VARCHAR NOT NULL              -- where it is done, where not on the page of its kind
);
CREATE TABLE round_act (
    -- as every row
    round_id VARCHAR NOT NULL,
    act      VARCHAR NOT NULL,               -- open, extend, close, reopen; drop: out of the plan
    seconds  INTEGER NOT NULL                -- given with open, extend and reopen; else 0
);
CREATE TABLE judging (
    -- as every row
    judging_id  VARCHAR NOT NULL,
    question_ko VARCHAR NOT NULL,
    question_en VARCHAR NOT NULL,
    choices     VARCHAR NOT NULL,            -- JSON: [{code, ko, en}], cannot say and refuse not among them
    items       VARCHAR NOT NULL,            -- JSON: [{item_id, sha256, revision}] in the order they are shown
    seed        BIGINT NOT NULL,
    drawn       VARCHAR NOT NULL             -- JSON: {"from": dataset, finding, selection or list, "name"}
);
CREATE TABLE judgement (
    -- as every row
    judging_id VARCHAR NOT NULL,
    round_id   VARCHAR,                      -- one row for each item, annotator and round
    number     INTEGER NOT NULL,             -- of the item, from 0
    choice     VARCHAR NOT NULL,             -- a code, cannot say, or refuse
    reason     VARCHAR,
    language   VARCHAR NOT NULL,
    seconds    DOUBLE                        -- always NULL: time is counted in labour alone
);
CREATE OR REPLACE VIEW room_groups AS  -- of what was taken back only the words are gone
SELECT * EXCLUDE (gone) REPLACE (
    if(gone, '', title) AS title
) FROM (
    SELECT said.*, p.shown_name, EXISTS (
        SELECT 1 FROM withdrawn w WHERE w.manner <> 'shown' AND w.what_id = said.group_id
        AND (w.writing >= said.writing OR w.manner = 'hidden' AND w.moderating)
    ) AS gone FROM (
        SELECT * FROM room_group
        QUALIFY row_number() OVER (PARTITION BY group_id ORDER BY writing DESC) = 1
    ) said JOIN people p USING (person_id)
);
CREATE OR REPLACE VIEW rounds AS  -- of what was taken back only the words are gone
SELECT * EXCLUDE (gone) REPLACE (
    if(gone, '', prompt_ko) AS prompt_ko,
    if(gone, '', prompt_en) AS prompt_en
) FROM (
    SELECT said.*, p.shown_name, EXISTS (
        SELECT 1 FROM withdrawn w WHERE w.manner <> 'shown' AND w.what_id = said.round_id
        AND (w.writing >= said.writing OR w.manner = 'hidden' AND w.moderating)
    ) AS gone FROM (
        SELECT * FROM round
        QUALIFY row_number() OVER (PARTITION BY round_id ORDER BY writing DESC) = 1
    ) said JOIN people p USING (person_id)
);
CREATE OR REPLACE VIEW judgings AS  -- of what was taken back only the words are gone
SELECT * EXCLUDE (gone) REPLACE (
    if(gone, '', question_ko) AS question_ko,
    if(gone, '', question_en) AS question_en,
    if(gone, '[]', choices) AS choices
) FROM (
    SELECT said.*, p.shown_name, EXISTS (
        SELECT 1 FROM withdrawn w WHERE w.manner <> 'shown' AND w.what_id = said.judging_id
        AND (w.writing >= said.writing OR w.manner = 'hidden' AND w.moderating)
    ) AS gone FROM (
        SELECT * FROM judging
        QUALIFY row_number() OVER (PARTITION BY judging_id ORDER BY writing DESC) = 1
    ) said JOIN people p USING (person_id)
);
CREATE OR REPLACE VIEW judgements AS
SELECT said.*, p.shown_name FROM (
    SELECT * FROM judgement
    QUALIFY row_number() OVER (PARTITION BY judging_id, round_id, number, person_id ORDER BY writing DESC) = 1
) said JOIN people p USING (person_id)
WHERE NOT EXISTS (  -- what was said after it was taken back is said anew
    SELECT 1 FROM withdrawn w WHERE w.manner <> 'shown'
    AND (w.writing >= said.writing OR w.manner = 'hidden' AND w.moderating)
    AND w.what_id = said.judging_id || '/' || said.person_id
);
