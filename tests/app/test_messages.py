"""Both languages are whole: every message of the source has its Korean, none is stale."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from excavate import i18n
from excavate.i18n import LOCALE, _, _n, preferred, speak

PACKAGE = LOCALE.parent
PLACE = re.compile(r"\{[^}]*\}")


def found_in_source() -> set[tuple[str, ...]]:
    """Every literal given to _, N_ and _n; nested in f-strings too, which babel's own misses."""
    found = set()
    for file in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                count = {"_": 1, "N_": 1, "_n": 2}.get(node.func.id, 0)
                texts = [a.value for a in node.args[:count] if isinstance(a, ast.Constant)]
                if count and len(texts) == count:
                    found.add(tuple(texts))
    return found


def catalogue(language: str) -> dict[tuple[str, ...], tuple[str, ...]]:
    with open(LOCALE / language / "LC_MESSAGES" / "excavate.po", "rb") as stream:
        entries = [e for e in read_po(stream, locale=language) if e.id]
    return {
        (e.id,) if isinstance(e.id, str) else tuple(e.id): (e.string,)
        if isinstance(e.string, str)
        else tuple(e.string)
        for e in entries
    }


def test_every_message_has_its_korean_and_none_is_stale():
    source, korean = found_in_source(), catalogue("ko")
    assert len(source) > 100
    assert source - set(korean) == set()
    assert set(korean) - source == set()
    assert [m for m, forms in korean.items() if not all(forms)] == []


def test_korean_keeps_every_place_to_fill():
    for message, forms in catalogue("ko").items():
        for form in forms:
            assert sorted(PLACE.findall(form)) == sorted(PLACE.findall(message[-1])), message


def test_korean_is_korean():
    latin = {"plotly", "SHA", "CLIP", "trustworthiness", "CURRENT", "excavate", "show", "item",
             "image", "ONNX", "TensorFlow", "Lite", "auto", "JPEG", "PNG", "WebP", "TIFF",
             "GIF", "SVG", "TOML", "https", "http", "EXCAVATE", "ARCHIVES", "SECRETS", "CSV", "UTF",
             "USB", "COCO", "Labelme", "ImageFolder", "PDF", "zip",
             "HEIC", "BMP", "AVIF", "EXIF", "sRGB",
             # of the hub, as it is written there
             "NAME", "REVISION", "CONFIG", "ylecun", "mnist", "parquet", "Parquet", "folder",
             "auth", "login", "refs", "convert", "GLOB",
             # how a measure is told what to look at
             "attribute", "label", "tau", "FIELD", "VALUE", "columns", "level", "effort", "nPMI",
             "none",
             # a peer, and its measure
             "DataEval", "Representation",
             # terms beside their Korean, and values that a measure takes
             "density", "coverage", "precision", "recall", "AUC", "DeLong", "width", "counts",
             "undrawn", "repetition", "DATASET", "SPLIT"}  # fmt: skip
    for message, forms in catalogue("ko").items():
        cited = set(re.findall(r"[A-Z][A-Za-zÀ-ÿ]+", message[-1]))  # whoever wrote the paper
        cited = cited if re.search(r"\b(19|20)\d\d\b", message[-1]) else set()
        words = set(re.findall(r"[A-Za-zÀ-ÿ]{3,}", PLACE.sub("", " ".join(forms))))
        assert words <= latin | cited, forms


def test_a_licence_has_one_name_in_korean():
    said = [p for p in PACKAGE.rglob("*.toml") if p.name != "licences.toml"]  # those are titles
    for file in (*said, LOCALE / "ko" / "LC_MESSAGES" / "excavate.po"):
        assert "이용 허락" not in file.read_text("utf-8"), file


def test_english_overrides_only_what_is_in_the_source():
    assert set(catalogue("en")) <= found_in_source()


def test_a_message_is_looked_up_in_the_language_spoken():
    speak("ko")
    assert _("Map") == "지도"
    assert _n("{n} item", "{n} items", 1) == "항목 {n}개"
    speak("en")
    assert _("Map") == "Map"
    assert _n("{n} item", "{n} items", 2) == "{n} items"
    assert speak("fr") == i18n.DEFAULT


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "ko"),
        ("", "ko"),
        ("en-US,en;q=0.9,ko;q=0.8", "en"),
        ("ko-KR,ko;q=0.9,en;q=0.8", "ko"),
        ("fr;q=1.0,en;q=0.3,ko;q=0.4", "ko"),
        ("en;q=0,de", "ko"),
        ("en;q=nonsense", "ko"),
        ("*", "ko"),
    ],
)
def test_the_browser_says_which_language(header, language):
    assert preferred(header) == language


def test_the_locale_folder_holds_both_languages():
    assert {p.name for p in Path(LOCALE).iterdir() if p.is_dir()} == set(i18n.LANGUAGES)
