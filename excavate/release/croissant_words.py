"""What croissant.json says in sentences: how it came to be, what is missing, whom it shows."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from excavate.release.describing import consents_of, word
from excavate.release.record import Contents
from excavate.release.told import told_measure
from excavate.workshop.absence_types import Words

FILE = Path(__file__).with_name("croissant.toml")


@lru_cache(maxsize=1)
def _file() -> Mapping[str, Any]:
    return tomllib.loads(FILE.read_text("utf-8"))


def column_words(name: str) -> str:
    """What a column of items.parquet holds; empty where its name says it."""
    return str(_file()["columns"].get(name, ""))


def sentence(name: str, **values: str) -> str:
    """A sentence in both languages, English first; what people wrote is put in as it is."""
    return _joined(_said(name, **{key: Words(value, value) for key, value in values.items()}))


def _said(name: str, **values: Words) -> Words:
    held = _file()["sentences"][name]
    en = {key: value.en for key, value in values.items()}
    ko = {key: value.ko for key, value in values.items()}
    return Words(held["en"].format_map(en), held["ko"].format_map(ko))


def _joined(words: Words) -> str:
    return words.en if words.en == words.ko else f"{words.en}\n{words.ko}"


def responsible(contents: Contents) -> dict[str, Any]:
    """The properties of Croissant RAI 1.0 that can be told, by their names there."""
    said = {**_collected(contents), **_annotated(contents), **_limited(contents)}
    return {f"rai:{name}": value for name, value in said.items() if value}


def _collected(contents: Contents) -> dict[str, Any]:
    kinds = _counted(word(f"kind-{plate.member.kind}") for plate in contents.plates)
    return {
        "dataCollection": _joined(_said("dataCollection", counts=kinds)),
        "dataCollectionType": ["Manual Human Curation"],
        "dataCollectionMissingData": missing(contents),
        "dataCollectionTimeframe": _timeframe(contents),
        "dataManipulationProtocol": sentence("manipulation"),
    }


def _annotated(contents: Contents) -> dict[str, Any]:
    encoders = sorted({p.member.place.encoder for p in contents.plates if p.member.place})
    machine = [sentence("machine", encoders=", ".join(encoders))] if encoders else []
    return {
        "dataAnnotationProtocol": [
            sentence(f"annotation-{about}") for about in ("label", "source", "said")
        ],
        "dataAnnotationPlatform": [sentence("platform", version=contents.code_version)],
        "annotationsPerItem": sentence("per-item"),
        "machineAnnotationTools": machine,
    }


def _limited(contents: Contents) -> dict[str, Any]:
    size = sentence("limitations-size", count=f"{len(contents.plates):,}")
    return {
        "dataBiases": list(_measured(contents, measured=True)),
        "dataLimitations": [size, *_measured(contents, measured=False)],
        "personalSensitiveInformation": [
            _joined(_said("personal-depicted", counts=_depicted(contents))),
            sentence("personal-removed"),
            sentence("personal-guess"),
        ],
        "dataReleaseMaintenancePlan": sentence("maintenance", decides=_decides(contents)),
    }


def missing(contents: Contents) -> str:
    """What is missing, by its kind: absences in their own words, empty places, what is left out."""
    absent = [f"“{one.statement}” ({_who(one.shown_name)})" for one in contents.absences]
    empty = [f"“{p.member.reason}”" for p in contents.plates if p.is_empty]
    out = [f"{word(f'kind-{o.member.kind}').en}: “{o.reason}”" for o in contents.left_out]
    given = contents.plan.given
    held = [one for one in (given.excluded_en, given.excluded_ko) if one.strip()]
    lists = {"answers": absent, "kept-empty": empty, "left-out": out, "excluded": held}
    found = [_listed(sentence(name), ones) for name, ones in lists.items() if ones]
    if named := sum(plate.by_reference for plate in contents.plates):
        found.append(sentence("by-reference", count=f"{named:,}"))
    return "\n\n".join(found) or sentence("nothing")


def _listed(head: str, ones: Iterable[str]) -> str:
    return "\n".join([f"{head.replace(chr(10), ' / ')}:", *(f"- {one}" for one in ones)])


def _who(name: str | None) -> str:
    return name or f"{word('unnamed').en} / {word('unnamed').ko}"


def _decides(contents: Contents) -> str:
    return contents.plan.given.decides.strip() or contents.plan.shown_name


def _counted(words: Iterable[Words]) -> Words:
    """How many of each, in both languages."""
    found = Counter((one.en, one.ko) for one in words)
    en = ", ".join(f"{name} {count:,}" for (name, _ko), count in found.items())
    ko = ", ".join(f"{name} {count:,}" for (_en, name), count in found.items())
    return Words(en, ko)


def _depicted(contents: Contents) -> Words:
    made = [plate.member for plate in contents.plates if plate.file]
    return _counted(dict(consents_of(one))["depicted-consent"] for one in made)


def _timeframe(contents: Contents) -> list[str]:
    moments = sorted(plate.member.written_at for plate in contents.plates)
    return [f"{one:%Y-%m-%dT%H:%M:%S}" for one in (moments[:1] + moments[-1:])]


def _measured(contents: Contents, *, measured: bool) -> Iterator[str]:
    """What measuring it again said, or why it was not measured."""
    for one in map(told_measure, contents.measured):
        if one.is_measured is measured:
            same = {name: Words(value, value) for name, value in
                    (("reference", one.reference), ("encoder", one.encoder))}  # fmt: skip
            seen = "measured" if one.encoder else "measured-alone"  # nothing was looked through
            kind = seen if measured else "not-measured"
            yield _joined(_said(kind, measure=one.name, said=one.said, **same))
