"""Errors of the floors below, raised by the real code and told in the language of the run."""

from __future__ import annotations

import ast
import re
import shutil
from functools import partial
from pathlib import Path

import pytest

from excavate.embedding.encoders import open_encoder
from excavate.errors import ExcavateError
from excavate.gaps.shelf import shelf
from excavate.gaps.stored import finding
from excavate.i18n import LOCALE, speak
from excavate.pages.error_words import PLACE, SENTENCES, worded
from excavate.release.gate import ORIGINAL_CHANGED
from excavate.settings import Settings
from excavate.site import Site
from tests.app.test_pages import run, text

HANGUL = re.compile("[가-힣]")


def raised_in_source() -> list[re.Pattern[str]]:
    """Every string of the package outside pages/, a pattern where it is filled."""
    found = []
    for file in LOCALE.parent.rglob("*.py"):
        if "pages" in file.parts:
            continue
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.append(re.compile(re.escape(node.value)))
            elif isinstance(node, ast.JoinedStr):
                parts = [re.escape(p.value) if isinstance(p, ast.Constant) else ".*"
                         for p in node.values]  # fmt: skip
                found.append(re.compile("".join(parts)))
    return [pattern for pattern in found if pattern.pattern.strip(".*")]


def test_every_sentence_is_still_raised_somewhere():
    patterns = raised_in_source()
    stale = [s for s in SENTENCES if not any(p.fullmatch(PLACE.sub("X", s)) for p in patterns)]
    assert stale == []


def test_a_fault_that_says_what_to_do_is_told_in_the_language_of_the_run():
    what, todo = ORIGINAL_CHANGED
    speak("ko")
    try:
        said = worded(f"{what}. {todo}")
    finally:
        speak("en")
    assert not re.search("[A-Za-z]", said)
    assert worded(f"{what}. {todo}") == f"{what}. {todo}"


def cut_site(made_site: Path, tmp_path: Path) -> Path:
    """A copy of the made site that may be broken."""
    return Path(shutil.copytree(made_site, tmp_path / "cut"))


def no_embedding(made_site: Path, tmp_path: Path) -> None:
    Site(made_site).embedding("clip:nothing/like-it")


def no_embedding_at_all(made_site: Path, tmp_path: Path) -> None:
    cut = cut_site(made_site, tmp_path)
    shutil.rmtree(cut / "vectors")
    Site(cut).embedding()


def no_layout(made_site: Path, tmp_path: Path) -> None:
    Site(made_site).layout("like-it")


def no_words(made_site: Path, tmp_path: Path) -> None:
    Site(made_site).search(text="a dog")


def no_vector(made_site: Path, tmp_path: Path) -> None:
    Site(made_site).neighbours_of("shapes/all/circle/broken.png")


def no_picture(made_site: Path, tmp_path: Path) -> None:
    Site(made_site).search(image=b"no picture")


def no_current(made_site: Path, tmp_path: Path) -> None:
    cut = cut_site(made_site, tmp_path)
    (cut / "CURRENT").write_text("catalog-999999.duckdb\n", encoding="utf-8")
    Site(cut).datasets()


def no_catalog(made_site: Path, tmp_path: Path) -> None:
    cut = cut_site(made_site, tmp_path)
    (cut / (cut / "CURRENT").read_text("utf-8").strip()).write_bytes(b"no database" * 1000)
    Site(cut).datasets()


def no_file(made_site: Path, tmp_path: Path) -> None:
    open_encoder(f"onnx:{tmp_path}/gone.onnx", Settings())


def other_weights(made_site: Path, tmp_path: Path) -> None:
    site = Site(made_site)
    site._open_encoder("pixels:8", "pixels:8 made elsewhere")


def no_site(made_site: Path, tmp_path: Path) -> None:
    Site(tmp_path / "nowhere")


CASES = (
    (no_embedding, "clip:nothing/like-it"), (no_embedding_at_all, "excavate embed"),
    (no_layout, "excavate layout"), (no_words, "--item"), (no_vector, "pixels:8"),
    (no_picture, "PNG"), (no_current, "catalog-999999.duckdb"), (no_catalog, "not a valid"),
    (no_file, "gone.onnx"), (other_weights, ""), (no_site, "excavate dig digits"),
)  # fmt: skip


@pytest.mark.parametrize(("case", "kept"), CASES, ids=[case.__name__ for case, _ in CASES])
def test_an_error_of_below_is_told_in_korean(made_site, tmp_path, case, kept):
    with pytest.raises(ExcavateError) as caught:
        case(made_site, tmp_path)
    speak("ko")
    told = [worded(caught.value.what), worded(caught.value.todo)]
    assert all(HANGUL.search(part) for part in told), told
    assert kept in " ".join(told)
    speak("en")
    assert worded(caught.value.what) == caught.value.what
    assert worded(caught.value.todo) == caught.value.todo


def test_weights_that_cannot_be_had_are_told_in_korean():
    from excavate.embedding.clip_weights import THREE_WAYS_OUT

    speak("ko")
    told = worded(THREE_WAYS_OUT)
    assert HANGUL.search(told)
    assert "clip:MODEL//path/to/weights.safetensors" in told
    assert "pixels:N, descriptor or onnx:FILE" in told


def test_braces_in_a_cause_are_no_places_to_fill():
    speak("ko")
    assert "{0} {cause}" in worded("cannot be read as a picture ({0} {cause})")
    assert worded("nothing {anyone} foresaw") == "nothing {anyone} foresaw"


@pytest.mark.parametrize("page", ["", "items.py", "map_page.py", "item.py"])
@pytest.mark.parametrize("broken", [no_current, no_catalog])
def test_a_broken_site_is_no_empty_site(made_site, tmp_path, monkeypatch, page, broken):
    with pytest.raises(ExcavateError):
        broken(made_site, tmp_path)
    monkeypatch.setenv("EXCAVATE_SITE", str(tmp_path / "cut"))
    shown = text(run(page, lang="ko", id="digits/all/1"))
    assert 'role="alert"' in shown
    assert "목록" in shown
    assert "아직 굴착한 것이 없습니다" not in shown


def test_a_finding_that_is_not_there_is_told_in_korean(made_site):
    speak("ko")
    for look in (shelf(Site(made_site).folder).one, partial(finding, Site(made_site).folder)):
        with pytest.raises(ExcavateError) as caught:
            look("0123")
        assert worded(caught.value.what) == "그런 분석 결과가 없습니다"
        assert HANGUL.search(worded(caught.value.todo))
        assert "excavate findings list" in worded(caught.value.todo)
