"""The tables of people's words: their own columns, who may write them, what they concern.

Every table has row_id, room_id, supersedes, writing, written_at and person_id before its own.
"""

from __future__ import annotations

from dataclasses import dataclass

ROLES = ("gone", "viewer", "participant", "reviewer", "facilitator")  # each may what those before
SHARED = ("row_id", "room_id", "supersedes", "writing", "written_at", "person_id")


@dataclass(frozen=True, slots=True)
class Table:
    """One table. `words` are the columns that erasure overwrites; `key` names what a row is of."""

    columns: tuple[str, ...]
    least: str  # the least role that writes it in a shared room
    topic: (
        str  # what pages listen to: room, finds, board, round, judge, own, counter; labour: no page
    )
    key: str = "row_id"
    words: tuple[str, ...] = ()


TABLES: dict[str, Table] = {
    "room": Table(("kind", "title"), "facilitator", "room", "room_id", ("title",)),
    "person": Table(
        ("shown_name", "language", "consented_to"), "gone", "room", "person_id", ("shown_name",)
    ),
    "media": Table(
        ("sha256", "media_type", "width", "height", "bytes"), "participant", "finds", "sha256"
    ),
    "find": Table(
        ("find_id", "name", "link", "why", "language", "sha256"), "participant", "finds",
        "find_id", ("name", "link", "why", "sha256"),
    ),
    "find_fact": Table(
        ("fact_id", "find_id", "position", "topic", "text", "language", "source"),
        "participant", "finds", "fact_id", ("text", "source"),
    ),
    "reply": Table(
        ("reply_id", "about", "kind", "text", "language"), "participant", "board", "reply_id",
        ("text",),
    ),
    "hand_check": Table(
        ("check_id", "finding_id", "seed", "cases"), "participant", "own", "check_id"
    ),
    "hand_answer": Table(
        ("check_id", "number", "answer"), "participant", "own", "check_id", ("answer",)
    ),
    "membership": Table(("role", "group_id", "given_by"), "gone", "room", "person_id"),
    "link": Table(("token_hash", "kind", "for_person", "ended"), "viewer", "room", "token_hash"),
    "room_terms": Table(
        ("purpose_ko", "purpose_en", "kept_until", "contact"), "facilitator", "room", "room_id"
    ),
    "acknowledgement": Table(("dataset", "revision", "terms"), "facilitator", "room", "dataset"),
    "withdrawal": Table(
        ("table_name", "what_id", "manner", "moderating"), "viewer", "board", "what_id"
    ),
    "absence": Table(
        ("absence_id", "statement", "language", "about_kind", "about", "stance", "knownness",
         "agent", "position", "visibility", "group_id", "round_id"),
        "participant", "board", "absence_id", ("statement", "about", "agent", "position"),
    ),
    "translation": Table(
        ("translation_id", "absence_id", "language", "statement"), "participant", "board",
        "translation_id", ("statement",),
    ),
    "sorting": Table(
        ("absence_id", "type", "round_id"), "participant", "board", "absence_id", ("type",)
    ),
    "stance": Table(("absence_id", "stance"), "participant", "board", "absence_id", ("stance",)),
    "evidence": Table(
        ("evidence_id", "absence_id", "kind", "value", "verdict", "measured"), "participant",
        "board", "evidence_id", ("value", "measured"),
    ),
    "room_group": Table(
        ("group_id", "title", "ended"), "facilitator", "round", "group_id", ("title",)
    ),
    "room_state": Table(("apart",), "facilitator", "round", "room_id"),
    "round": Table(
        ("round_id", "kind", "prompt_ko", "prompt_en", "seconds", "anonymous", "judging_id",
         "place", "page"),
        "facilitator", "round", "round_id", ("prompt_ko", "prompt_en"),
    ),
    "round_act": Table(("round_id", "act", "seconds"), "facilitator", "round", "round_id"),
    "judging": Table(
        ("judging_id", "question_ko", "question_en", "choices", "items", "seed", "drawn"),
        "facilitator", "round", "judging_id", ("question_ko", "question_en", "choices"),
    ),
    "judgement": Table(
        ("judging_id", "round_id", "number", "choice", "reason", "language", "seconds"),
        "participant", "judge", "judging_id", ("choice", "reason"),
    ),
    "labour_choice": Table(("recording",), "participant", "labour", "person_id"),
    "labour": Table(
        ("activity", "about", "started_at", "seconds"), "participant", "labour", "row_id",
        ("activity", "about"),
    ),
    "note": Table(
        ("note_id", "kind", "value", "text", "language", "place", "shown"), "participant", "own",
        "note_id", ("value", "text"),
    ),
    "presentation": Table(
        ("title", "lead", "language", "open"), "participant", "own", "person_id",
        ("title", "lead"),
    ),
    "plan": Table(
        ("plan_id", "name", "title_ko", "title_en", "answers", "statement_ko", "statement_en",
         "wanted", "excluded_ko", "excluded_en", "licence", "consent_ko", "consent_en", "decides",
         "against"),
        "participant", "counter", "plan_id",
        ("title_ko", "title_en", "statement_ko", "statement_en", "wanted", "excluded_ko",
         "excluded_en", "consent_ko", "consent_en", "decides"),
    ),
    "member": Table(
        ("member_id", "plan_id", "kind", "item_id", "item_sha256", "item_revision", "sha256",
         "strokes", "label", "reason", "language", "alt_ko", "alt_en", "found_by", "removed"),
        "participant", "counter", "member_id",
        ("item_id", "item_sha256", "item_revision", "sha256", "strokes", "label", "reason",
         "alt_ko", "alt_en", "found_by", "removed"),
    ),
    "member_rights": Table(
        ("member_id", "batch_id", "creator", "source", "licence", "ground", "ground_reason",
         "contributor_consent", "consent_version", "depicted_consent", "depicted_version",
         "unknowns"),
        "participant", "counter", "member_id", ("creator", "source", "ground_reason", "unknowns"),
    ),
    "member_place": Table(
        ("member_id", "layout_id", "encoder", "x", "y", "nearest"), "participant", "counter",
        "member_id",
    ),
    "left_out": Table(
        ("member_id", "plan_id", "out", "reason", "language"), "participant", "counter",
        "member_id", ("reason",),
    ),
    "curation": Table(("plan_id", "rooms"), "participant", "counter", "plan_id", ("rooms",)),
    "released": Table(("plan_id", "version", "checksum", "members"), "reviewer", "counter",
                      "plan_id"),
}  # fmt: skip
# Names of tables and columns are our own, from above: nothing that a person gave comes in here.
INSERTS = {
    name: f"INSERT INTO {name} VALUES ({', '.join(f'${c}' for c in (*SHARED, *table.columns))})"  # noqa: S608
    for name, table in TABLES.items()
}
LAST = {name: f"coalesce((SELECT max(writing) FROM {name}), 0)" for name in TABLES}  # noqa: S608
NEWEST = f"SELECT greatest({', '.join(LAST.values())})"
TOPICS = tuple(sorted({table.topic for table in TABLES.values()}))
# A withdrawal also concerns what is withdrawn.
OF_WITHDRAWN = "coalesce((SELECT max(writing) FROM withdrawal WHERE table_name IN ({})), 0)"
NEWEST_OF = {
    topic: "SELECT greatest(0, {}, {})".format(
        OF_WITHDRAWN.format(", ".join(f"'{name}'" for name in names)),
        ", ".join(LAST[name] for name in names),
    )
    for topic in TOPICS
    for names in ([name for name, table in TABLES.items() if table.topic == topic],)
}
