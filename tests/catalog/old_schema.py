"""The schema of version 1 as it was, without its comments."""

VERSION_1 = """
CREATE TABLE dataset (
    dataset_id      VARCHAR NOT NULL,
    source          VARCHAR NOT NULL,
    options         VARCHAR NOT NULL,
    title           VARCHAR NOT NULL,
    key_rule        VARCHAR NOT NULL,
    fingerprint     VARCHAR NOT NULL,
    source_revision VARCHAR,
    revision        VARCHAR NOT NULL,
    root            VARCHAR,
    licence         VARCHAR,
    homepage        VARCHAR,
    citation        VARCHAR,
    items           BIGINT  NOT NULL,
    code_version    VARCHAR NOT NULL,
    dug_at          TIMESTAMP NOT NULL
);
CREATE TABLE item (
    dataset_id VARCHAR NOT NULL,
    ordinal    BIGINT  NOT NULL,
    item_id    VARCHAR NOT NULL,
    split      VARCHAR NOT NULL,
    key        VARCHAR NOT NULL,
    sha256     VARCHAR,
    width      INTEGER,
    height     INTEGER,
    format     VARCHAR,
    pixels     VARCHAR NOT NULL,
    path       VARCHAR,
    part       VARCHAR,
    licence    VARCHAR,
    creator    VARCHAR,
    source_url VARCHAR
);
CREATE TABLE thumbnail (
    dataset_id VARCHAR NOT NULL,
    ordinal    BIGINT  NOT NULL,
    lossless   BOOLEAN NOT NULL,
    webp       BLOB    NOT NULL USING COMPRESSION uncompressed
);
CREATE TABLE category (
    dataset_id  VARCHAR NOT NULL,
    category_id VARCHAR NOT NULL,
    name        VARCHAR NOT NULL,
    ordinal     INTEGER NOT NULL,
    extra       VARCHAR
);
CREATE TABLE category_parent (
    dataset_id  VARCHAR NOT NULL,
    category_id VARCHAR NOT NULL,
    parent_id   VARCHAR NOT NULL
);
CREATE TABLE label (
    dataset_id  VARCHAR NOT NULL,
    ordinal     BIGINT  NOT NULL,
    position    INTEGER NOT NULL,
    field       VARCHAR NOT NULL,
    value       VARCHAR NOT NULL,
    category_id VARCHAR,
    said_by     VARCHAR NOT NULL
);
CREATE TABLE region (
    dataset_id  VARCHAR NOT NULL,
    ordinal     BIGINT  NOT NULL,
    position    INTEGER NOT NULL,
    kind        VARCHAR NOT NULL,
    x           DOUBLE,
    y           DOUBLE,
    width       DOUBLE,
    height      DOUBLE,
    geometry    VARCHAR,
    value       VARCHAR,
    category_id VARCHAR,
    extra       VARCHAR
);
CREATE TABLE attribute (
    dataset_id VARCHAR NOT NULL,
    ordinal    BIGINT  NOT NULL,
    name       VARCHAR NOT NULL,
    value      VARCHAR,
    said_by    VARCHAR NOT NULL,
    source     VARCHAR NOT NULL,
    added      BOOLEAN NOT NULL
);
CREATE TABLE fault (
    dataset_id VARCHAR NOT NULL,
    ordinal    BIGINT,
    reason     VARCHAR NOT NULL,
    detail     VARCHAR NOT NULL
);
CREATE TABLE building (
    identity   VARCHAR NOT NULL,
    items_done BIGINT  NOT NULL,
    carried    VARCHAR
);
CREATE TABLE catalog_version (schema_version INTEGER NOT NULL);
INSERT INTO catalog_version VALUES (1);
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
CREATE VIEW faults AS
SELECT i.item_id, f.dataset_id, f.ordinal, f.reason, f.detail
FROM fault f LEFT JOIN item i USING (dataset_id, ordinal);
"""
