"""A site that was dug, and a room in it whose counter-dataset may go out."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image

from excavate.counter.curating import curate
from excavate.counter.leaving_out import leave_out
from excavate.counter.members import add_member
from excavate.counter.plans import write_plan
from excavate.counter.records import GivenMember, GivenPlan, GivenRights, Hung, WallRoom
from excavate.counter.rights import give_rights
from excavate.digging import dig
from excavate.site import Site
from excavate.workshop.absences import GivenAbsence, reply, say
from excavate.workshop.authors import Author
from excavate.workshop.ids import new_id
from excavate.workshop.store import Workshop
from tests.made import encoded, picture
from tests.workshop.given import author

STROKES = json.dumps(
    {"width": 100, "height": 100, "strokes": [
        {"pen": "pen", "width": 8, "points": [[20, 20, 0.5, 0], [80, 30, 0.7, 40]]},
        {"pen": "pen", "width": 8, "points": [[80, 30, 0.6, 70], [40, 90, 0.6, 90]]},
    ]}
)  # fmt: skip
RIGHTS = GivenRights(
    creator="Mirae", source="made in the room", licence="CC-BY-4.0", contributor_consent="given",
    depicted_consent="nobody",
)  # fmt: skip
CATALOGUED = GivenRights(
    creator="Somebody", licence="CC-BY-4.0", contributor_consent="not-needed",
    depicted_consent="nobody",
)  # fmt: skip


def dug_site(folder: Path, count: int = 4) -> Path:
    """A site with a COCO dataset `signs` of `count` pictures, a box in each; nothing embedded."""
    pictures = folder / "signs"
    pictures.mkdir(parents=True)
    images, annotations = [], []
    for number in range(1, count + 1):
        (pictures / f"{number}.png").write_bytes(encoded(picture(number, 40, 30)))
        images.append({"id": number, "file_name": f"{number}.png", "width": 40, "height": 30})
        annotations.append({"id": number, "image_id": number, "category_id": 1,
                            "bbox": [1.5, 2, 10, 11], "iscrowd": 0, "area": 110})  # fmt: skip
    document = {"images": images, "annotations": annotations,
                "categories": [{"id": 1, "name": "간판 sign"}]}  # fmt: skip
    (pictures / "signs.json").write_text(json.dumps(document), "utf-8")
    dig(f"coco:{pictures / 'signs.json'}", folder / "site", images=str(pictures), only="catalogue")
    return folder / "site"


@dataclass
class Room:
    """A workshop with one counter-dataset in it, and ways to put more into it."""

    site: Site
    workshop: Workshop
    mirae: Author = field(default_factory=author)
    plan_id: str = field(default_factory=new_id)
    made: list[str] = field(default_factory=list)

    def plan(self, row_id: str | None = None, **more: Any) -> None:
        """Its first version, or the next with something else in it."""
        said = {"name": "whose-hand", "title_ko": "누구의 손이 없는가?",
                "title_en": "Whose hand is missing?", "statement_en": "Left hands.",
                "licence": "CC-BY-4.0", "consent_en": "It may stand in the release."}  # fmt: skip
        given = GivenPlan(self.plan_id, **(said | more))
        write_plan(self.workshop, self.mirae, row_id or self.plan_id, given)

    def put(
        self, kind: str, rights: GivenRights | None = RIGHTS, by: Author | None = None, **more: Any
    ) -> str:
        """A member with its rights; its id."""
        by, member_id = by or self.mirae, new_id()
        ways = {"chosen": "item", "drawn": "drawing", "uploaded": "file", "empty": "place"}
        said: dict[str, Any] = {"reason": "Nobody asked for it", "found_by": {"way": ways[kind]}}
        said |= {"strokes": STROKES} if kind == "drawn" else {}
        said |= {"picture": encoded(picture(len(self.made) + 50))} if kind == "uploaded" else {}
        given = GivenMember(member_id, self.plan_id, kind, **(said | more))
        add_member(self.workshop, by, given, self.site.settings, self.site)
        self.made.append(member_id)
        if rights is not None and kind != "empty":
            self.rights(member_id, rights, by)
        return member_id

    def rights(self, member_id: str, given: GivenRights, by: Author | None = None) -> None:
        """Rights for one member."""
        give_rights(self.workshop, by or self.mirae, new_id(), [member_id], given)

    def absence(self, by: Author | None = None, **more: Any) -> str:
        """An absence, said and answered by somebody else; its id."""
        absence_id = new_id()
        say(self.workshop, by or self.mirae, GivenAbsence(absence_id, "No left hand", **more))
        if more.get("visibility", "public") == "public":
            reply(self.workshop, author("Jun"), new_id(), absence_id, "contest", "왜 그런가요?")
        return absence_id

    def everything(self) -> None:
        """A plan that answers an absence, with members of every kind, hung in two rooms."""
        self.plan(answers=(self.absence(),), against="signs")
        chosen = self.put("chosen", CATALOGUED, item_id="signs/all/1")
        self.put("drawn", label="8", alt_ko="왼쪽으로 기운 8")
        self.put("uploaded", reason="=1+1 | <b>간판</b>")
        empty = self.put("empty", reason="떨리는 손이 올 자리")
        self.put("chosen", None, item_id="signs/all/2")
        self.put("uploaded", GivenRights(
            creator="", source="a school book", ground="quotation", ground_reason="one page",
            contributor_consent="not-needed", depicted_consent="public",
            unknowns={"creator": {"by": "Jun", "because": "the book names nobody"}},
        ))  # fmt: skip
        out = self.put("drawn", None)
        leave_out(self.workshop, self.mirae, new_id(), out, "Its maker asked for it")
        rooms = (
            WallRoom("빈방", "Empty", "글", "text", (Hung(empty, "빈자리", "A place"),)),
            WallRoom("", "Signs", "", "", (Hung(chosen, size="40 x 30 cm", credit="Somebody"),)),
        )
        curate(self.workshop, self.mirae, new_id(), self.plan_id, rooms)


def pixels_of(content: bytes) -> tuple[str, tuple[int, int], bytes]:
    """Mode, size and pixels of a picture."""
    import io

    opened = Image.open(io.BytesIO(content))
    return opened.mode, opened.size, opened.tobytes()
