"""Drafts from dataset cards and Croissant files: quoted, each with its place, never believed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from excavate.dossiers.checking import check_archive
from excavate.dossiers.drafts import Drafted, draft_from, write_draft
from excavate.dossiers.reading import read_dossier
from excavate.dossiers.scoring import score
from excavate.dossiers.statements import QUOTED, is_answer, licence_kind, quotation
from excavate.errors import ExcavateError, SourceError

CARD = """\
---
pretty_name: Harbour Gulls
license: cc-by-nc-4.0
annotations_creators: [crowdsourced, expert-generated]
source_datasets: [original, extended|other-coast-birds]
language: [en]
task_categories: [image-classification]
dataset_info:
  features:
  - name: image
    dtype: image
  - name: label
    dtype:
      class_label:
        names: {'0': herring gull, '1': black-headed gull}
  splits:
  - {name: train, num_examples: 800}
  - {name: test, num_examples: 200}
---
# Dataset Card for Harbour Gulls
Gulls from one pier.
## Table of Contents
- [Summary](#x)
## Dataset Description
- **Homepage:** https://gulls.example.org/
- **Repository:**
- **Point of Contact:** [Needs More Information]
### Dataset Summary
A thousand gulls, seen from one pier.
## Dataset Structure
### Data Instances
```
# this is no heading
{"image": 1}
```
#### the small configuration
{"image": 2}
## Dataset Creation
### Curation Rationale
[More Information Needed]
### Annotations
#### Who are the annotators?
<!-- fill in -->
Two wardens and a class of pupils.
#### Personal and Sensitive Information
N/A
### Other Known Limitations
No gull at night.
### Weather
It rained.
### Contributions
Thanks to all.
"""


def drafted(folder: Path, text: str, name: str = "README.md") -> Drafted:
    path = folder / "gulls" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, "utf-8")
    return draft_from(path)


def told(made: Drafted) -> list[tuple[str, str, str]]:
    return [(f.topic, f.text.en or "", (f.seen_in or "").removeprefix("gulls/README.md, "))
            for f in made.dossier.fact]  # fmt: skip


def test_a_card_becomes_facts_with_their_places(tmp_path: Path) -> None:
    made = drafted(tmp_path, CARD)
    assert told(made) == [
        ("licence", "license: cc-by-nc-4.0", "license"),
        ("use", "task_categories: image-classification", "task_categories"),
        ("labour_who", "annotations_creators: crowdsourced, expert-generated",
         "annotations_creators"),
        ("ancestors", "source_datasets: original, extended|other-coast-birds",
         "source_datasets"),
        ("counts", "train: 800, test: 200", "dataset_info"),
        ("metadata", "fields: image (image), label (class_label)", "dataset_info, features"),
        ("taxonomy", "2 classes of label: herring gull, black-headed gull", "dataset_info, label"),
        ("names", "Gulls from one pier.", "Dataset Card for Harbour Gulls"),
        ("names", "Homepage: https://gulls.example.org/", "Dataset Description, Homepage"),
        ("names", "A thousand gulls, seen from one pier.", "Dataset Summary"),
        ("metadata", '```\n# this is no heading\n{"image": 1}\n```\nthe small configuration\n'
                     '{"image": 2}', "Data Instances"),
        ("labour_who", "Two wardens and a class of pupils.", "Who are the annotators?"),
        ("gaps", "No gull at night.", "Other Known Limitations"),
    ]  # fmt: skip
    record = made.dossier
    assert (record.id, record.name.en, record.draft) == ("harbour-gulls", "Harbour Gulls", True)
    assert {f.source for f in record.fact} == {"Dataset card of Harbour Gulls"}
    assert {f.status for f in record.fact} == {"seen"}
    assert record.terrain.model_dump(exclude_defaults=True) == {
        "items": 1000, "labour": ["crowd platform"], "licence": "non-commercial",
        "because": {"items": ["harbour-gulls-05"], "labour": ["harbour-gulls-03"],
                    "licence": ["harbour-gulls-01"]},
    }  # fmt: skip
    assert [(c.of, c.number, c.split) for c in record.count] == [
        ("items", 800, "train"), ("items", 200, "test"), ("categories", 2, None),
    ]  # fmt: skip
    assert [(a.name, a.because) for a in record.ancestor] == [("coast-birds", ["harbour-gulls-04"])]
    assert made.left_out == (
        "the YAML keys language", "the section “Weather”", "the section “Contributions”",
    )  # fmt: skip


def test_a_draft_passes_the_check_and_is_told_as_one(tmp_path: Path) -> None:
    made = drafted(tmp_path, CARD)
    path = write_draft(made, tmp_path / "archives")
    assert path.read_text("utf-8").startswith(
        "# A draft that a machine wrote. Its one source: Dataset card of Harbour Gulls.\n"
    )
    checked = check_archive(tmp_path / "archives")
    assert checked.faults == ()
    assert len(checked.remarks) == 1
    assert read_dossier(tmp_path / "archives", "harbour-gulls") == made.dossier
    with pytest.raises(ExcavateError, match=r"there is a dossier already\. Give the draft another"):
        write_draft(made, tmp_path / "archives")


LATER = """\
# Dataset Card for Gulls
<!-- Provide a quick summary. -->
## Dataset Details
### Dataset Description
A thousand gulls.
- **Curated by:** The wardens
- **Funded by [optional]:** The harbour
- **License:** [More Information Needed]
### Dataset Sources [optional]
- **Repository:** [here](https://gulls.example.org/code)
## Uses
### Direct Use
Telling gulls apart.
### Out-of-Scope Use
Shooting them.
## Dataset Structure
One folder a kind.
### Annotations [optional]
#### Annotation process
Twice each.
## Bias, Risks, and Limitations
Only by day.
"""


def test_a_card_of_the_later_form(tmp_path: Path) -> None:
    made = drafted(tmp_path, LATER)
    assert [(topic, text) for topic, text, _ in told(made)] == [
        ("makers", "Curated by: The wardens"),
        ("funder", "Funded by [optional]: The harbour"),
        ("names", "A thousand gulls."),
        ("names", "Repository: [here](https://gulls.example.org/code)"),
        ("use", "Telling gulls apart."),
        ("use", "Shooting them."),
        ("metadata", "One folder a kind."),
        ("labour", "Twice each."),
        ("skews", "Only by day."),
    ]
    assert made.left_out == ()
    assert made.dossier.fact[3].url == "https://gulls.example.org/code"
    assert made.dossier.fact[5].answers == ["uses-unfit"]


def test_several_configurations_are_versions_with_no_total(tmp_path: Path) -> None:
    text = """---
dataset_info:
- {config_name: small, splits: [{name: train, num_examples: 3}]}
- {config_name: large, splits: [{name: train, num_examples: 4}]}
---
"""
    record = drafted(tmp_path, text).dossier
    assert [(c.number, c.version) for c in record.count] == [(3, "small"), (4, "large")]
    assert record.terrain.items is None
    assert record.name.en == "gulls", "without a name it is called as its folder"


EDGES = """---
pretty_name: [[Gulls]]
license: {name: mit}
source_datasets: [original]
annotations_creators: []
size_categories: [More Information Needed]
task_categories: !!binary Z3VsbHM=
dataset_info:
  config_name: default
  download_size: 7
  features: 5
  splits:
  - {name: train, num_examples: yes}
  - {name: [test], num_examples: 2}
  - {name: more, num_examples: 0x8000000000000000}
  - {name: last, num_examples: 3}
---
Before any heading.
## Uses
Seen daily.
# Appendix
More of it.
"""


def test_what_stands_at_the_edges_is_a_fact_or_left_out(tmp_path: Path) -> None:
    made = drafted(tmp_path, EDGES)
    assert made.dossier.name.en == "Appendix"
    assert told(made) == [
        ("ancestors", "source_datasets: original", "source_datasets"),
        ("counts", "last: 3", "dataset_info"),
        ("names", "Before any heading.", "before the first heading"),
        ("names", "More of it.", "Appendix"),
        ("use", "Seen daily.", "Uses"),
    ]
    assert made.dossier.ancestor == []
    assert made.left_out == (
        "the YAML keys pretty_name, license, task_categories",
        "the YAML keys download_size of dataset_info",
    )


def test_every_word_of_a_card_is_in_a_fact_or_left_out(tmp_path: Path) -> None:
    headings = ["", "# Title", "## Uses", "### Odd", "# Other", "## Data Fields", "#### Deep",
                "## Contributions", "# Uses", "# Late"]  # fmt: skip
    text = "".join(f"{head}\nword{n}\n" for n, head in enumerate(headings))
    made = drafted(tmp_path, text)
    said = " ".join(words for _, words, _ in told(made))
    for number, head in enumerate(headings):
        left = f"the section “{head.lstrip('# ')}”" in made.left_out
        assert left != (f"word{number}" in said), head


def bomb(kind: str) -> str:
    """Ten levels of ten aliases each: less than a kilobyte that stands for ten billion."""
    lines = ["a0: &a0 {k: gull}" if kind == "merge" else "a0: &a0 [gull]"]
    for n in range(1, 11):
        inner = ", ".join([f"*a{n - 1}"] * 10)
        lines.append(
            f"a{n}: &a{n} {{<<: [{inner}]}}" if kind == "merge" else f"a{n}: &a{n} [{inner}]"
        )
    return "---\n" + "\n".join(lines) + "\npretty_name: *a10\n---\n## Uses\nOne.\n"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (bomb("list"), "its aliases stand for too much"),
        (bomb("merge"), "its aliases stand for too much"),
        ("---\na: &a [*a]\n---\n", "nested too deeply, or a part of itself"),
        (f"---\na: {'[' * 120}{']' * 120}\n---\n", "nested too deeply, or a part of itself"),
        ("---\na: \x07\n---\n", "malformed"),
    ],
)
def test_yaml_that_stands_for_more_than_it_is(tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(SourceError) as error:
        drafted(tmp_path, text)
    where = tmp_path / "gulls" / "README.md"
    said = f"{where}: its YAML cannot be read ({why}). Mend the head of the card"
    assert str(error.value) == said


def test_aliases_of_a_few_words_are_read(tmp_path: Path) -> None:
    card = "---\nlicense: &l mit\npretty_name: *l\n---\n## Uses\nOne.\n"
    assert drafted(tmp_path, card).dossier.name.en == "mit"


def test_korean_words_stay_korean(tmp_path: Path) -> None:
    made = drafted(tmp_path, "# 갈매기\n## Dataset Summary\n항구의 갈매기 천 마리.\n")
    record = read_dossier(write_draft(made, tmp_path / "archives").parent, made.dossier.id)
    assert record.id == "gulls"
    assert record.name.model_dump() == {"en": None, "ko": "갈매기", "ko_is": "given"}
    assert (record.fact[0].text.ko, record.fact[0].text.en) == ("항구의 갈매기 천 마리.", None)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("README.md", "---\na: [\n---\n", "README.md:3: its YAML cannot be read (expected the"),
        ("README.md", "---\na: 2020-13-01\n---\n", "its YAML cannot be read (month must be in"),
        ("README.md", "---\n- a\n---\n", "its YAML is no table of key: value. Mend the head"),
        ("README.md", "# Nothing\n### Languages\nen\n", "this says nothing that could be a fact"),
        ("README.md", "", "this says nothing that could be a fact. Write the dossier by hand"),
        ("data.csv", "a,b", "a dossier cannot be drafted from this. Give a dataset card"),
        ("m.json", "{", "m.json:1: this is not JSON (Expecting property name"),
        ("m.json", "[]", "this JSON is no Croissant file. Its conformsTo has to name"),
        ("m.json", '{"name": "x"}', "this JSON is no Croissant file"),
        ("m.json", "[" * 100_000, "this nests too deeply"),
        ("m.json", f'{{"conformsTo": {"[" * 600}"croissant"{"]" * 600}}}', "this nests too deeply"),
        (
            "m.json",
            f'{{"conformsTo": "croissant", "description": {"[" * 600}"gulls"{"]" * 600}}}',
            "this nests too deeply",
        ),
        ("m.json", f'{{"version": {"9" * 5_000}}}', "m.json: this is not JSON (malformed)"),
    ],
)
def test_what_cannot_be_drafted_is_told(tmp_path: Path, name: str, text: str, said: str) -> None:
    with pytest.raises(SourceError) as error:
        drafted(tmp_path, text, name)
    assert said in str(error.value)


def test_a_name_that_cannot_be_an_id_asks_for_one(tmp_path: Path) -> None:
    (tmp_path / "새").mkdir()
    path = tmp_path / "새" / "README.md"
    path.write_text("# 갈매기\n## Dataset Summary\n천 마리.\n", "utf-8")
    with pytest.raises(
        ExcavateError, match=r"갈매기.*cannot name a dossier\. Give --id small letters"
    ):
        draft_from(path)
    assert draft_from(path, "gulls").dossier.fact[0].id == "gulls-01"


CROISSANT = {
    "@context": {"@vocab": "https://schema.org/", "rai": "http://mlcommons.org/croissant/RAI/"},
    "@type": "sc:Dataset",
    "conformsTo": "http://mlcommons.org/croissant/1.1",
    "name": "Gulls \ud83d",
    "description": {"@value": "A thousand gulls.", "@language": "en"},
    "license": "https://creativecommons.org/licenses/by/4.0/",
    "url": "https://gulls.example.org/",
    "creator": [{"@type": "Person", "name": "A. Warden"}, {"@type": "Person", "name": "B. Warden"}],
    "sc:funder": {"name": "The harbour"},
    "datePublished": "2019-05-01",
    "keywords": ["birds"],
    "rai:dataBiases": "Only by day.",
    "http://mlcommons.org/croissant/RAI/annotatorDemographics": ["Two wardens."],
    "rai:dataLimitations": "",
    "prov:wasDerivedFrom": {"@id": "https://coast.example.org/birds"},
    "distribution": [{"@id": "gulls.zip", "encodingFormat": "application/zip"}],
    "recordSet": [
        {"@id": "gulls", "field": [{"@id": "gulls/image", "dataType": "sc:ImageObject"}]},
        {"@id": "splits", "dataType": "cr:Split", "data": [{"name": "train"}, {"name": "test"}]},
        {"@id": "kinds", "dataType": "sc:Enumeration", "data": [{"kinds/name": "herring gull"}]},
    ],
}


def test_a_croissant_file_becomes_facts_with_their_places(tmp_path: Path) -> None:
    made = drafted(tmp_path, json.dumps(CROISSANT), "metadata.json")
    facts = [(f.topic, f.text.en, (f.seen_in or "").partition(", ")[2], f.answers)
             for f in made.dossier.fact]  # fmt: skip
    assert facts == [
        ("names", "A thousand gulls.", "description", ["composition-items"]),
        ("names", "url: https://gulls.example.org/", "url", []),
        ("licence", "license: https://creativecommons.org/licenses/by/4.0/", "license", []),
        ("makers", "creator: A. Warden, B. Warden", "creator", []),
        ("funder", "The harbour", "funder", []),
        ("year", "datePublished: 2019-05-01", "datePublished", []),
        ("ancestors", "wasDerivedFrom: https://coast.example.org/birds", "wasDerivedFrom", []),
        ("labour_who", "Two wardens.", "annotatorDemographics", ["rai-annotatorDemographics"]),
        ("skews", "Only by day.", "dataBiases", ["rai-dataBiases"]),
        ("access", "1 files: gulls.zip (application/zip)", "distribution", []),
        ("metadata", "gulls: gulls/image (ImageObject)", "recordSet, gulls", []),
        ("counts", "splits: train, test", "recordSet, splits", ["composition-splits"]),
        ("taxonomy", "kinds: herring gull", "recordSet, kinds", []),
    ]
    record = made.dossier
    assert record.name.en == "Gulls ?"
    assert (record.terrain.year, record.terrain.licence) == (2019, "open")
    assert record.ancestor[0].name == "https://coast.example.org/birds"
    assert record.fact[1].url == "https://gulls.example.org/"
    assert made.left_out == ("the keys keywords",)
    answered = {a.question.id for a in score(record).answers if a.state == "seen"}
    assert {"rai-dataBiases", "motivation-funder", "distribution-when"} <= answered


def test_forms_left_as_they_were_say_nothing() -> None:
    for empty in ("", "  \n", "[More Information Needed]", "[Needs More Information]", "N/A", "...",
                  "<!-- a hint -->", "More information needed.", "[N/A]", "_unknown_"):  # fmt: skip
        assert not is_answer(empty), empty
    for word in ("No.", "0", "None of them", "N/A for gulls", "갈매기"):
        assert is_answer(word), word


def test_a_long_section_is_quoted_in_part_and_says_so() -> None:
    text = quotation("gull " * 1000 + "<!-- hidden -->")
    assert len(text) <= QUOTED + 4
    assert text.endswith("gull […]")
    assert quotation("a &amp; b\r\n\n\n\nc <!-- never closed") == "a & b\n\nc"


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("cc0-1.0", "public domain"), ("CC BY-NC-SA 4.0", "non-commercial"), ("mit", "open"),
        ("https://creativecommons.org/licenses/by-nc/2.0/", "non-commercial"),
        ("https://creativecommons.org/publicdomain/zero/1.0/", "public domain"),
        ("cc-by-sa-4.0", "open"), ("other", "custom terms"), ("whatever", None),
    ],
)  # fmt: skip
def test_kinds_of_licences(words: str, kind: str | None) -> None:
    assert licence_kind(words) == kind


@pytest.mark.shared_data
def test_all_real_cards_and_croissant_files_become_sound_drafts(
    shared: Path, tmp_path: Path
) -> None:
    cards = sorted(shared.glob("hf-dataset-cards/*/README.md"))
    files = sorted(shared.glob("croissant/datasets/1.0/*/metadata.json"))
    assert (len(cards), len(files) >= 20) == (24, True)
    for number, file in enumerate([*cards, *files]):
        write_draft(draft_from(file, f"d{number:02}"), tmp_path)
    checked = check_archive(tmp_path)
    assert checked.faults == ()
    assert checked.dossiers == len(checked.remarks) == len(cards) + len(files)
    texts = [f.text.en or f.text.ko or ""
             for d in range(24) for f in read_dossier(tmp_path, f"d{d:02}").fact]  # fmt: skip
    assert len(texts) > 24 * 10
    assert not any("More Information Needed" in text and len(text) < 30 for text in texts)
