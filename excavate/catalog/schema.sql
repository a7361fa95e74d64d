-- The catalog: what the sources said. One file is one generation; it is never changed after
-- it is published. Items are joined by (dataset_id, ordinal); item_id is the name that people,
-- links and the workshop use, and is stable across rebuilds.

CREATE TABLE dataset (
    dataset_id      VARCHAR NOT NULL,  -- short name, unique in the site
    source          VARCHAR NOT NULL,  -- the source string that digs it
    options         VARCHAR NOT NULL,  -- JSON: split, limit, images, … as they were given
    title           VARCHAR NOT NULL,
    key_rule        VARCHAR NOT NULL,  -- what an item's key is, in the source's own words
    fingerprint     VARCHAR NOT NULL,  -- of the input as read; equal means nothing to dig again
    source_revision VARCHAR,           -- the maker's own version (a commit), where there is one
    revision        VARCHAR NOT NULL,  -- sha256 over items, labels, regions in order
    root            VARCHAR,           -- where the originals lie, seen from the site's folder
    licence         VARCHAR,           -- verbatim; NULL is "not stated"
    homepage        VARCHAR,
    citation        VARCHAR,
    items           BIGINT  NOT NULL,
    code_version    VARCHAR NOT NULL,
    dug_at          TIMESTAMP NOT NULL, -- UTC
    dossier         VARCHAR,           -- the dossier it was dug by, where it was
    withdrawn       VARCHAR            -- the reason given for digging what its makers withdrew
);

CREATE TABLE item (
    dataset_id VARCHAR NOT NULL,
    ordinal    BIGINT  NOT NULL,  -- position in the source's order, from 0
    item_id    VARCHAR NOT NULL,  -- dataset/split/key
    split      VARCHAR NOT NULL,  -- 'all' where the source has none
    key        VARCHAR NOT NULL,
    sha256     VARCHAR,           -- of the file's bytes, or of mode + size + pixels without a file
    width      INTEGER,           -- pixels, EXIF orientation applied
    height     INTEGER,
    format     VARCHAR,           -- JPEG, PNG, …; 'raw' where the source gives pixels
    pixels     VARCHAR NOT NULL,  -- 'read', 'none' (the source has none) or 'fault' (unreadable)
    path       VARCHAR,           -- of the original, relative to the dataset's root
    part       VARCHAR,           -- inside that file: a zip member, or COLUMN:ROW of a Parquet file
    licence    VARCHAR,           -- this item's own, verbatim
    creator    VARCHAR,
    source_url VARCHAR
);

CREATE TABLE thumbnail (
    dataset_id VARCHAR NOT NULL,
    ordinal    BIGINT  NOT NULL,
    lossless   BOOLEAN NOT NULL,  -- true: every pixel of the original, unscaled (256 px or less)
    webp       BLOB    NOT NULL USING COMPRESSION uncompressed  -- longest side at most 256, EXIF orientation applied
);

CREATE TABLE category (
    dataset_id  VARCHAR NOT NULL,
    category_id VARCHAR NOT NULL,  -- the source's own id
    name        VARCHAR NOT NULL,  -- verbatim
    ordinal     INTEGER NOT NULL,  -- the source's order
    extra       VARCHAR            -- JSON: what else the source says of it
);

CREATE TABLE category_parent (
    dataset_id  VARCHAR NOT NULL,
    category_id VARCHAR NOT NULL,
    parent_id   VARCHAR NOT NULL
);

CREATE TABLE label (
    dataset_id  VARCHAR NOT NULL,
    ordinal     BIGINT  NOT NULL,
    position    INTEGER NOT NULL,  -- among this item's labels, from 0
    field       VARCHAR NOT NULL,  -- the source's name for it: label, caption, folder, …
    value       VARCHAR NOT NULL,  -- verbatim
    category_id VARCHAR,           -- where the value is a node of the taxonomy
    said_by     VARCHAR NOT NULL
);

CREATE TABLE region (
    dataset_id  VARCHAR NOT NULL,
    ordinal     BIGINT  NOT NULL,
    position    INTEGER NOT NULL,  -- among this item's regions, from 0
    kind        VARCHAR NOT NULL,  -- box, polygon, mask, circle, line or point
    x           DOUBLE,            -- bounding box in pixels of the original, verbatim
    y           DOUBLE,
    width       DOUBLE,
    height      DOUBLE,
    geometry    VARCHAR,           -- JSON: as REGION_KINDS in model.py says
    value       VARCHAR,           -- the source's label of it, verbatim
    category_id VARCHAR,
    extra       VARCHAR            -- JSON
);

CREATE TABLE attribute (
    dataset_id VARCHAR NOT NULL,
    ordinal    BIGINT  NOT NULL,
    name       VARCHAR NOT NULL,
    value      VARCHAR,            -- verbatim; NULL is "the source left it empty"
    said_by    VARCHAR NOT NULL,   -- source, self, perceived, machine or metadata
    source     VARCHAR NOT NULL,   -- the file or work it was said in
    added      BOOLEAN NOT NULL    -- joined later by a person; kept when the dataset is dug again
);

-- Labels from elsewhere: votes, other people's readings, a machine's. Never the source's own.
CREATE TABLE added_label (
    dataset_id  VARCHAR NOT NULL,
    ordinal     BIGINT  NOT NULL,
    said_by     VARCHAR NOT NULL,  -- self, perceived, machine or metadata
    source      VARCHAR NOT NULL,  -- the work they stand in; with said_by the name of the set
    position    BIGINT  NOT NULL,  -- the set's own order, from 0
    annotator   VARCHAR,           -- a person, a group or a column; NULL where only counts are known
    value       VARCHAR NOT NULL,  -- verbatim
    category_id VARCHAR,           -- where the value is a node of the dataset's taxonomy
    count       BIGINT  NOT NULL   -- how many said so: 1 for one person; 0 is "nobody, of those asked"
);

-- Taxonomies on their own: of no dataset, so that a dataset can be held against them.
CREATE TABLE taxonomy (
    taxonomy     VARCHAR NOT NULL,  -- short name, unique in the site
    source       VARCHAR NOT NULL,  -- what was added: wordnet:DIR, openimages:FILE or a CSV
    revision     VARCHAR NOT NULL,  -- sha256 over nodes and edges in order
    code_version VARCHAR NOT NULL,
    added_at     TIMESTAMP NOT NULL -- UTC
);

CREATE TABLE taxonomy_node (
    taxonomy VARCHAR NOT NULL,
    ordinal  BIGINT  NOT NULL,  -- the source's order, from 0
    node_id  VARCHAR NOT NULL,
    name     VARCHAR NOT NULL,  -- verbatim
    extra    VARCHAR            -- JSON: what else the source says of it
);

CREATE TABLE taxonomy_edge (
    taxonomy VARCHAR NOT NULL,
    child    VARCHAR NOT NULL,
    parent   VARCHAR NOT NULL,
    kind     VARCHAR NOT NULL   -- is-a or part
);

CREATE TABLE fault (
    dataset_id VARCHAR NOT NULL,
    ordinal    BIGINT,             -- the item, where it is about one
    reason     VARCHAR NOT NULL,   -- unreadable, truncated, bomb, missing: of the picture;
                                   -- region-off-picture, mask-missing; left-out: not read at all
    detail     VARCHAR NOT NULL
);

-- The trace of the dig that made this file: what it was asked, how far it is, and which
-- generation's other datasets it has carried over. Read only while the file is being built.
CREATE TABLE building (
    identity   VARCHAR NOT NULL,
    items_done BIGINT  NOT NULL,
    carried    VARCHAR
);

CREATE TABLE catalog_version (schema_version INTEGER NOT NULL);
INSERT INTO catalog_version VALUES (3);

CREATE VIEW items AS
SELECT item_id, dataset_id, split, key, ordinal, sha256, width, height, format, pixels,
       path, part, licence, creator, source_url
FROM item;

CREATE VIEW labels AS
SELECT i.item_id, i.dataset_id, i.split, l.field, l.value, l.category_id, l.said_by,
       l.ordinal, l.position
FROM label l JOIN item i USING (dataset_id, ordinal);

CREATE VIEW regions AS
SELECT i.item_id, i.dataset_id, r.position, r.kind, r.x, r.y, r.width, r.height, r.geometry,
       r.value, r.category_id, r.extra, r.ordinal
FROM region r JOIN item i USING (dataset_id, ordinal);

CREATE VIEW attributes AS
SELECT i.item_id, i.dataset_id, a.name, a.value, a.said_by, a.source, a.added, a.ordinal
FROM attribute a JOIN item i USING (dataset_id, ordinal);

CREATE VIEW added_labels AS
SELECT i.item_id, i.dataset_id, i.split, a.source, a.said_by, a.annotator, a.value,
       a.category_id, c.name AS category, a.count, a.ordinal, a.position
FROM added_label a JOIN item i USING (dataset_id, ordinal)
LEFT JOIN category c ON c.dataset_id = a.dataset_id AND c.category_id = a.category_id;

CREATE VIEW faults AS
SELECT i.item_id, f.dataset_id, f.ordinal, f.reason, f.detail
FROM fault f LEFT JOIN item i USING (dataset_id, ordinal);
