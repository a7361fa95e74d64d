"""Findings as they leave a site: exact tables, a report whose numbers are theirs, all states."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import math
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from excavate.cli import app
from excavate.errors import MissingPartError, NotFoundError, SiteError, SourceError
from excavate.gaps.finding import Figure
from excavate.gaps.numbers import said
from excavate.gaps.records import speaking
from excavate.gaps.registry import REGISTRY, saying_of
from excavate.release.findings_report.citing import citation
from excavate.release.findings_report.document import document
from excavate.release.findings_report.gathered import NOBODY, gather
from excavate.release.findings_report.papers import bibtex, papers_behind, papers_of
from excavate.release.findings_report.setting import html
from excavate.release.findings_report.tables import not_finite, text_of
from excavate.release.findings_report.words import FILE, Words
from excavate.release.findings_report.writing import export
from excavate.site import Site
from excavate.workshop.hand_checks import begin, say
from excavate.workshop.ids import new_id
from excavate.workshop.keeping import back_up
from excavate.workshop.snapshots import read_workshop
from excavate.workshop.store import Workshop
from tests.app.conftest import made_site as made_site
from tests.app.findings_made import lay, measured, rows, unmeasured
from tests.release.findings_found import MARKUP, changed, found_site
from tests.release.test_typesetting import streams
from tests.workshop.given import author

NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


@pytest.fixture(scope="session")
def found(made_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return found_site(made_site, tmp_path_factory.mktemp("findings"))


@pytest.fixture(scope="session")
def exported(found: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    site = Site(found)
    done = export(site, tmp_path_factory.mktemp("out"), eyes=NOBODY, authors=["Kim, Mirae"])
    site.close()
    return done


def said_in(site: Path, language: str) -> Mapping[str, Any]:
    opened = Site(site)
    told = document(opened.folder, gather(opened, None, NOBODY), language, {})
    opened.close()
    return told


def of_measure(told: Mapping[str, Any], title: str) -> Mapping[str, Any]:
    return next(one for key in ("found", "nothing") for one in told[key] if one["title"] == title)


def test_everything_is_there_and_its_checksums_are_right(exported):
    assert exported.name == "findings-found-v1"
    lines = (exported / "checksums.sha256").read_text().splitlines()
    sums = {name: digest for digest, _two, name in (line.partition("  ") for line in lines)}
    files = {p.relative_to(exported).as_posix() for p in exported.rglob("*") if p.is_file()}
    assert set(sums) == files - {"checksums.sha256"}
    for name, digest in sums.items():
        assert hashlib.sha256((exported / name).read_bytes()).hexdigest() == digest
    assert {"report.ko.html", "report.en.pdf", "papers.bib", "CITATION.cff"} <= files
    assert (exported / "report.ko.pdf").read_bytes().startswith(b"%PDF-")


def test_rows_come_back_exactly_from_parquet_and_json_and_csv(found, exported):
    opened = Site(found)
    report = gather(opened, None, NOBODY)
    assert len(report.told) > 8
    for told in report.told:
        folder = exported / told.folder
        kept = told.finding.rows
        assert pq.read_table(folder / "rows.parquet").cast(kept.schema).equals(kept)
        record = json.loads((folder / "finding.json").read_text("utf-8"))
        if kept.num_columns:
            assert pa.Table.from_pylist(record["rows"], kept.schema).equals(kept)
        assert record["provenance"] == told.finding.made.provenance
        text = (folder / "rows.csv").read_text("utf-8-sig")
        lines = list(csv.DictReader(io.StringIO(text, newline="")))
        assert len(lines) == max(1, kept.num_rows)
        assert {line["finding"] for line in lines} == {told.finding.id}
        for language in ("ko", "en"):
            held = record["said"][language]["reference"] or ""
            assert {line[f"held_against_{language}"] for line in lines} == {held}
            why = {bool(line[f"why_not_{language}"]) for line in lines}
            assert why == {not told.finding.is_measured}
        assert (lines[0]["status"] == "not measured") is not told.finding.is_measured
    opened.close()


@given(st.lists(st.floats(allow_nan=True, allow_infinity=True), max_size=5))
def test_where_json_has_no_sign_for_a_number_is_said(values):
    kept = [{"a": {"b": values}}]
    back = json.loads(text_of(kept))
    for where, sign in not_finite(kept):
        at: Any = back
        for step in where[:-1]:
            at = at[step]
        assert at[where[-1]] is None
        at[where[-1]] = float(sign)
    assert [repr(v) for v in back[0]["a"]["b"]] == [repr(v) for v in values]


def forms(value: Any) -> Iterator[str]:
    """Every way in which one of our measures writes a number down."""
    if isinstance(value, Mapping):
        for name, one in value.items():
            yield from (*forms(name), *forms(one))
    elif isinstance(value, list | tuple):
        yield f"{len(value)}"
        for one in value:
            yield from forms(one)
    elif isinstance(value, str):
        yield from NUMBER.findall(value)
    elif isinstance(value, int | float) and math.isfinite(value):
        ways = (f"{value:,}", f"{value:.1%}", f"{value:.0%}", said(value), said(value, True),
                f"{value:.3f}", f"{value:.2f}", f"{value:.1f}")  # fmt: skip
        for way in ways:
            yield from NUMBER.findall(way)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_number_of_the_prose_stands_in_the_exported_rows(found, exported, language):
    told = said_in(found, language)
    seen = 0
    for one in (*told["found"], *told["nothing"]):
        record = json.loads((exported / one["folder"] / "finding.json").read_text("utf-8"))
        there = set(forms(record)) | {"95"}
        prose = [one["sentence"], *(f"{row['said']} {row['number']}" for row in one["rows"])]
        prose += [f"{figure['value']} {figure['interval']}" for figure in one["figures"]]
        numbers = [n for text in prose for n in NUMBER.findall(text)]
        assert [n for n in numbers if n not in there] == [], one["title"]
        seen += len(numbers)
    assert seen > 40


def test_where_a_row_changes_the_prose_follows(found, tmp_path):
    site = tmp_path / "site"
    shutil.copytree(found, site)
    before = of_measure(said_in(found, "en"), "Intersections")
    changed(site, before["id"], rows(3, value="Euljiro"))
    after = of_measure(said_in(site, "en"), "Intersections")
    assert MARKUP in before["rows"][0]["said"]
    assert "Euljiro" in after["rows"][0]["said"]
    assert before["sentence"] != after["sentence"]


def test_how_much_was_asked_is_counted_from_what_is_exported(found, exported):
    told = said_in(found, "en")
    lines = list(csv.DictReader((exported / "findings.csv").open(encoding="utf-8-sig")))
    main = [line for line in lines if line["another_setting"] == "false"]
    states = {state: sum(line["status"] == state for line in main) for state in
              ("found", "nothing", "unmeasured")}  # fmt: skip
    assert told["short"][0].startswith(f"{sum(states.values())} findings")
    for state, key in (("found", "found"), ("nothing", "nothing"), ("unmeasured", "unmeasured")):
        assert len(told[key]) == states[state] > 0
    assert len(lines) > len(main)  # the other settings of one are exported, and counted apart


def test_not_measured_is_said_with_its_reason_and_is_never_a_zero(found, exported):
    told = said_in(found, "en")
    whys = {one["why"] for one in told["unmeasured"]}
    assert any("nothing is stated in <i>" in why for why in whys)
    figures = pq.read_table(exported / "figures.parquet").to_pylist()
    findings = pq.read_table(exported / "findings.parquet").to_pylist()
    silent = {one["finding"] for one in findings if one["status"] == "unmeasured"}
    assert silent
    assert not silent & {one["finding"] for one in figures}
    assert all(one["rows"] is None for one in findings if one["finding"] in silent)
    page = (exported / "report.en.html").read_text("utf-8")
    assert page.count('class="hatched"') >= len(silent)


def test_what_is_written_in_a_dataset_stays_text(exported):
    for language in ("ko", "en"):
        page = (exported / f"report.{language}.html").read_text("utf-8")
        assert MARKUP not in page
        assert "&lt;script&gt;" in page
        assert "<script" not in page
        assert not re.search(r'(src|href)="https?://(?!doi\.org|arxiv\.org|knowyourdata)', page)


def test_an_older_revision_and_a_robust_finding_are_said(found):
    told = said_in(found, "en")
    older = [one for one in told["found"] if "Not the revision" in one["facts"][0][1]]
    assert len(older) == 1
    robust = of_measure(told, "Taxonomy")["robust"]
    assert robust["settings"]
    assert of_measure(told, "Duplicates")["robust"] is None


def test_a_finding_of_another_version_is_not_put_into_todays_words(found, monkeypatch):
    monkeypatch.setitem(REGISTRY, "columns", replace(REGISTRY["columns"], version=99))
    told = said_in(found, "en")
    assert [o["title"] for o in told["older"]] == ["Columns"]
    assert told["older"][0]["figures"] == told["older"][0]["rows"] == []
    assert (
        told["older"][0]["sentence"]
        == "Kept from an older version of this measure, and not retold."
    )


def test_what_an_older_version_left_is_not_drawn_and_its_reason_and_settings_are_told(
    found, tmp_path, monkeypatch
):
    """Robustness that lies in the folder is not said to be nobody's question."""
    for name in ("taxonomy", "intersections"):
        monkeypatch.setitem(REGISTRY, name, replace(REGISTRY[name], version=99))
    drawn = []

    def draw(finding: Any, _language: str) -> Mapping[str, bytes]:
        drawn.append(finding.measure)
        raise NotFoundError("this finding has no chart", "x")

    told = said_in(found, "ko")
    assert any("재지 못함: " in one["sentence"] for one in told["older"])
    tried = [one for one in told["older"] if "robustness.json" in one["not_tried"]]
    assert [one["folder"].partition("/")[2].partition("-")[0] for one in tried] == ["taxonomy"]
    site = Site(found)
    folder = export(site, tmp_path, ["en"], draw=draw, eyes=NOBODY)
    site.close()
    assert "duplicates" in drawn
    assert not {"taxonomy", "intersections"} & set(drawn)
    assert (folder / tried[0]["folder"] / "robustness.json").exists()
    assert "and are not retold" in (folder / "report.en.html").read_text("utf-8")


def test_an_estimate_without_an_interval_is_not_called_a_count(found):
    told = of_measure(said_in(found, "en"), "Coverage")
    intervals = {one["name"]: one["interval"] for one in told["figures"]}
    assert intervals["density that is usual"] == "none was estimated"
    assert "none: of the items at hand" in intervals.values()
    tree = of_measure(said_in(found, "ko"), "분류 체계")
    assert any(one["interval"] == "구간을 추정하지 않음" for one in tree["figures"])
    assert any(one["name"] == "share of the lowest categories that hold anything"
               and one["value"].endswith("%") for one in of_measure(said_in(found, "en"),
               "Taxonomy")["figures"])  # fmt: skip


def test_no_cell_of_the_overview_is_a_formula(found, tmp_path):
    site = tmp_path / "site"
    shutil.copytree(found, site)
    lay(site, "digits", measured(rows(1), **{"=HYPERLINK(1)": Figure(2)}), {"tau": 15})
    opened = Site(site)
    folder = export(opened, tmp_path, ["en"], eyes=NOBODY)
    opened.close()
    for name in ("findings", "figures"):
        text = (folder / f"{name}.csv").read_text("utf-8")
        assert text.startswith("\ufeff"), "spreadsheets read Korean by it"
    lines = list(csv.DictReader((folder / "figures.csv").open(encoding="utf-8-sig")))
    assert "'=HYPERLINK(1)" in [line["name"] for line in lines]
    kept = pq.read_table(folder / "figures.parquet")["name"].to_pylist()
    assert "=HYPERLINK(1)" in kept


def test_rows_that_are_damaged_are_named_and_the_others_go_on(found, tmp_path):
    site = tmp_path / "site"
    shutil.copytree(found, site)
    one = of_measure(said_in(found, "en"), "Columns")["id"]
    (site / "findings" / f"{one}.rows.parquet").write_bytes(b"PAR1 no more")
    told = said_in(site, "en")
    assert f"are not in this report (1): {one}" in " ".join(told["short"])
    assert "Columns" not in [o["title"] for o in (*told["found"], *told["nothing"])]
    assert "Duplicates" in [o["title"] for o in (*told["found"], *told["nothing"])]


def test_korean_is_set_in_the_pdf_and_every_word_has_both_languages(found, exported):
    """Every syllable of the front page is one that the PDF's own fonts can be read back by."""
    told = said_in(found, "ko")
    text = streams((exported / "report.ko.pdf").read_bytes())
    assert set(re.findall(r"\+(NanumMyeongjo|Pretendard)[\w-]*", text)) == {
        "NanumMyeongjo", "Pretendard",
    }  # fmt: skip
    shown = {int(sign, 16) for sign in re.findall(r"<([0-9A-Fa-f]{4})>", text)}
    front = "".join([told["title"], told["words"]["lead"], *told["short"], *told["limits"]])
    korean = {ord(sign) for sign in front if "가" <= sign <= "힣"}
    assert len(korean) > 60
    assert korean <= shown
    text = html(told, "en")
    assert 'lang="ko"' in text
    assert "재지 못한 것" in text
    assert "report.en.html" in text
    assert all(Words(language).headings() for language in ("ko", "en"))
    assert FILE.read_text("utf-8").count("ko = ") == FILE.read_text("utf-8").count("en = ")


def test_every_paper_that_a_measure_names_is_in_its_bibliography():
    with speaking("en"):
        for name in REGISTRY:
            meaning = saying_of(name).meaning()
            cited = {(family, year) for family, year in re.findall(
                r"([A-ZÀ-Ý][\wÀ-ÿ-]+)(?:, [A-Z]\w+)*(?: and [A-Z][\w-]+)?(?: et al\.)?,? (\d{4})",
                meaning)}  # fmt: skip
            years = {str(one.year) for one in papers_of([name])}
            people = " ".join(a for one in papers_of([name]) for a in one.authors)
            assert {year for _family, year in cited} <= years, name
            families = {family for family, _year in cited} - {"Turing", "REVISE"}
            assert [family for family in families if family not in people] == [], name


def test_bibtex_has_an_entry_a_paper_and_its_braces_close():
    papers = papers_of(REGISTRY)
    text = bibtex(papers)
    assert text.count("@") == len(papers) == len({one.key for one in papers})
    assert text.count("{") == text.count("}")
    assert "doi = {10.1109/ICDE.2019.00056}" in text


def test_the_citation_names_who_was_named_and_invents_nobody(exported, found, tmp_path):
    kept = yaml.safe_load((exported / "CITATION.cff").read_text("utf-8"))
    assert kept["authors"] == [{"family-names": "Kim", "given-names": "Mirae"}]
    assert kept["cff-version"] == "1.2.0"
    assert kept["references"]
    assert kept["version"] == "1", "the export's own, as its folder says"
    assert "Excavate" in kept["abstract"]
    site = Site(found)
    done = export(site, tmp_path, ["en"], eyes=NOBODY)
    site.close()
    named = yaml.safe_load((done / "CITATION.cff").read_text("utf-8"))["authors"]
    assert named == [{"name": "anonymous"}]
    assert not (done / "report.ko.html").exists()


def test_where_nothing_can_draw_the_report_says_so_and_stands(found, tmp_path):
    def undrawn(_finding: Any, _language: str) -> Mapping[str, bytes]:
        raise MissingPartError("no Chromium was found to draw a chart into a file", "svg")

    site = Site(found)
    done = export(site, tmp_path, ["en"], draw=undrawn)
    site.close()
    page = (done / "report.en.html").read_text("utf-8")
    assert "No figures were drawn (no Chromium was found" in page
    assert "could not be read. That does not mean" in page  # the hand-checks
    assert "<img" not in page


def test_broken_off_it_leaves_nothing_and_the_next_has_the_next_version(found, tmp_path):
    def stopped(_finding: Any, _language: str) -> Mapping[str, bytes]:
        raise KeyboardInterrupt

    def blank(_finding: Any, _language: str) -> Mapping[str, bytes]:
        raise NotFoundError("this finding has no chart", "x")

    site = Site(found)
    with pytest.raises(KeyboardInterrupt):
        export(site, tmp_path, ["en"], draw=stopped)
    assert list(tmp_path.iterdir()) == []
    names = [export(site, tmp_path, ["en"], draw=blank).name for _ in range(2)]
    site.close()
    assert names == ["findings-found-v1", "findings-found-v2"]


def test_a_site_without_findings_is_refused(made_site, tmp_path):
    shutil.copytree(made_site, tmp_path / "bare")
    site = Site(tmp_path / "bare")
    with pytest.raises(SourceError, match="no finding stands"):
        export(site, tmp_path / "to")
    site.close()
    assert not (tmp_path / "to").exists()


def checked(workshop: Workshop, site: Site, finding_id: str) -> None:
    """Two people judge a finding's pictures, and agree on all but one."""
    from excavate.gaps.handcheck import Case

    cases = [Case(0, f"digits/train/{n}", n % 2 == 1) for n in range(6)]
    people = [author("Mirae"), author("Jun")]
    check = begin(workshop, people[0], finding_id, cases, 0)
    for number in range(6):
        for who, one in enumerate(people):
            yes = number % 2 == 0 and (who == 0 or number > 0)
            say(workshop, one, check, number, "yes" if yes else "no", new_id())


def test_the_command_tells_what_two_people_saw_and_from_where_it_read(found, tmp_path):
    site = tmp_path / "site"
    shutil.copytree(found, site)
    told = of_measure(said_in(site, "en"), "Intersections")
    workshop, opened = Workshop(site), Site(site)
    checked(workshop, opened, told["id"])
    opened.close()
    workshop.close()
    with read_workshop(site) as read:
        assert read is not None
        assert read.backup is None
        report = gather(Site(site), read.workshop, read.where)
    hand = next(one.by_hand for one in report.told if one.finding.id == told["id"])
    assert hand == {**hand, "people": 2, "n": 3, "n_controls": 3, "finished": 2}
    assert hand["precision"]["value"] == pytest.approx(2 / 3)
    shown = document(Site(site).folder, report, "en", {})
    assert any("Coefficient of Agreement" in one["said"] for one in shown["papers"])
    cited = citation(report, (), papers_behind(report), 1)["references"]
    assert any("Coefficient of Agreement" in one["title"] for one in cited)
    line = of_measure(shown, "Intersections")["by_hand"]
    assert "66.7" in line
    assert "of 3 pictures" in line
    assert "Mirae" not in json.dumps(shown)
    assert "Hand-checks read from: workshop.duckdb" in " ".join(shown["short"])


def test_a_workshop_that_is_in_use_is_read_from_its_newest_backup(found, tmp_path):
    site = tmp_path / "site"
    shutil.copytree(found, site)
    assert_nobody(site)
    refused = pytest.raises(SiteError, match="wait for its first backup")
    with held(site), refused, read_workshop(site):
        pass
    workshop = Workshop(site)
    back_up(workshop)
    workshop.close()
    with held(site), read_workshop(site) as read:
        assert read is not None
        assert read.backup is not None
        assert read.backup.file.name in read.where


@contextmanager
def held(site: Path) -> Iterator[None]:
    """Another process has the workshop open, as the app does."""
    script = (
        f"from excavate.workshop.store import Workshop as W; w = W({str(site)!r}); "
        "print('open', flush=True); input()"
    )
    process = subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, text=True)  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline() == "open\n"
    try:
        yield
    finally:
        process.communicate("\n", timeout=120)


def assert_nobody(site: Path) -> None:
    with read_workshop(site) as read:
        assert read is None


def test_the_command_refuses_a_language_there_is_none_of(found, tmp_path):
    asked = ["findings", "export", "--site", str(found), "--to", str(tmp_path), "--language", "fr"]
    assert CliRunner().invoke(app, asked).exit_code != 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.browser
def test_figures_are_drawn_as_svg_and_png_and_stand_in_the_report(made_site, tmp_path):
    """By the command, as a researcher runs it; a Chromium draws."""
    site = tmp_path / "drawn"
    shutil.copytree(made_site, site)
    lay(site, "digits", measured(rows(3)), {"tau": 3})
    lay(site, "digits", unmeasured(), {"tau": 4})
    asked = ["findings", "export", "--site", str(site), "--to", str(tmp_path), "--language", "en",
             "--json"]  # fmt: skip
    done = CliRunner().invoke(app, asked)
    assert done.exit_code == 0, done.output
    folder = Path(json.loads(done.stdout.strip().splitlines()[-1])["folder"])
    charts = sorted(folder.rglob("chart.en.svg"))
    assert len(charts) == 1
    page = (folder / "report.en.html").read_text("utf-8")
    for chart in charts:
        assert chart.read_bytes().startswith(b"<svg")
        assert chart.with_suffix(".png").read_bytes().startswith(b"\x89PNG")
        assert f'src="{chart.relative_to(folder).as_posix()}"' in page
