"""Findings are kept once, whole, and counted; what goes wrong is told and nothing else fails."""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from excavate.digging import dig
from excavate.errors import ExcavateError, SiteError
from excavate.gaps import asking
from excavate.gaps.asked import asked_of, log_of
from excavate.gaps.asking import ask, ask_each, questions
from excavate.gaps.question import Parameter, Question, settled
from excavate.gaps.records import listed, sentence, speaking
from excavate.gaps.registry import REGISTRY
from excavate.gaps.stored import Finding, finding, findings
from excavate.site import Site
from tests.gaps.sites import few, words

ASKED = Question("diversity", "few")


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = few(tmp_path)
    yield made
    made.close()


def test_what_has_no_use_for_a_reference_or_a_lens_refuses_it(site: Site) -> None:
    for name, takes in REGISTRY.items():
        asked = Question(name, "few", reference="few", encoder="nonsense")
        unused = [n for n, has in (("reference few", takes.references),
                                   ("encoder nonsense", takes.lens)) if not has]  # fmt: skip
        if unused:
            with pytest.raises(ExcavateError, match="has no use for the " + ", ".join(unused)):
                ask(site, asked)
    assert findings(site.folder) == []


def test_all_measures_against_a_reference_are_those_that_take_one(site: Site) -> None:
    asked = {q.measure for q in questions(site, "few", reference="few")}
    assert asked == {name for name, entry in REGISTRY.items() if entry.references}


def _ask(folder: str, gate: Any, out: Any) -> None:
    opened = Site(folder)
    gate.wait()
    out.put(ask(opened, ASKED).made.made_at)


def test_two_processes_that_ask_the_same_leave_one_finding(site: Site) -> None:
    spawn = multiprocessing.get_context("spawn")
    gate, out = spawn.Barrier(2), spawn.Queue()
    both = [spawn.Process(target=_ask, args=(str(site.folder.path), gate, out)) for _ in range(2)]
    for one in both:
        one.start()
    times = {out.get(timeout=300) for _ in both}
    for one in both:
        one.join()
    assert times == {ask(site, ASKED).made.made_at}


def test_a_finding_that_stands_is_not_written_again(site: Site) -> None:
    first = ask(site, ASKED)
    stamps = {f: f.stat().st_mtime_ns for f in first.made.file("json").parent.glob(f"{first.id}*")}
    prepared, place = asking.prepared_place(site, ASKED)
    again = asking.keep(place, prepared.answer(lambda *_: None), 1.0)
    assert again.made.made_at == first.made.made_at
    assert {f: f.stat().st_mtime_ns for f in stamps} == stamps


def test_a_catalog_that_changes_meanwhile_keeps_nothing(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare = asking.prepared_place

    def dug_meanwhile(one: Site, question: Question) -> Any:
        prepared, place = prepare(one, question)

        def answer(progress: Any) -> Any:
            outcome = prepared.answer(progress)
            shutil.rmtree(tmp_path / "few" / "a")
            dig(f"folder:{tmp_path / 'few'}", tmp_path / "site", dataset="few", only="catalogue")
            return outcome

        monkeypatch.setattr(asking, "prepared_place", prepare)
        return replace(prepared, answer=answer), place

    monkeypatch.setattr(asking, "prepared_place", dug_meanwhile)
    with pytest.raises(SiteError, match="the catalog changed while it was measured"):
        ask(site, ASKED)
    assert findings(site.folder) == []


def test_a_broken_record_leaves_the_others_and_is_named(site: Site) -> None:
    kept = ask(site, ASKED)
    folder = kept.made.file("json").parent
    (folder / "0000000000000000.json").write_text('{"provenance": ', encoding="utf-8")
    record = json.loads(kept.made.file("json").read_text("utf-8"))
    record["provenance"]["measure"] = "of the future"
    (folder / "1111111111111111.json").write_text(json.dumps(record), encoding="utf-8")
    assert [f.id for f in findings(site.folder)] == [kept.id]
    assert listed(findings(site.folder), site)["unreadable"] == ["0000000000000000.json"]
    assert finding(site.folder, kept.id[:6]).id == kept.id


def test_what_another_version_found_is_not_put_into_todays_words(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = ask(site, ASKED)
    newer = replace(REGISTRY["diversity"], version=REGISTRY["diversity"].version + 1)
    monkeypatch.setitem(REGISTRY, "diversity", newer)
    with speaking("en"):
        assert sentence(kept) == "Measured by another version of this measure: ask again."


def test_rows_that_are_gone_are_told(site: Site) -> None:
    kept = ask(site, ASKED)
    kept.made.file("rows.parquet").unlink()
    with pytest.raises(SiteError, match="the rows of a finding cannot be read"):
        _ = Finding(kept.made).rows


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_a_site_that_cannot_be_written_says_so_before_it_measures(site: Site) -> None:
    site.folder.path.chmod(0o500)
    try:
        with pytest.raises(SiteError, match="a finding cannot be kept"):
            ask(site, ASKED)
    finally:
        site.folder.path.chmod(0o700)


def test_a_folder_that_is_none_says_so_before_it_measures(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    (site.folder.path / "findings").write_text("not a folder")
    with pytest.raises(SiteError, match="a finding cannot be kept"):
        ask(site, ASKED)


def test_all_that_was_asked_is_counted_also_what_failed_and_what_is_gone(site: Site) -> None:
    kept = ask(site, ASKED)
    for _ in range(2):
        list(ask_each(site, [ASKED, Question("diversity", "few", parameters={"bogus": 1})]))
    asked = asked_of(site.folder)
    assert (asked.findings, asked.failed) == (1, 1)
    kept.made.file("json").unlink()
    assert asked_of(site.folder) == asked
    with open(log_of(site.folder), "a", encoding="utf-8") as log:
        log.write('{"id": "ha')
    assert asked_of(site.folder) == asked


def test_whole_numbers_are_not_cut_to_fit() -> None:
    known = {"k": Parameter(5, int, "how many", least=1)}
    for given in (2.7, True, "2.7", "", "nan"):
        with pytest.raises(ExcavateError, match="k: "):
            settled(known, Question("m", "d", parameters={"k": given}))
    for given in (2, 2.0, "2", " 2 "):
        assert settled(known, Question("m", "d", parameters={"k": given})) == {"k": 2}


def test_a_stopped_command_says_how_many_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from typer.testing import CliRunner

    from excavate.cli import app

    words(tmp_path).close()
    real, seen = asking.ask, []

    def stopped(*given: Any, **more: Any) -> Finding:
        if seen:
            raise KeyboardInterrupt
        seen.append(1)
        return real(*given, **more)

    monkeypatch.setattr(asking, "ask", stopped)
    done = CliRunner().invoke(app, ["gaps", "--site", str(tmp_path / "site")])
    assert done.exit_code == 130
    assert "stopped: 1 of" in done.output
    assert "[" in done.output  # the first one is printed already
