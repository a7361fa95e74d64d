"""Signs that end a line for some readers, broken files, large pictures, what hangs alone."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import replace
from pathlib import Path

from excavate.release.annotations import as_annotations, by_absence
from excavate.release.checksums import walked
from excavate.release.gathering import gather
from excavate.release.holding_together import format_faults
from excavate.release.items_parquet import HELD, write
from excavate.release.links import lost_links
from excavate.release.told import told_absence
from excavate.release.verifying import verify
from excavate.release.writing import release
from excavate.workshop.absences import reply
from excavate.workshop.ids import new_id
from excavate.workshop.withdrawing import hide
from tests.release import given
from tests.release.rooms import RIGHTS, Room
from tests.workshop.given import author


def test_a_line_separator_in_words_breaks_no_file_and_is_verified(
    room: Room, tmp_path: Path
) -> None:
    room.plan()
    named = replace(RIGHTS, creator="Mi\u2028rae", source="a note\u2028book")
    room.put("drawn", named, reason="첫 줄\u2028둘째 줄")
    done = release(
        room.site, room.workshop, room.plan_id, tmp_path / "out", formats=["imagefolder"]
    )
    assert verify(done).faults == ()
    lines = (done / "items" / "metadata.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["reason"] for line in lines] == ["첫 줄\u2028둘째 줄"]


def test_a_file_that_breaks_its_reader_is_a_fault_of_it(room: Room, tmp_path: Path) -> None:
    room.plan()
    room.put("drawn")
    done = release(room.site, room.workshop, room.plan_id, tmp_path / "out")
    (done / "manifest.json").write_text("[" * 100_000)
    places = {one.place for one in verify(done).faults}
    assert "manifest.json" in places


def test_pictures_of_styles_and_of_other_sizes_are_looked_for(tmp_path: Path) -> None:
    (tmp_path / "there.png").touch()
    page = tmp_path / "page.html"
    page.write_text(
        '<style>a { background: url("gone.png") } b { src: url(data:font/woff2;base64,aa) }</style>'
        '<img srcset="there.png 1x, wide.png 2x"><p style="background:url(https://a.kr/x.png)">'
        "url(no.png)</p>"
    )
    assert list(lost_links(page, tmp_path)) == [
        "names gone.png, which is not there",
        "names wide.png, which is not there",
        "would fetch https://a.kr/x.png from elsewhere",
    ]


def test_large_pictures_are_held_a_few_at_a_time_and_verified_one_by_one(tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    (tmp_path / "items").mkdir()
    content, plates = os.urandom(HELD // 3), []
    for number in range(1, 8):
        file = f"items/{number:04d}.png"
        (tmp_path / file).write_bytes(content)
        one = replace(given.PLATES[1], number=number, file=file, member=replace(
            given.DRAWN, strokes=""), sha256=hashlib.sha256(content).hexdigest())  # fmt: skip
        plates.append(one)
    write(given.contents(plates=tuple(plates)), tmp_path)
    table = pq.ParquetFile(tmp_path / "items.parquet").metadata
    groups = [table.row_group(at).num_rows for at in range(table.num_row_groups)]
    assert groups == [3, 3, 1]
    assert format_faults(tmp_path, {name for name, plain in walked(tmp_path) if plain}) == (7, [])


def test_what_hangs_under_an_answer_that_was_taken_back_keeps_its_absence(room: Room) -> None:
    absence = room.absence()
    room.plan(answers=(absence,))
    room.put("empty")
    yu = author("Yu")
    first, under = new_id(), new_id()
    reply(room.workshop, yu, first, absence, "contest", "words that were taken back")
    reply(room.workshop, room.mirae, under, first, "ask", "words under them")
    hide(room.workshop, yu, new_id(), "reply", first)
    contents = gather(room.site, room.workshop, room.plan_id, given.BASE)
    [(canvas, said)] = by_absence(contents).items()
    assert canvas.endswith(absence)
    assert "words under them" in str(said)
    [one] = [made for _canvas, made in as_annotations(contents) if under in made["canonical"]]
    assert one["target"] == canvas  # it points at nothing that is not there
    voices = told_absence(contents, contents.absences[0]).voices
    assert "words under them" in [one.text for one in voices]
    assert "taken back" not in str(contents)


def test_what_is_left_out_and_why_is_told_of_every_table(room: Room, tmp_path: Path) -> None:
    room.everything()
    formats = ["csv", "coco", "labelme", "imagefolder"]
    done = release(room.site, room.workshop, room.plan_id, tmp_path / "out", formats=formats)
    lines = (done / "NOT-HELD.md").read_text("utf-8").splitlines()
    told = [line.split("|")[1].strip() for line in lines if "left out, and why" in line]
    assert sorted(told) == sorted(["parquet", *formats])
