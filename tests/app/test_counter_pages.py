"""Counter, Collect and Hang as a member of the room sees them; in both languages."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from excavate.components.put_link import MOST, carried_items, put_href
from excavate.counter.curating import curation
from excavate.counter.members import members, one_member
from excavate.counter.plans import PLACES, one_plan, plans, write_plan
from excavate.counter.records import GivenRights
from excavate.counter.rights import give_rights
from excavate.counter.strokes import strokes_faults
from excavate.i18n import LANGUAGES, _, _n, speak
from excavate.pages.error_words import worded
from excavate.workshop.ids import new_id
from excavate.workshop.withdrawing import hide
from tests.app.counter_made import STATEMENT, TITLE, absence_of, member_in, plan_in
from tests.app.entering import SharedRoom
from tests.app.test_find import field, press
from tests.app.test_pages import text

IDS = "digits/all/5\ndigits/all/6\ndigits/all/7"


def ticks(app: Any) -> list[Any]:
    return [one for one in app.checkbox if "-tick-" in str(one.key)]


def pills(app: Any, label: str) -> Any:
    return next(one for one in app.pills if one.label == label)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_plan_is_written_and_stands_among_the_plans(
    shared_room: SharedRoom, language: str
) -> None:
    mirae = shared_room.enter("Mirae", language=language)
    absence = absence_of(shared_room, mirae, "우리 손이 없습니다")
    app = shared_room.run("counter.py", mirae, lang=language, new="1", answers=absence)
    speak(language)
    field(app, _("Title")).input("Whose hands?")
    field(app, _("Statement: what it is, and why")).input("Ours <i>")
    field(app, _("How many of what: one on each line, as 'seven: 10'")).input("seven: 10\n여덟 3")
    press(app, _("Write the plan"))
    (plan,) = plans(shared_room.workshop)
    assert plan.given.answers == (absence,)
    assert [(one.what, one.count) for one in plan.given.wanted] == [("seven", 10), ("여덟", 3)]
    shown = text(app)
    assert "Ours &lt;i&gt;" in shown
    assert "우리 손이 없습니다" in shown
    listed = text(shared_room.run("counter.py", mirae, lang=language))
    assert "Whose hands?" in listed
    assert listed.count("exc-answered-absence") == 1


def test_a_plan_is_shown_with_what_is_there_and_nothing_people_wrote_is_markup(
    shared_room: SharedRoom,
) -> None:
    mirae = shared_room.enter("Mirae <u>")
    absence = absence_of(shared_room, mirae, "열네 번째 손 <svg onload=alert(1)>")
    plan = plan_in(shared_room, mirae, absence)
    member_in(shared_room, mirae, plan, label="5")
    member_in(shared_room, mirae, plan, "empty", reason="비워 둔다 <img src=x>")
    shown = text(shared_room.run("counter.py", mirae, id=plan, lang="ko"))
    speak("ko")
    for written in (TITLE, STATEMENT, "열네 번째 손 <svg onload=alert(1)>", "Mirae <u>"):
        assert written not in shown
    assert "&lt;script&gt;" in shown
    assert _("{had} of {wanted}").format(had="1", wanted="4") in shown
    assert "exc-member-empty" in shown
    assert "비워 둔다 &lt;img" in shown
    assert _n("{n} blank", "{n} blank", 5).format(n=5) in shown


def test_what_is_refused_has_no_way_but_an_empty_place(shared_room: SharedRoom) -> None:
    mirae = shared_room.enter("Mirae", language="en")
    refused = absence_of(shared_room, mirae, "We do not give it", "refused")
    other = absence_of(shared_room, mirae, "Nobody looked", "never-collected")
    shown = text(shared_room.run("absence.py", mirae, id=refused, lang="en"))
    assert "Answer it with a counter-dataset" not in shown
    assert "Keep a place empty for it" in shown
    assert "Answer it with a counter-dataset" in text(
        shared_room.run("absence.py", mirae, id=other, lang="en")
    )
    plan = plan_in(shared_room, mirae, refused)
    app = shared_room.run("collect.py", mirae, plan=plan, ids=IDS, lang="en")
    assert not ticks(app)
    assert "by=items" not in text(app)
    assert "by=files" not in text(app)
    field(app, "Its caption: what is not here, and why the place is kept").input("Not for you")
    press(app, "Keep this place empty")
    (member,) = members(shared_room.workshop, plan)
    assert (member.kind, member.reason, member.found_by) == (
        "empty", "Not for you", {"way": "place"},
    )  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_items_are_put_in_with_their_way_and_one_that_is_there_is_not_ticked(
    shared_room: SharedRoom, language: str
) -> None:
    mirae = shared_room.enter("Mirae", language=language)
    plan = plan_in(shared_room, mirae)
    member_in(shared_room, mirae, plan)  # digits/all/5
    app = shared_room.run(
        "collect.py", mirae, plan=plan, ids=IDS, way="search", words="손", lang=language
    )
    speak(language)
    assert [one.value for one in ticks(app)] == [False, True, True]
    assert _("It is in this counter-dataset already") in text(app)
    press(app, _("Put what is ticked in"))
    assert len(members(shared_room.workshop, plan)) == 1  # without a reason nothing goes in
    assert "exc-notice" in text(app)
    field(app, _("Why they are in")).input("닮았습니다")
    press(app, _("Put what is ticked in"))
    found = members(shared_room.workshop, plan)[1:]
    assert [one.item_id for one in found] == ["digits/all/6", "digits/all/7"]
    assert {(one.reason, one.found_by["way"], one.found_by["words"]) for one in found} == {
        ("닮았습니다", "search", "손")
    }
    assert [one.label for one in found] == ["6", "7"]  # as the source labels them
    assert len(ticks(app)) == 2  # on to their rights, and theirs alone


def test_rights_are_said_of_many_at_once_and_what_is_unknown_is_decided_by_name(
    shared_room: SharedRoom,
) -> None:
    mirae, jun = shared_room.enter("Mirae", language="en"), shared_room.enter("Jun")
    plan = plan_in(shared_room, mirae)
    mine = [member_in(shared_room, mirae, plan), member_in(
        shared_room, mirae, plan, item_id="digits/all/6")]  # fmt: skip
    member_in(shared_room, jun, plan, item_id="digits/all/8")
    app = shared_room.run("collect.py", mirae, plan=plan, by="rights", lang="en")
    assert len(ticks(app)) == 2
    assert "1 more is blank, put in by somebody else" in text(app)
    field(app, "Source: where it comes from").input("UCI")
    field(app, "Creator is unknown, because").input("the archive does not say")
    pills(app, "Who gave it").set_value("not-needed")
    pills(app, "Who can be seen in it").set_value("nobody")
    press(app, "Say this of what is ticked")
    for member_id in mine:
        given = one_member(shared_room.workshop, member_id).rights.given  # type: ignore[union-attr]
        assert (given.source, given.contributor_consent, given.depicted_consent) == (
            "UCI", "not-needed", "nobody",
        )  # fmt: skip
        assert given.unknowns == {"creator": {"by": "Mirae", "because": "the archive does not say"}}
    speak("en")
    shown = text(shared_room.run("counter.py", mirae, id=plan, member=mine[0], lang="en"))
    assert "unknown, decided by Mirae, because the archive does not say" in shown


def test_who_only_looks_finds_no_way_in(shared_room: SharedRoom) -> None:
    mirae, viewer = shared_room.enter("Mirae"), shared_room.enter("", "viewer", "en")
    plan = plan_in(shared_room, mirae)
    shown = text(shared_room.run("counter.py", viewer, id=plan, lang="en"))
    assert "/collect" not in shown
    assert "/hang" not in shown
    app = shared_room.run("collect.py", viewer, plan=plan, ids=IDS, lang="en")
    assert "You are here to look only" in text(app)
    assert not ticks(app)
    assert "exc-put" not in text(shared_room.run("items.py", viewer, lang="en"))


def test_what_is_described_in_both_languages_is_told_under_a_name_of_each(
    shared_room: SharedRoom,
) -> None:
    mirae = shared_room.enter("Mirae", language="en")
    plan = plan_in(shared_room, mirae)
    member = member_in(shared_room, mirae, plan, alt_ko="기울어진 다섯", alt_en="A leaning five")
    shown = text(shared_room.run("counter.py", mirae, id=plan, member=member, lang="en"))
    for name, code, said in (
        ("Korean", "ko", "기울어진 다섯"),
        ("English", "en", "A leaning five"),
    ):
        told = f'<dt>Described in words, {name}</dt><dd><span lang="{code}">{said}</span></dd>'
        assert told in shown


def test_a_member_is_left_out_with_a_reason_and_taken_back(shared_room: SharedRoom) -> None:
    mirae = shared_room.enter("Mirae", language="en")
    plan = plan_in(shared_room, mirae)
    member = member_in(shared_room, mirae, plan)
    app = shared_room.run("counter.py", mirae, id=plan, member=member, lang="en")
    press(app, "Leave it out of releases")
    assert one_member(shared_room.workshop, member).left_out is None  # a reason is needed
    field(app, "Why it is left out: this is printed in every release").input("Too faint")
    press(app, "Leave it out of releases")
    assert one_member(shared_room.workshop, member).left_out.reason == "Too faint"  # type: ignore[union-attr]
    assert "Left out of releases: Too faint" in text(app)
    press(app, "Hide it")
    assert members(shared_room.workshop, plan) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_order_is_made_by_presses_alone_and_saved_as_one_version(
    shared_room: SharedRoom, language: str
) -> None:
    mirae = shared_room.enter("Mirae", language=language)
    plan = plan_in(shared_room, mirae)
    first, second = (member_in(shared_room, mirae, plan, item_id=f"digits/all/{n}") for n in (5, 6))
    app = shared_room.run("hang.py", mirae, plan=plan, lang=language)
    speak(language)
    told = _("A room holds what hangs together, in its order, under a title and a wall text.")
    assert told in text(app)
    press(app, _("Hang all in a first room"))
    assert told not in text(app)
    field(app, _("Wall text, Korean")).input("벽의 글")
    field(app, _("Title, English")).input("The room")
    press(app, "↓")
    assert curation(shared_room.workshop, plan) is None
    assert _("Moved, but not saved yet") in text(app)
    field(app, _("Credit line")).input("typed last, then saved at once")
    press(app, _("Save this order"))
    (room,) = curation(shared_room.workshop, plan).rooms  # type: ignore[union-attr]
    assert [one.member_id for one in room.hung] == [second, first]
    assert (room.text_ko, room.title_en) == ("벽의 글", "The room")
    assert room.hung[0].credit == "typed last, then saved at once"
    assert _("Saved as it stands") in text(app)


def test_a_brought_picture_is_veiled_until_it_is_said_who_can_be_seen(
    shared_room: SharedRoom,
) -> None:
    from tests.counter.pictures_made import saved, with_everything

    mirae = shared_room.enter("Mirae", language="en")
    plan = plan_in(shared_room, mirae)
    content = saved("JPEG", 200, exif=with_everything())
    member = member_in(shared_room, mirae, plan, "uploaded", picture=content)
    shown = text(shared_room.run("counter.py", mirae, id=plan, member=member, lang="en"))
    assert "exc-faced" in shown
    assert "place, serial numbers, names of people" in shown
    give_rights(
        shared_room.workshop, mirae, new_id(), [member], GivenRights(depicted_consent="nobody")
    )
    shown = text(shared_room.run("counter.py", mirae, id=plan, member=member, lang="en"))
    assert "exc-faced" not in shown


def test_a_link_carries_at_most_two_hundred_items_each_once() -> None:
    from urllib.parse import parse_qs, urlsplit

    ids = [f"a/all/k, {n}&x" for n in range(300)]
    asked = parse_qs(urlsplit(put_href(ids, "lasso", "layout-1")).query)
    assert carried_items(asked["ids"][0]) == ids[:MOST]
    assert (asked["way"], asked["of"]) == (["lasso"], ["layout-1"])
    assert carried_items("a\n\na\nb") == ["a", "b"]


def test_files_are_told_by_name_and_a_broken_one_keeps_nobody_from_the_others(
    shared_room: SharedRoom,
) -> None:
    from tests.counter.alike_made import scene
    from tests.counter.pictures_made import saved, with_everything

    mirae = shared_room.enter("Mirae", language="en")
    plan = plan_in(shared_room, mirae)
    again = saved("PNG", made=scene(2))
    member_in(shared_room, mirae, plan, "uploaded", picture=again)
    app = shared_room.run("collect.py", mirae, plan=plan, by="files", lang="en")
    files = {"kitchen.jpg": saved("JPEG", 200, exif=with_everything()), "again.png": again,
             "broken <b>.png": saved("PNG", 200)[:300], "evil.png": b"<svg/>"}  # fmt: skip
    app.file_uploader[0].set_value([(name, said, "image/png") for name, said in files.items()])
    app.run()
    shown = text(app)
    assert "<b>broken &lt;b&gt;.png</b>: broken, it cannot be read to its end" in shown
    assert "<b>evil.png</b>: an SVG or a packed file" in shown
    assert "Taken out of the file: place, serial numbers" in shown
    assert "It is in this counter-dataset already" in shown
    boxes = [one for one in app.checkbox if one.label.startswith("put it in")]
    assert [(one.label, one.value) for one in boxes] == [
        ("put it in", True), ("put it in all the same", False),
    ]  # fmt: skip
    field(app, "Why they are in").input("Our kitchen")
    field(app, "Described in words, English").input("A kitchen at noon")
    press(app, "Put what is ticked in")
    found = members(shared_room.workshop, plan)
    assert [one.reason for one in found] == ["우리 손과 닮았습니다", "Our kitchen"]
    assert (found[1].alt_en, found[1].kind) == ("A kitchen at noon", "uploaded")
    assert "place" in found[1].removed
    assert found[1].place is not None  # it lies on the map


def test_what_only_its_author_sees_stays_so_where_a_plan_answers_it(
    shared_room: SharedRoom,
) -> None:
    mirae, jun = shared_room.enter("Mirae"), shared_room.enter("Jun", "reviewer", "en")
    private = absence_of(shared_room, mirae, "나만 보는 말", visibility="private")
    plan = plan_in(shared_room, mirae, private)
    for page in ("counter.py", "collect.py"):
        asked = {"id": plan, "plan": plan, "lang": "ko"}
        assert "나만 보는 말" in text(shared_room.run(page, mirae, **asked))
        assert "나만 보는 말" not in text(shared_room.run(page, jun, **asked))
    app = shared_room.run("counter.py", jun, id=plan, edit="1", lang="en")
    assert app.multiselect[0].options == []
    field(app, "Who decides what goes in").input("Jun")
    press(app, "Write the next version")
    (stands,) = plans(shared_room.workshop)
    assert (stands.given.decides, stands.given.answers) == ("Jun", (private,))


def test_a_member_is_mended_by_who_gave_it_and_by_nobody_else(shared_room: SharedRoom) -> None:
    mirae, jun = shared_room.enter("Mirae", language="en"), shared_room.enter("Jun")
    plan = plan_in(shared_room, mirae)
    member = member_in(shared_room, mirae, plan)
    app = shared_room.run("counter.py", jun, id=plan, member=member, lang="en")
    assert "Mend it" not in [one.label for one in app.button]
    app = shared_room.run("counter.py", mirae, id=plan, member=member, lang="en")
    field(app, "Why it is in").input("A better reason")
    press(app, "Mend it")
    stands = one_member(shared_room.workshop, member)
    assert (stands.reason, stands.item_id) == ("A better reason", "digits/all/5")


def test_an_order_is_saved_though_a_picture_of_it_was_taken_back_meanwhile(
    shared_room: SharedRoom,
) -> None:
    mirae, jun = shared_room.enter("Mirae", language="en"), shared_room.enter("Jun")
    plan = plan_in(shared_room, mirae)
    stays = member_in(shared_room, mirae, plan)
    gone = member_in(shared_room, jun, plan, item_id="digits/all/6")
    app = shared_room.run("hang.py", mirae, plan=plan, lang="en")
    press(app, "Hang all in a first room")
    hide(shared_room.workshop, jun, new_id(), "member", gone)
    field(app, "Wall text, English").input("A long wall text")
    press(app, "Save this order")
    (room,) = curation(shared_room.workshop, plan).rooms  # type: ignore[union-attr]
    assert ([one.member_id for one in room.hung], room.text_en) == ([stays], "A long wall text")
    assert "1 picture that hung here was taken back meanwhile" in text(app)


@pytest.mark.parametrize("way", ["mine", "theirs"])
def test_two_hang_the_same_walls_and_neither_replaces_the_other_unseen(
    shared_room: SharedRoom, way: str
) -> None:
    mirae = shared_room.enter("Mirae", language="en")
    rev = shared_room.enter("Rev", "reviewer", language="en")
    plan = plan_in(shared_room, mirae)
    member_in(shared_room, mirae, plan)
    apps = [shared_room.run("hang.py", who, plan=plan, lang="en") for who in (mirae, rev)]
    for app in apps:
        press(app, "Hang all in a first room")
    for app, words in zip(apps, ("Mirae's long wall text", "Rev's"), strict=True):
        field(app, "Wall text, English").input(words)
        press(app, "Save this order")
    (room,) = curation(shared_room.workshop, plan).rooms  # type: ignore[union-attr]
    assert room.text_en == "Mirae's long wall text"
    assert "Another order was saved meanwhile" in text(apps[1])
    assert "<bdi>Mirae</bdi>" in text(apps[1])
    assert field(apps[1], "Wall text, English").value == "Rev's"
    press(apps[1], "Save mine over it" if way == "mine" else "Go on from theirs, without mine")
    (room,) = curation(shared_room.workshop, plan).rooms  # type: ignore[union-attr]
    assert room.text_en == ("Rev's" if way == "mine" else "Mirae's long wall text")
    assert field(apps[1], "Wall text, English").value == room.text_en
    assert "Another order was saved meanwhile" not in text(apps[1])


@pytest.mark.parametrize("way", ["mine", "theirs"])
def test_a_version_written_meanwhile_takes_no_words_from_who_writes_the_next(
    shared_room: SharedRoom, way: str
) -> None:
    mirae = shared_room.enter("Mirae", language="en")
    rev = shared_room.enter("Rev", "reviewer", language="en")
    plan_id = plan_in(shared_room, mirae)
    app = shared_room.run("counter.py", mirae, id=plan_id, edit="1", lang="en")
    given = one_plan(shared_room.workshop, plan_id).given
    write_plan(shared_room.workshop, rev, new_id(), replace(given, decides="Rev decides"))
    label = "Statement: what it is, and why"
    field(app, label).input("An hour of typing")
    press(app, "Write the next version")
    assert one_plan(shared_room.workshop, plan_id).version == 2
    assert "Another version was written meanwhile" in text(app)
    assert "<bdi>Rev</bdi>" in text(app)
    assert field(app, label).value == "An hour of typing"
    if way == "mine":
        press(app, "Write mine over it")
        stands = one_plan(shared_room.workshop, plan_id)
        assert (stands.version, stands.given.statement_en) == (3, "An hour of typing")
        return
    press(app, "Begin again from that version, without mine")
    assert field(app, "Who decides what goes in").value == "Rev decides"
    assert field(app, label).value == given.statement_en
    assert "Another version was written meanwhile" not in text(app)


def test_what_a_batch_leaves_blank_stays_as_each_has_it(shared_room: SharedRoom) -> None:
    mirae = shared_room.enter("Mirae", language="en")
    plan = plan_in(shared_room, mirae, consent_en="You may show it")
    said, blank = (member_in(shared_room, mirae, plan, item_id=f"digits/all/{n}") for n in (5, 6))
    why = {"licence": {"by": "Mirae", "because": "nobody told"}}
    given = GivenRights("Kim", "UCI", contributor_consent="given", unknowns=why)
    give_rights(shared_room.workshop, mirae, new_id(), [said], given)
    agreed = one_member(shared_room.workshop, said).rights.consent_version  # type: ignore[union-attr]
    app = shared_room.run("collect.py", mirae, plan=plan, by="rights", lang="en")
    assert "What you leave blank stays as each of them has it." in text(app)
    pills(app, "Who can be seen in it").set_value("nobody")
    press(app, "Say this of what is ticked")
    first, second = (one_member(shared_room.workshop, one).rights for one in (said, blank))
    assert first is not None
    assert second is not None
    stands = replace(given, depicted_consent="nobody", consent_shown=first.given.consent_shown)
    assert first.given == stands
    assert (first.consent_version, first.consent_stands) == (agreed, True)
    assert (second.given.creator, second.given.depicted_consent) == ("", "nobody")


def test_mending_the_source_of_one_member_keeps_what_was_decided_to_be_unknown(
    shared_room: SharedRoom,
) -> None:
    mirae = shared_room.enter("Mirae", language="en")
    rev = shared_room.enter("Rev", "reviewer", language="en")
    plan = plan_in(shared_room, mirae)
    member = member_in(shared_room, mirae, plan)
    why = {"creator": {"by": "Mirae", "because": "not said"}}
    give_rights(shared_room.workshop, mirae, new_id(), [member], GivenRights(unknowns=why))
    app = shared_room.run("collect.py", rev, plan=plan, by="rights", of=member, lang="en")
    field(app, "Creator: who made it").input("")
    field(app, "Source: where it comes from").input("UCI, 1998")
    press(app, "Say this of what is ticked")
    stands = one_member(shared_room.workshop, member).rights
    assert stands is not None
    assert (stands.given.source, stands.given.unknowns) == ("UCI, 1998", why)


def test_faults_of_a_plan_and_a_drawing_are_said_in_korean_and_mean_what_they_are() -> None:
    """One English word for two things would give one of them the other's Korean."""
    speak("ko")
    assert _(PLACES["statement"]) == "선언문"
    assert _("Leave it out of releases") == "공개본에서 빼기"
    too_many = {"pen": "pen", "width": 1, "points": [[1, 1, 0.5, 0]] * 20_001}
    flat = {"width": 1, "height": 100, "strokes": [{**too_many, "width": 9_999}]}
    faults = [*strokes_faults("{}"), *strokes_faults(json.dumps(flat))]
    assert len(faults) == 4
    for fault in faults:
        assert fault.what != worded(fault.what)
        assert _(fault.place) == "그린 그림"
    assert worded("only who is in the room may do this").startswith("이 방에")
