"""A find as a dossier: a draft for the archive, every word of it brought and unverified."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container

from excavate.dossiers.schema import Dossier
from excavate.workshop.finds import Find, FindFact, Reply

LONGEST_ID = 60  # room for the number of a fact behind it
SAID = {"add": "Added", "contest": "Contested", "ask": "Asked"}


def as_dossier(find: Find, taken: Container[str] = ()) -> Dossier:
    """The find with its facts; what others answered stands as notes beside what they answered."""
    dossier_id = id_of(find, taken)
    facts = [_of_find(find, f"{dossier_id}-01")]
    facts += [_of_fact(find, f, f"{dossier_id}-{n:02d}") for n, f in enumerate(find.facts, 2)]
    name = {"en": find.name}
    if find.language == "ko" or _korean(find.name):
        name |= {"ko": find.name, "ko_is": "given"}
    return Dossier.model_validate({"id": dossier_id, "kind": "image", "name": name, "fact": facts})


def id_of(find: Find, taken: Container[str] = ()) -> str:
    """A dossier's id for it: its name in small Latin letters, else the end of the find's id.

    `taken` are ids of dossiers that are there: none of them is ever written over.
    """
    plain = unicodedata.normalize("NFKD", find.name).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST_ID].strip("-")
    return slug if len(slug) > 1 and slug not in taken else f"find-{find.find_id[-12:]}"


def _of_find(find: Find, fact_id: str) -> dict[str, object]:
    """That somebody brought it, and why."""
    who = f"{find.shown_name}, {find.written_at:%Y-%m-%d}"
    note = "\n".join([find.why, *_answers(find.replies, find.find_id)])
    fact: dict[str, object] = {
        "id": fact_id, "topic": "names", "text": {find.language: find.name}, "source": who,
        "status": "brought", "note": {find.language: note},
    }  # fmt: skip
    return fact | ({"url": find.link} if find.link else {})


def _of_fact(find: Find, fact: FindFact, fact_id: str) -> dict[str, object]:
    who = f"{fact.shown_name}, {fact.written_at:%Y-%m-%d}"
    source = f"{fact.source} ({who})" if fact.source else who
    said: dict[str, object] = {
        "id": fact_id, "topic": fact.topic, "text": {fact.language: fact.text},
        "source": source, "status": "brought",
    }  # fmt: skip
    if fact.source and fact.source.startswith(("http://", "https://")):
        said["url"] = fact.source
    notes = _answers(find.replies, fact.fact_id)
    return said | ({"note": {find.language: "\n".join(notes)}} if notes else {})


def _answers(replies: tuple[Reply, ...], about: str) -> list[str]:
    return [
        f"{SAID[reply.kind]} ({reply.shown_name}): {reply.text}"
        for reply in replies
        if reply.about == about
    ]


def _korean(text: str) -> bool:
    return any("가" <= sign <= "힣" for sign in text)
