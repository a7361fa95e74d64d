"""What is said of the tables is what the file holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from excavate.errors import NotAllowedError
from excavate.workshop.ids import new_id
from excavate.workshop.store import Row, Workshop
from excavate.workshop.tables import SHARED, TABLES

COLUMNS = """
SELECT t.table_name, list(c.column_name ORDER BY c.column_index)
FROM duckdb_tables() t JOIN duckdb_columns() c USING (table_oid)
WHERE t.table_name <> 'migration' GROUP BY 1
"""


def test_every_table_has_its_columns_in_their_order(tmp_path: Path) -> None:
    workshop = Workshop(tmp_path)
    with workshop.cursor() as cursor:
        held = {name: tuple(columns) for name, columns in cursor.execute(COLUMNS).fetchall()}
    workshop.close()
    assert held == {name: (*SHARED, *table.columns) for name, table in TABLES.items()}
    for table in TABLES.values():
        assert set(table.words) <= set(table.columns)
        assert table.key in (*SHARED, *table.columns)


def test_in_a_shared_room_a_role_decides_what_is_written(tmp_path: Path) -> None:
    workshop = Workshop(tmp_path, shared=True)
    who = new_id()
    person = {"shown_name": "Mirae", "language": "ko", "consented_to": "yes"}
    group = Row("room_group", new_id(), who, {"group_id": "g", "title": "1", "ended": False})
    workshop.write([Row("person", new_id(), who, person)])
    for role, least in (("gone", "participant"), ("participant", "facilitator")):
        if role != "gone":
            entered = {"role": role, "group_id": None, "given_by": None}
            workshop.write([Row("membership", new_id(), who, entered)])
        before = workshop.version
        with pytest.raises(NotAllowedError, match="only a facilitator"):
            workshop.write([group])
        assert workshop.version == before, least
    led = {"role": "facilitator", "group_id": None, "given_by": None}
    workshop.write([Row("membership", new_id(), who, led)])
    workshop.write([group])
    assert workshop.topics["round"] == workshop.version > workshop.topics["room"] > 0
    workshop.close()
