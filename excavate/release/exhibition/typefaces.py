"""The typefaces that go along, so that an exhibition looks alike on every machine."""

from __future__ import annotations

import shutil
from pathlib import Path

from excavate.errors import MissingPartError
from excavate.release.typesetting import PACKAGES

SANS = "pretendard/dist/web/static/woff2/Pretendard-{}.woff2"
SERIF = "@fontsource/nanum-myeongjo/files/nanum-myeongjo-korean-{}-normal.woff2"
FACES = (  # family, weight, file in the packages
    ("Pretendard", 400, SANS.format("Regular")),
    ("Pretendard", 600, SANS.format("SemiBold")),
    ("Nanum Myeongjo", 400, SERIF.format(400)),
    ("Nanum Myeongjo", 700, SERIF.format(700)),
)
LICENCES = {
    "Pretendard-LICENSE.txt": "pretendard/dist/LICENSE.txt",
    "NanumMyeongjo-LICENSE.txt": "@fontsource/nanum-myeongjo/LICENSE",
}


def take_typefaces(folder: Path, packages: Path = PACKAGES) -> str:
    """Copy fonts and their licences into `fonts/`; returns the CSS that names them.

    Raises MissingPartError where frontend/node_modules does not hold them.
    """
    wanted = [packages / file for _family, _weight, file in FACES]
    wanted += [packages / file for file in LICENCES.values()]
    if missing := [file.name for file in wanted if not file.is_file()]:
        what = "The typefaces of the exhibition are not installed: " + ", ".join(missing)
        todo = "Run `npm ci` in frontend/ (or `make setup`), then release again"
        raise MissingPartError(what, str(packages), todo)
    (folder / "fonts").mkdir(parents=True, exist_ok=True)
    for name, file in LICENCES.items():
        shutil.copyfile(packages / file, folder / "fonts" / name)
    return "".join(_face(folder, packages, *face) for face in FACES)


def _face(folder: Path, packages: Path, family: str, weight: int, file: str) -> str:
    name = Path(file).name
    shutil.copyfile(packages / file, folder / "fonts" / name)
    return (
        f'@font-face{{font-family:"{family}";font-weight:{weight};font-display:swap;'
        f'src:url("fonts/{name}") format("woff2")}}\n'
    )
