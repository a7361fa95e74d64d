"""The certificate of a destroyed room: what went, counted, never said."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from excavate import __version__
from excavate.catalog.folder import replace_text
from excavate.workshop.begun import Erasure

KINDS = {
    "person": ("People's names", "사람들의 이름"),
    "membership": ("Memberships", "참여 기록"),
    "link": ("Links (hashes)", "링크(해시)"),
    "absence": ("Absences", "부재"),
    "translation": ("Translations", "번역"),
    "reply": ("Answers", "답글"),
    "evidence": ("Evidence", "근거"),
    "sorting": ("Sortings", "분류"),
    "stance": ("Stances", "입장"),
    "find": ("Finds", "찾아온 데이터셋"),
    "find_fact": ("Facts of finds", "찾아온 데이터셋의 사실"),
    "media": ("Pictures", "그림"),
    "judging": ("Judgings", "판단 활동"),
    "judgement": ("Judgements", "판단"),
    "hand_check": ("Hand-checks", "눈으로 확인"),
    "hand_answer": ("Answers to hand-checks", "눈으로 확인한 답"),
    "note": ("Notes", "노트"),
    "presentation": ("Presentations", "발표"),
    "labour": ("Labour", "노동 시간"),
    "round": ("Rounds", "라운드"),
    "round_act": ("Openings and closings of rounds", "라운드 열고 닫음"),
    "room_group": ("Groups", "소회의실"),
    "room_state": ("Groups apart or together", "소회의실 상태"),
    "room": ("Rooms", "방"),
    "room_terms": ("Terms shown on entering", "입장할 때 보인 안내"),
    "acknowledgement": ("Acknowledged terms of datasets", "확인한 데이터셋 조건"),
    "withdrawal": ("Withdrawals", "거둔 기록"),
    "labour_choice": ("Choices on labour", "노동 시간 기록 여부"),
    "plan": ("Plans of counter-datasets", "대항 데이터셋 계획"),
    "member": ("Members of counter-datasets", "대항 데이터셋의 구성 항목"),
    "member_rights": ("Rights of members", "구성 항목의 권리"),
    "member_place": ("Where members landed", "구성 항목이 놓인 자리"),
    "left_out": ("Members left out", "빼 둔 구성 항목"),
    "curation": ("Orders of counter-datasets", "대항 데이터셋의 배열"),
    "released": ("Releases that were noted", "적어 둔 공개본"),
}
NOT_RECALLED = {
    "en": "Not recalled: releases that were handed on or lie outside this site, exports and copies "
    "that left it, backups that the host's own system makes, and blocks that a disk has freed but "
    "not overwritten.",
    "ko": "거둬들이지 못한 것: 이미 건넸거나 이 사이트 밖에 있는 공개본, "
    "이 사이트 밖으로 나간 내보내기와 사본, 호스트의 시스템이 따로 만드는 백업, "
    "디스크가 비웠지만 덮어쓰지 않은 자리.",
}


def certificate(erasure: Erasure, backups: Sequence[str], at: datetime) -> dict[str, Any]:
    """What was destroyed, by kind and count; hashes of media; nothing of what was said."""
    return {
        "certificate": "excavate workshop destroy",
        "room_id": erasure.room_id,
        "destroyed_at": f"{at:%Y-%m-%dT%H:%M:%SZ}",
        "code_version": __version__,
        "rows": dict(sorted(erasure.counted.items())),
        "media_sha256": sorted(erasure.media),
        "backups_rewritten": list(backups),
        "releases_removed": sorted(erasure.releases),
        "not_recalled": NOT_RECALLED,
    }


def certificate_text(record: dict[str, Any]) -> str:
    """The same for people, in Korean and in English."""
    return "\n".join([*_part(record, 1), "---\n", *_part(record, 0)])


def write_certificate(folder: Path, erasure: Erasure, backups: Sequence[str]) -> list[Path]:
    """Write it beside the workshop, as JSON and Markdown; returns the files."""
    record = certificate(erasure, backups, datetime.now(UTC))
    files = certificate_files(folder, erasure.room_id)
    replace_text(files[0], json.dumps(record, ensure_ascii=False, indent=1) + "\n")
    replace_text(files[1], certificate_text(record))
    return files


def certificate_files(folder: Path, room_id: str) -> list[Path]:
    """Where the certificate of a room lies: JSON, Markdown."""
    return [folder / f"destroyed-{room_id}.{ending}" for ending in ("json", "md")]


WORDS = (
    ("Certificate of destruction", "Room", "Destroyed (UTC)", "Version of Excavate",
     "Rows destroyed, with their corrections", "Pictures destroyed (SHA-256)",
     "Backups written anew", "Releases removed from this site", "none", "en"),
    ("파기 확인서", "방", "파기한 때(UTC)", "Excavate 버전",
     "파기한 기록 수(고쳐 쓴 것 포함)", "파기한 그림(SHA-256)",
     "새로 쓴 백업", "이 사이트에서 지운 공개본", "없음", "ko"),
)  # fmt: skip


def _part(record: dict[str, Any], korean: int) -> list[str]:
    title, room, when, version, rows, media, backups, releases, none, language = WORDS[korean]
    listed = [f"- {KINDS.get(name, (name, name))[korean]}: {count}"
              for name, count in record["rows"].items()]  # fmt: skip
    return [
        f"# {title}\n",
        f"- {room}: `{record['room_id']}`",
        f"- {when}: {record['destroyed_at']}",
        f"- {version}: {record['code_version']}\n",
        f"## {rows}\n", *(listed or [none]), "",
        f"## {media}\n", *([f"- `{sha}`" for sha in record["media_sha256"]] or [none]), "",
        f"## {backups}\n", *([f"- `{name}`" for name in record["backups_rewritten"]] or [none]),
        "", f"## {releases}\n", *([f"- `{name}`" for name in record["releases_removed"]] or [none]),
        "", record["not_recalled"][language], "",
    ]  # fmt: skip
