"""A lens by its name, wherever it is said: no folder of the host leaves it."""

from __future__ import annotations

from pathlib import Path
from shutil import copytree

import pytest

from excavate.embedding.spec import said_name, short_name
from excavate.gaps.label_rows import ERROR
from excavate.gaps.records import record
from excavate.gaps.saying import labels
from excavate.gaps.stored import Finding, findings
from excavate.i18n import LANGUAGES, speak
from excavate.site import Site
from tests.app.findings_made import lay, measured, rows

FILE = "tflite:/home/someone/weights/mobilenet_v1.tflite?output=2"


@pytest.mark.parametrize(
    ("spec", "short", "said"),
    [
        (FILE, "tflite:mobilenet_v1.tflite", "mobilenet_v1"),
        ("onnx:~/a b/clip.onnx", "onnx:clip.onnx", "clip"),
        ("pixels:8", "pixels:8", "pixels:8"),
        ("open_clip:ViT-B-32/laion2b", "open_clip:ViT-B-32/laion2b", "open_clip:ViT-B-32/laion2b"),
        ("mobilenet_v1", "mobilenet_v1", "mobilenet_v1"),
    ],
)
def test_a_spec_is_named_without_the_folders_of_its_file(spec, short, said):
    assert (short_name(spec), said_name(spec)) == (short, said)


@pytest.fixture
def finding(made_site: Path, tmp_path: Path) -> Finding:
    """A finding as versions of before kept it, with the file in its parameters."""
    site = tmp_path / "site"
    copytree(made_site, site)
    given = {"lens": FILE, "voices": [], "tau": 25}
    outcome = measured(rows(2))
    made = lay(
        site,
        "digits",
        type(outcome)(outcome.measure, given, outcome.reference, outcome.rows, outcome.figures, 2),
        given,
    )
    return next(f for f in findings(Site(site).folder) if f.id == made)  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_rows_say_whose_opinion_but_the_lens_only_the_sentence(finding, language):
    speak(language)
    row = {"kind": ERROR, "given": "a", "suggested": "b", "votes": None, "for_given": None,
           "opinion": "probe"}  # fmt: skip
    assert "mobilenet" not in labels.row(finding, row)
    assert labels.opinion(finding, "probe").count("mobilenet_v1") == 1
    assert "/home" not in labels.opinion(finding, "probe")


def test_what_is_given_out_of_an_older_finding_names_no_folder(finding):
    told = record(finding)
    assert told["result"]["parameters"]["lens"] == "mobilenet_v1"
    assert finding.made.result["parameters"]["lens"] == FILE
