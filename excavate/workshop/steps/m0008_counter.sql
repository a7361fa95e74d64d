-- Counter-datasets: what a room makes against an absence, and what was released of it.
CREATE TABLE plan (  -- of a counter-dataset; each row is a version of it
    -- as every row
    plan_id      VARCHAR NOT NULL,           -- the row_id of its first row
    name         VARCHAR NOT NULL,           -- small Latin letters: of folders and citations
    title_ko     VARCHAR NOT NULL,
    title_en     VARCHAR NOT NULL,
    answers      VARCHAR NOT NULL,           -- JSON: [absence_id], which absences it answers
    statement_ko VARCHAR NOT NULL,
    statement_en VARCHAR NOT NULL,
    wanted       VARCHAR NOT NULL,           -- JSON: [{"what", "count"}], how many of what
    excluded_ko  VARCHAR NOT NULL,           -- what it will not contain
    excluded_en  VARCHAR NOT NULL,
    licence      VARCHAR NOT NULL,           -- a code of counter/licences.toml
    consent_ko   VARCHAR NOT NULL,           -- what contributors agree to
    consent_en   VARCHAR NOT NULL,
    decides      VARCHAR NOT NULL,           -- who decides what goes in
    against      VARCHAR NOT NULL            -- the dataset it answers; empty: none in particular
);
CREATE TABLE member (
    -- as every row
    member_id     VARCHAR NOT NULL,          -- the row_id of its first row
    plan_id       VARCHAR NOT NULL,
    kind          VARCHAR NOT NULL,          -- chosen, drawn, uploaded, empty
    item_id       VARCHAR,                   -- of a chosen one: what it was in the catalog
    item_sha256   VARCHAR,
    item_revision VARCHAR,
    sha256        VARCHAR,                   -- of its file in media/: drawn and uploaded
    strokes       VARCHAR,                   -- JSON, counter/strokes.py: how it was drawn
    label         VARCHAR,                   -- what its maker calls it, where the dataset has a word
    reason        VARCHAR NOT NULL,          -- why it is in; of an empty place its caption
    language      VARCHAR NOT NULL,          -- of label and reason
    alt_ko        VARCHAR NOT NULL,
    alt_en        VARCHAR NOT NULL,
    found_by      VARCHAR NOT NULL,          -- JSON: {"way": lasso, search, neighbours, finding, drawing, file, place; …}
    removed       VARCHAR NOT NULL           -- JSON: [what of the file's own record was taken out]
);
CREATE TABLE member_rights (
    -- as every row
    member_id           VARCHAR NOT NULL,
    batch_id            VARCHAR NOT NULL,    -- rights given once for several share it
    creator             VARCHAR NOT NULL,
    source              VARCHAR NOT NULL,
    licence             VARCHAR NOT NULL,    -- a code of counter/licences.toml; empty: none stated
    ground              VARCHAR NOT NULL,    -- quotation, fair-use, public-interest; empty: none
    ground_reason       VARCHAR NOT NULL,
    contributor_consent VARCHAR NOT NULL,    -- given, not-needed; empty: nobody said
    consent_version     VARCHAR NOT NULL,    -- the row_id of the plan whose text was agreed to
    depicted_consent    VARCHAR NOT NULL,    -- nobody, given, public, refused; empty: nobody said
    depicted_version    VARCHAR NOT NULL,
    unknowns            VARCHAR NOT NULL     -- JSON: {column: {"by", "because"}}: decided to be unknown
);
CREATE TABLE member_place (  -- where a made picture landed beside what is there
    -- as every row
    member_id VARCHAR NOT NULL,
    layout_id VARCHAR NOT NULL,
    encoder   VARCHAR NOT NULL,              -- its identity
    x         DOUBLE NOT NULL,
    y         DOUBLE NOT NULL,
    nearest   VARCHAR NOT NULL               -- JSON: [[item_id, similarity]], in embedding space
);
CREATE TABLE left_out (
    -- as every row
    member_id VARCHAR NOT NULL,
    plan_id   VARCHAR NOT NULL,
    out       BOOLEAN NOT NULL,
    reason    VARCHAR NOT NULL,              -- printed in the release
    language  VARCHAR NOT NULL
);
CREATE TABLE curation (  -- each row is a version of a plan's whole order
    -- as every row
    plan_id VARCHAR NOT NULL,
    rooms   VARCHAR NOT NULL                 -- JSON, counter/curating.py
);
CREATE TABLE released (
    -- as every row
    plan_id  VARCHAR NOT NULL,
    version  VARCHAR NOT NULL,
    checksum VARCHAR NOT NULL,               -- of the release's checksums file
    members  VARCHAR NOT NULL                -- JSON: {members, printed, as_of}: what went out, release/released.py
);
CREATE OR REPLACE VIEW plans AS  -- the newest that was not taken back
SELECT said.*, p.shown_name FROM (
    SELECT t.*,
        (SELECT count(*) FROM plan b WHERE b.plan_id = t.plan_id AND b.writing <= t.writing) AS version FROM plan t
    WHERE NOT EXISTS (
        SELECT 1 FROM withdrawn w WHERE w.manner <> 'shown'
        AND (w.writing >= t.writing OR w.manner = 'hidden' AND w.moderating)
        AND w.what_id = 'plan/' || t.plan_id || '/' || t.person_id
    )
    QUALIFY row_number() OVER (PARTITION BY plan_id ORDER BY writing DESC) = 1
) said JOIN people p USING (person_id);
CREATE OR REPLACE VIEW members_now AS
SELECT said.*, p.shown_name FROM (
    SELECT * FROM member
    QUALIFY row_number() OVER (PARTITION BY member_id ORDER BY writing DESC) = 1
) said JOIN people p USING (person_id)
WHERE member_id NOT IN (SELECT what_id FROM withdrawn WHERE manner <> 'shown');
CREATE OR REPLACE VIEW rights_now AS  -- the newest that was not taken back
SELECT said.*, p.shown_name FROM (
    SELECT t.* FROM member_rights t
    WHERE NOT EXISTS (
        SELECT 1 FROM withdrawn w WHERE w.manner <> 'shown'
        AND (w.writing >= t.writing OR w.manner = 'hidden' AND w.moderating)
        AND w.what_id = 'member_rights/' || t.member_id || '/' || t.person_id
    )
    QUALIFY row_number() OVER (PARTITION BY member_id ORDER BY writing DESC) = 1
) said JOIN people p USING (person_id);
CREATE OR REPLACE VIEW left_out_now AS  -- the newest that was not taken back
SELECT said.*, p.shown_name FROM (
    SELECT t.* FROM left_out t
    WHERE NOT EXISTS (
        SELECT 1 FROM withdrawn w WHERE w.manner <> 'shown'
        AND (w.writing >= t.writing OR w.manner = 'hidden' AND w.moderating)
        AND w.what_id = 'left_out/' || t.member_id || '/' || t.person_id
    )
    QUALIFY row_number() OVER (PARTITION BY member_id ORDER BY writing DESC) = 1
) said JOIN people p USING (person_id);
CREATE OR REPLACE VIEW curations AS  -- the newest that was not taken back
SELECT said.*, p.shown_name FROM (
    SELECT t.* FROM curation t
    WHERE NOT EXISTS (
        SELECT 1 FROM withdrawn w WHERE w.manner <> 'shown'
        AND (w.writing >= t.writing OR w.manner = 'hidden' AND w.moderating)
        AND w.what_id = 'curation/' || t.plan_id || '/' || t.person_id
    )
    QUALIFY row_number() OVER (PARTITION BY plan_id ORDER BY writing DESC) = 1
) said JOIN people p USING (person_id);
CREATE OR REPLACE VIEW member_places AS
SELECT * FROM member_place
WHERE member_id NOT IN (SELECT what_id FROM withdrawn WHERE manner <> 'shown')
QUALIFY row_number() OVER (PARTITION BY member_id, layout_id ORDER BY writing DESC) = 1;
