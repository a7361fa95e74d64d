"""The schema of workshop.duckdb, in steps. A step that was published is never changed.

Every table of people's words begins alike: row_id (made by who writes, so that a retry is
harmless), room_id, supersedes (the row this one corrects), writing (counts the transactions;
the order of things, whatever the clock says), written_at (UTC), person_id (who wrote).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from excavate import __version__
from excavate.errors import SiteError

MIGRATION_TABLE = """
CREATE TABLE IF NOT EXISTS migration (
    name         VARCHAR PRIMARY KEY,
    code_version VARCHAR NOT NULL,
    applied_at   TIMESTAMP NOT NULL DEFAULT (epoch_ms(CAST(epoch_ms(now()) AS BIGINT)))
)
"""
APPLIED = "SELECT name FROM migration"
RECORD = "INSERT INTO migration (name, code_version) VALUES (?, ?)"

ROOMS_AND_PEOPLE = """
CREATE TABLE room (
    row_id     VARCHAR PRIMARY KEY,
    room_id    VARCHAR NOT NULL,
    supersedes VARCHAR,
    writing    BIGINT NOT NULL,
    written_at TIMESTAMP NOT NULL,
    person_id  VARCHAR,                 -- NULL: the app itself
    kind       VARCHAR NOT NULL,        -- local: the one of a site that nobody shares
    title      VARCHAR
);
CREATE TABLE person (
    row_id       VARCHAR PRIMARY KEY,
    room_id      VARCHAR NOT NULL,
    supersedes   VARCHAR,
    writing      BIGINT NOT NULL,
    written_at   TIMESTAMP NOT NULL,
    person_id    VARCHAR NOT NULL,
    shown_name   VARCHAR NOT NULL,      -- as they chose to be called
    language     VARCHAR NOT NULL,      -- ko or en
    consented_to VARCHAR NOT NULL       -- the sentence they agreed to, verbatim
);
CREATE VIEW rooms AS
SELECT * FROM room QUALIFY row_number() OVER (PARTITION BY room_id ORDER BY writing DESC) = 1;
CREATE VIEW people AS
SELECT * FROM person
QUALIFY row_number() OVER (PARTITION BY person_id ORDER BY writing DESC) = 1;
"""
FINDS = """
CREATE TABLE media (
    row_id     VARCHAR PRIMARY KEY,
    room_id    VARCHAR NOT NULL,
    supersedes VARCHAR,
    writing    BIGINT NOT NULL,
    written_at TIMESTAMP NOT NULL,
    person_id  VARCHAR NOT NULL,
    sha256     VARCHAR NOT NULL,        -- of the file in media/, as it was re-encoded
    media_type VARCHAR NOT NULL,
    width      INTEGER NOT NULL,
    height     INTEGER NOT NULL,
    bytes      BIGINT NOT NULL
);
CREATE TABLE find (
    row_id     VARCHAR PRIMARY KEY,
    room_id    VARCHAR NOT NULL,
    supersedes VARCHAR,
    writing    BIGINT NOT NULL,
    written_at TIMESTAMP NOT NULL,
    person_id  VARCHAR NOT NULL,
    find_id    VARCHAR NOT NULL,        -- the row_id of its first row
    name       VARCHAR NOT NULL,
    link       VARCHAR,
    why        VARCHAR NOT NULL,        -- why they brought it
    language   VARCHAR NOT NULL,        -- of name and why
    sha256     VARCHAR                  -- a picture in media/
);
CREATE TABLE find_fact (
    row_id     VARCHAR PRIMARY KEY,
    room_id    VARCHAR NOT NULL,
    supersedes VARCHAR,
    writing    BIGINT NOT NULL,
    written_at TIMESTAMP NOT NULL,
    person_id  VARCHAR NOT NULL,        -- who said it; others may add to a find
    fact_id    VARCHAR NOT NULL,        -- the row_id of its first row
    find_id    VARCHAR NOT NULL,
    position   INTEGER NOT NULL,
    topic      VARCHAR NOT NULL,        -- a Topic of dossiers/schema.py
    text       VARCHAR NOT NULL,
    language   VARCHAR NOT NULL,
    source     VARCHAR                  -- where they have it from; NULL: they did not say
);
CREATE TABLE reply (
    row_id     VARCHAR PRIMARY KEY,
    room_id    VARCHAR NOT NULL,
    supersedes VARCHAR,
    writing    BIGINT NOT NULL,
    written_at TIMESTAMP NOT NULL,
    person_id  VARCHAR NOT NULL,
    reply_id   VARCHAR NOT NULL,        -- the row_id of its first row
    about      VARCHAR NOT NULL,        -- the id of what it answers: a find, a fact, a reply
    kind       VARCHAR NOT NULL,        -- add, contest or ask
    text       VARCHAR NOT NULL,
    language   VARCHAR NOT NULL
);
CREATE VIEW finds AS
SELECT f.*, p.shown_name FROM (
    SELECT * FROM find QUALIFY row_number() OVER (PARTITION BY find_id ORDER BY writing DESC) = 1
) f JOIN people p USING (person_id);
CREATE VIEW find_facts AS
SELECT f.*, p.shown_name FROM (
    SELECT * FROM find_fact
    QUALIFY row_number() OVER (PARTITION BY fact_id ORDER BY writing DESC) = 1
) f JOIN people p USING (person_id);
CREATE VIEW replies AS
SELECT r.*, p.shown_name FROM (
    SELECT * FROM reply
    QUALIFY row_number() OVER (PARTITION BY reply_id ORDER BY writing DESC) = 1
) r JOIN people p USING (person_id);
"""

HAND_CHECKS = """
CREATE TABLE hand_check (
    row_id     VARCHAR PRIMARY KEY,
    room_id    VARCHAR NOT NULL,
    supersedes VARCHAR,
    writing    BIGINT NOT NULL,
    written_at TIMESTAMP NOT NULL,
    person_id  VARCHAR NOT NULL,        -- who drew it
    check_id   VARCHAR NOT NULL,        -- the row_id of its first row
    finding_id VARCHAR NOT NULL,
    seed       BIGINT NOT NULL,
    cases      VARCHAR NOT NULL         -- JSON: what is judged, in the order it is shown
);
CREATE TABLE hand_answer (
    row_id     VARCHAR PRIMARY KEY,
    room_id    VARCHAR NOT NULL,
    supersedes VARCHAR,
    writing    BIGINT NOT NULL,
    written_at TIMESTAMP NOT NULL,
    person_id  VARCHAR NOT NULL,
    check_id   VARCHAR NOT NULL,
    number     INTEGER NOT NULL,        -- of the case, from 0
    answer     VARCHAR NOT NULL         -- yes, no or cannot say
);
CREATE VIEW hand_checks AS
SELECT * FROM hand_check
QUALIFY row_number() OVER (PARTITION BY check_id ORDER BY writing DESC) = 1;
CREATE VIEW hand_answers AS
SELECT a.*, p.shown_name FROM (
    SELECT * FROM hand_answer
    QUALIFY row_number() OVER (PARTITION BY check_id, number, person_id ORDER BY writing DESC) = 1
) a JOIN people p USING (person_id);
"""

STEPS = Path(__file__).resolve().parent / "steps"
BEGINNING = "    -- as every row\n"
BEGUN = """    row_id     VARCHAR PRIMARY KEY,
    room_id    VARCHAR NOT NULL,
    supersedes VARCHAR,
    writing    BIGINT NOT NULL,
    written_at TIMESTAMP NOT NULL,
    person_id  VARCHAR,
"""
Migration = Callable[[Any], None]


def m0001_rooms_and_people(connection: Any) -> None:
    """Rooms, and the people in them."""
    connection.execute(ROOMS_AND_PEOPLE)


def m0002_finds(connection: Any) -> None:
    """Finds, what they are said to be, and what others answer."""
    connection.execute(FINDS)


def m0003_hand_checks(connection: Any) -> None:
    """Samples of findings' items, and what people said of them without knowing which is which."""
    connection.execute(HAND_CHECKS)


def m0004_members(connection: Any) -> None:
    """Who is in a room, as what; links, terms, what was acknowledged before sharing."""
    _read(connection, "m0004_members")


def m0005_absences(connection: Any) -> None:
    """What people say is absent, with what it rests on; what was withdrawn is out of the views."""
    _read(connection, "m0005_absences")


def m0006_facilitating(connection: Any) -> None:
    """Groups, rounds, and items that all look at."""
    _read(connection, "m0006_facilitating")


def m0007_own(connection: Any) -> None:
    """Notebooks, presentations, and the time that people gave."""
    _read(connection, "m0007_own")


def m0008_counter(connection: Any) -> None:
    """Counter-datasets: plans, members with their rights, places, order; what was released."""
    _read(connection, "m0008_counter")


MIGRATIONS: tuple[Migration, ...] = (
    m0001_rooms_and_people, m0002_finds, m0003_hand_checks, m0004_members, m0005_absences,
    m0006_facilitating, m0007_own, m0008_counter,
)  # fmt: skip


def migrate(connection: Any, where: str, steps: tuple[Migration, ...] = MIGRATIONS) -> list[str]:
    """Bring a workshop's file up to date, each step whole or not at all.

    Returns the names of the steps taken now. Raises SiteError where the file knows a step that
    this version does not.
    """
    connection.execute(MIGRATION_TABLE)
    applied = {name for (name,) in connection.execute(APPLIED).fetchall()}
    names = [step.__name__ for step in steps]
    unknown = ", ".join(sorted(applied - set(names)))
    if unknown:
        todo = "Open it with the version that wrote it, or a newer one"
        raise SiteError(f"the workshop was written by a newer version ({unknown})", where, todo)
    taken = [step for step in steps if step.__name__ not in applied]
    for step in taken:
        _take(connection, step)
    return [step.__name__ for step in taken]


def _read(connection: Any, name: str) -> None:
    """A step whose tables stand in a file beside this one; each begins as every table does."""
    text = (STEPS / f"{name}.sql").read_text(encoding="utf-8")
    connection.execute(text.replace(BEGINNING, BEGUN))


def _take(connection: Any, step: Migration) -> None:
    connection.begin()
    try:
        step(connection)
        connection.execute(RECORD, [step.__name__, __version__])
    except BaseException:
        connection.rollback()
        raise
    connection.commit()
