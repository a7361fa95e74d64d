-- Who is in a room, as what, and by which link they came; what they are told on entering.
CREATE TABLE membership (
    -- as every row
    role     VARCHAR NOT NULL,               -- viewer, participant, reviewer, facilitator; gone: they left
    group_id VARCHAR                         -- their breakout group; NULL: none
);
CREATE TABLE link (
    -- as every row
    token_hash VARCHAR NOT NULL,             -- sha256 of the token: the token itself is kept nowhere here
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
) m JOIN people p USING (person_id);
CREATE VIEW links AS
SELECT * FROM link QUALIFY row_number() OVER (PARTITION BY token_hash ORDER BY writing DESC) = 1;
CREATE VIEW terms_of_rooms AS
SELECT * FROM room_terms
QUALIFY row_number() OVER (PARTITION BY room_id ORDER BY writing DESC) = 1;
