-- What people say is missing, what they rest it on, and what others answer.
CREATE TABLE withdrawal (
    -- as every row
    table_name VARCHAR NOT NULL,             -- of what is withdrawn: absence, reply, find, ...
    what_id    VARCHAR NOT NULL,             -- its id, as withdrawing.WITHDRAWABLE says it
    manner     VARCHAR NOT NULL,             -- hidden, erased; shown: taken back
    moderating BOOLEAN NOT NULL              -- by a reviewer; FALSE: by the one who gave it
);
CREATE TABLE absence (
    -- as every row
    absence_id VARCHAR NOT NULL,             -- the row_id of its first row
    statement  VARCHAR NOT NULL,             -- in the author's language
    language   VARCHAR NOT NULL,
    about_kind VARCHAR NOT NULL,             -- dataset, item, part, category, cell, finding, dossier, search, lasso, nothing
    about      VARCHAR NOT NULL,             -- JSON: what it is said of, with the revision it was said at
    stance     VARCHAR,                      -- should exist, should stay absent, not mine to say, undecided; NULL: unsaid
    knownness  VARCHAR,                      -- stated by makers, measured, suspected
    agent      VARCHAR,                      -- who or what made it absent
    position   VARCHAR,                      -- the author's own, if they wish
    visibility VARCHAR NOT NULL,             -- public, group, private
    group_id   VARCHAR,                      -- the group it was said in
    round_id   VARCHAR                       -- the round it was said in
);
CREATE TABLE translation (
    -- as every row
    translation_id VARCHAR NOT NULL,
    absence_id     VARCHAR NOT NULL,
    language       VARCHAR NOT NULL,
    statement      VARCHAR NOT NULL
);
CREATE TABLE sorting (
    -- as every row
    absence_id VARCHAR NOT NULL,
    type       VARCHAR NOT NULL,             -- a code of the vocabulary, or none of these
    round_id   VARCHAR
);
CREATE TABLE stance (
    -- as every row
    absence_id VARCHAR NOT NULL,
    stance     VARCHAR NOT NULL              -- as in absence; each person has their own
);
CREATE TABLE evidence (
    -- as every row
    evidence_id VARCHAR NOT NULL,
    absence_id  VARCHAR NOT NULL,
    kind        VARCHAR NOT NULL,            -- link, finding, item, lasso, dossier
    value       VARCHAR NOT NULL,            -- JSON: what is pointed at, with revision and sha256
    verdict     VARCHAR,                     -- of a lasso: supported, only in the layout, not measured
    measured    VARCHAR                      -- JSON: what the verdict rests on
);
CREATE VIEW withdrawn AS
SELECT * FROM withdrawal
QUALIFY row_number() OVER (PARTITION BY room_id, what_id, moderating ORDER BY writing DESC) = 1;
CREATE OR REPLACE VIEW absences AS
SELECT said.*, p.shown_name FROM (
    SELECT * FROM absence
    QUALIFY row_number() OVER (PARTITION BY absence_id ORDER BY writing DESC) = 1
) said JOIN people p USING (person_id)
WHERE absence_id NOT IN (SELECT what_id FROM withdrawn WHERE manner <> 'shown');
CREATE OR REPLACE VIEW translations AS
SELECT said.*, p.shown_name FROM (
    SELECT * FROM translation
    QUALIFY row_number() OVER (PARTITION BY translation_id ORDER BY writing DESC) = 1
) said JOIN people p USING (person_id)
WHERE translation_id NOT IN (SELECT what_id FROM withdrawn WHERE manner <> 'shown');
CREATE OR REPLACE VIEW sortings AS
SELECT said.*, p.shown_name FROM (
    SELECT * FROM sorting
    QUALIFY row_number() OVER (PARTITION BY absence_id, person_id ORDER BY writing DESC) = 1
) said JOIN people p USING (person_id)
WHERE absence_id NOT IN (SELECT what_id FROM withdrawn WHERE manner <> 'shown')
AND NOT EXISTS (  -- what was said after it was taken back is said anew
    SELECT 1 FROM withdrawn w WHERE w.manner <> 'shown'
    AND (w.writing >= said.writing OR w.manner = 'hidden' AND w.moderating)
    AND w.what_id = 'sorting/' || said.absence_id || '/' || said.person_id
);
CREATE OR REPLACE VIEW stances AS
SELECT said.*, p.shown_name FROM (
    SELECT * FROM stance
    QUALIFY row_number() OVER (PARTITION BY absence_id, person_id ORDER BY writing DESC) = 1
) said JOIN people p USING (person_id)
WHERE absence_id NOT IN (SELECT what_id FROM withdrawn WHERE manner <> 'shown')
AND NOT EXISTS (  -- what was said after it was taken back is said anew
    SELECT 1 FROM withdrawn w WHERE w.manner <> 'shown'
    AND (w.writing >= said.writing OR w.manner = 'hidden' AND w.moderating)
    AND w.what_id = 'stance/' || said.absence_id || '/' || said.person_id
);
CREATE OR REPLACE VIEW evidences AS
SELECT said.*, p.shown_name FROM (
    SELECT * FROM evidence
    QUALIFY row_number() OVER (PARTITION BY evidence_id ORDER BY writing DESC) = 1
) said JOIN people p USING (person_id)
WHERE evidence_id NOT IN (SELECT what_id FROM withdrawn WHERE manner <> 'shown');
CREATE OR REPLACE VIEW finds AS
SELECT said.*, p.shown_name FROM (
    SELECT * FROM find
    QUALIFY row_number() OVER (PARTITION BY find_id ORDER BY writing DESC) = 1
) said JOIN people p USING (person_id)
WHERE find_id NOT IN (SELECT what_id FROM withdrawn WHERE manner <> 'shown');
CREATE OR REPLACE VIEW find_facts AS
SELECT said.*, p.shown_name FROM (
    SELECT * FROM find_fact
    QUALIFY row_number() OVER (PARTITION BY fact_id ORDER BY writing DESC) = 1
) said JOIN people p USING (person_id)
WHERE fact_id NOT IN (SELECT what_id FROM withdrawn WHERE manner <> 'shown');
CREATE OR REPLACE VIEW replies AS
SELECT said.*, p.shown_name FROM (
    SELECT * FROM reply
    QUALIFY row_number() OVER (PARTITION BY reply_id ORDER BY writing DESC) = 1
) said JOIN people p USING (person_id)
WHERE reply_id NOT IN (SELECT what_id FROM withdrawn WHERE manner <> 'shown');
CREATE OR REPLACE VIEW hand_answers AS
SELECT said.*, p.shown_name FROM (
    SELECT * FROM hand_answer
    QUALIFY row_number() OVER (PARTITION BY check_id, number, person_id ORDER BY writing DESC) = 1
) said JOIN people p USING (person_id)
WHERE NOT EXISTS (
    SELECT 1 FROM withdrawn w WHERE w.manner <> 'shown'
    AND (w.writing >= said.writing OR w.manner = 'hidden' AND w.moderating)
    AND w.what_id = 'hand_answer/' || said.check_id || '/' || said.person_id
);
