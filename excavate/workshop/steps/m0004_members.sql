-- Who is in a room, as what, and by which link they came; what they are told on entering.
CREATE TABLE membership (
    -- as every row
    role     VARCHAR NOT NULL,               -- viewer, participant, reviewer, facilitator; gone: they left
    group_id VARCHAR,                        -- their breakout group; NULL: none
    given_by VARCHAR                         -- who made them that; NULL: they came in by a link
);
CREATE TABLE link (
    -- as every row
    token_hash VARCHAR NOT NULL,             -- HMAC-SHA256 of the token under the host's key
    kind       VARCHAR NOT NULL,             -- code, facilitator, reviewer, personal
    for_person VARCHAR,                      -- whom a personal link brings back
    ended      BOOLEAN NOT NULL
);
CREATE TABLE room_terms (
    -- as every row
    purpose_ko VARCHAR NOT NULL,             -- what is recorded, and what for
    purpose_en VARCHAR NOT NULL,
    kept_until VARCHAR NOT NULL,             -- a date, or in words
    contact    VARCHAR NOT NULL              -- whom to ask
);
CREATE TABLE acknowledgement (
    -- as every row
    dataset  VARCHAR NOT NULL,
    revision VARCHAR NOT NULL,
    terms    VARCHAR NOT NULL                -- the terms of redistribution as they were shown, JSON
);
CREATE VIEW members AS
SELECT m.*, p.shown_name, p.language FROM (
    SELECT * FROM membership
    QUALIFY row_number() OVER (PARTITION BY room_id, person_id ORDER BY writing DESC) = 1
) m LEFT JOIN people p USING (person_id);  -- who only looks has given no name
CREATE VIEW links AS
SELECT * FROM link
QUALIFY row_number() OVER (PARTITION BY room_id, token_hash ORDER BY writing DESC) = 1;
CREATE VIEW terms_of_rooms AS
SELECT * FROM room_terms
QUALIFY row_number() OVER (PARTITION BY room_id ORDER BY writing DESC) = 1;
