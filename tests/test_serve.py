"""`excavate serve`: for oneself, or shared once the datasets' terms were acknowledged."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from excavate.commands.serve import _tell
from excavate.door.links import RoomLinks
from excavate.door.sharing import (
    DatasetTerms,
    acknowledge,
    not_acknowledged,
    terms_of_site,
)
from excavate.serving import is_loopback
from excavate.site import Site
from excavate.workshop.store import Workshop
from tests.made import class_folder

FACT = """
[[fact]]
id = "pets-01"
topic = "licence"
text.en = "May be shown, not handed on."
source = "Its own page"
status = "recalled"
"""
DOSSIER = 'id = "pets"\nkind = "image"\nname.en = "Pets"\n' + FACT


@pytest.fixture(scope="module")
def dug(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from excavate.digging import dig

    root = tmp_path_factory.mktemp("serve")
    class_folder(root / "pets", each=2)
    dig(f"folder:{root / 'pets'}", root / "site", only="catalogue")
    return root / "site"


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that is taken: the command ends where it would begin to serve."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen()
        yield held.getsockname()[1]


def serve(site: Path, secrets: Path, *more: object, typed: str = "") -> tuple[int, str]:
    command = [sys.executable, "-m", "excavate", "serve", "--site", str(site), *map(str, more)]
    env = {**os.environ, "EXCAVATE_SECRETS": str(secrets)}
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, input=typed, env=env
    )
    return done.returncode, done.stderr + done.stdout


def shown_links(site: Path, secrets: Path) -> str:
    command = [sys.executable, "-m", "excavate", "workshop", "links", "--site", str(site)]
    env = {**os.environ, "EXCAVATE_SECRETS": str(secrets)}
    return subprocess.run(command, capture_output=True, text=True, check=True, env=env).stdout


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (("--host", "0.0.0.0"), "without --share it is served to this machine alone"),  # noqa: S104
        (("--host", "example.org"), "Add --share"),
        (("--title", "x", "--new-code"), "--title, --new-code: these are of a shared room"),
    ],
)
def test_alone_it_is_this_machines_alone(dug: Path, tmp_path: Path, given, told) -> None:
    code, said = serve(dug, tmp_path, *given)
    assert code == 1
    assert told in said
    assert not (tmp_path / "secrets.json").exists()


def test_shared_only_after_the_terms_and_asked_once(dug: Path, tmp_path: Path, taken: int) -> None:
    share = ("--share", "--host", "127.0.0.1", "--port", taken)
    code, said = serve(dug, tmp_path, *share, typed="no\n")
    assert code == 1
    assert "redistribution: not stated" in said
    assert "not shared" in said
    assert "join?code" not in said
    code, said = serve(dug, tmp_path, *share, "--title", "Evening", typed="yes\n")
    first = shown_links(dug, tmp_path)
    assert f"http://127.0.0.1:{taken}/join?code=" in first
    assert "cannot serve there" in said
    assert not re.search("/enter/|/join|Room code +[A-Z0-9]", said)  # no terminal: a log
    code, again = serve(dug, tmp_path, *share)
    assert "Sharing is publishing" not in again
    assert shown_links(dug, tmp_path) == first
    serve(dug, tmp_path, *share, "--new-code", "--url", "https://room.example/x/")
    new = shown_links(dug, tmp_path)
    assert "https://room.example/x/join?code=" in new
    assert new.splitlines()[0] != first.splitlines()[0]
    workshop = Workshop(dug, shared=True)
    with workshop.cursor() as cursor:
        rows = cursor.execute("SELECT dataset, person_id, terms FROM acknowledgement").fetchall()
    workshop.close()
    assert [(name, who) for name, who, _terms in rows] == [("pets", None)]
    assert json.loads(rows[0][2])["said"] == []


def test_terms_come_from_the_dossier_and_are_asked_again_when_they_change(tmp_path: Path) -> None:
    class_folder(tmp_path / "pets", each=2)
    (tmp_path / "archives").mkdir()
    (tmp_path / "archives" / "pets.toml").write_text(DOSSIER, encoding="utf-8")
    from excavate.catalog.cataloguing import DigRequest, catalogue
    from excavate.settings import Settings

    asked = DigRequest(f"folder:{tmp_path / 'pets'}", tmp_path / "site", dossier="pets")
    catalogue(asked, Settings())
    site, workshop = Site(tmp_path / "site"), Workshop(tmp_path / "site", shared=True)
    (one,) = terms_of_site(site, tmp_path / "archives")
    assert one.said == ("May be shown, not handed on. (Its own page; unverified)",)
    acknowledge(workshop, [one])
    assert not_acknowledged(workshop, [one]) == []
    (tmp_path / "archives" / "pets.toml").write_text(
        DOSSIER.replace("not handed on", "and handed on"), encoding="utf-8"
    )
    (changed,) = terms_of_site(site, tmp_path / "archives")
    other = DatasetTerms("pets", "another", one.licence, one.state, one.said)
    assert not_acknowledged(workshop, [changed]) == [changed]
    assert not_acknowledged(workshop, [other]) == [other]
    workshop.close()
    site.close()


def test_an_unencrypted_address_is_told_as_such(capsys: pytest.CaptureFixture[str]) -> None:
    links, site = RoomLinks("ABCD-2345", "f", "r"), Path("site")
    _tell(links, "http://192.0.2.7:8501", site, safe=False, alone=True)
    said = capsys.readouterr().err
    assert "unencrypted" in said
    assert "http://192.0.2.7:8501/enter/f" in said
    _tell(links, "https://room.example", site, safe=True, alone=False)
    said = capsys.readouterr().err
    assert "unencrypted" not in said
    assert "/enter/" not in said


def test_what_is_loopback() -> None:
    assert all(map(is_loopback, ("127.0.0.1", "127.8.8.8", "localhost", "::1", "[::1]")))
    assert not any(map(is_loopback, ("0.0.0.0", "::", "192.0.2.1", "example.org", "")))  # noqa: S104
