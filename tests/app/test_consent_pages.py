"""Consent on the pages: to the text that was shown, by who gives it; hidden names stay hidden."""

from __future__ import annotations

from dataclasses import replace

from excavate.counter.members import one_member
from excavate.counter.plans import one_plan, write_plan
from excavate.counter.records import GivenRights
from excavate.counter.rights import give_rights
from excavate.workshop.authors import Author
from excavate.workshop.ids import new_id
from excavate.workshop.rounds import GivenRound, act_on_round, plan_rounds
from tests.app.counter_made import member_in, plan_in
from tests.app.entering import SharedRoom
from tests.app.test_counter_pages import pills
from tests.app.test_find import field, press
from tests.app.test_pages import text
from tests.counter.planned import strokes

OTHER = "팔아도 되고 얼굴을 학습에 써도 됩니다"


def reworded(room: SharedRoom, who: Author, plan_id: str) -> None:
    """The plan's text changes while somebody has the page open."""
    given = one_plan(room.workshop, plan_id).given
    write_plan(room.workshop, who, new_id(), replace(given, consent_ko=OTHER))


def test_a_press_agrees_to_the_text_that_was_shown_and_to_no_other(
    shared_room: SharedRoom,
) -> None:
    mirae, jun = shared_room.enter("Mirae"), shared_room.enter("Jun", language="en")
    plan = plan_in(shared_room, mirae)
    member = member_in(shared_room, jun, plan, "drawn", strokes=strokes())
    app = shared_room.run("collect.py", jun, plan=plan, by="rights", lang="en")
    assert OTHER not in text(app)
    reworded(shared_room, mirae, plan)
    pills(app, "Who gave it").set_value("given")
    pills(app, "Who can be seen in it").set_value("nobody")
    press(app, "Say this of what is ticked")
    rights = one_member(shared_room.workshop, member).rights
    assert rights is not None
    assert (rights.consent_version, rights.consent_stands) == (plan, False)


def test_a_reviewer_who_mends_a_source_agrees_to_nothing(shared_room: SharedRoom) -> None:
    mirae, jun = shared_room.enter("Mirae"), shared_room.enter("Jun")
    rev = shared_room.enter("Rev", "reviewer", language="en")
    plan = plan_in(shared_room, mirae)
    member = member_in(shared_room, jun, plan, "drawn", strokes=strokes())
    said = GivenRights("Jun", "here", "CC-BY-4.0", "", "", "given", "nobody", {})
    give_rights(shared_room.workshop, jun, new_id(), [member], said)
    reworded(shared_room, mirae, plan)
    app = shared_room.run("collect.py", rev, plan=plan, by="rights", of=member, lang="en")
    field(app, "Source: where it comes from").input("here, in Seoul")
    press(app, "Say this of what is ticked")
    rights = one_member(shared_room.workshop, member).rights
    assert rights is not None
    assert (rights.given.source, rights.given.contributor_consent) == ("here, in Seoul", "")
    assert not rights.consent_stands


def test_while_a_round_hides_names_a_member_names_nobody_and_no_reviewer_mends_it(
    shared_room: SharedRoom,
) -> None:
    lead = shared_room.enter("Lead", "facilitator", language="en")
    shy, rev = shared_room.enter("Jun-the-shy"), shared_room.enter("Rev", "reviewer", language="en")
    plan = plan_in(shared_room, lead)
    member = member_in(shared_room, shy, plan, "drawn", strokes=strokes())
    said = GivenRights("Jun-the-shy", "here", "CC-BY-4.0", "", "", "given", "nobody", {})
    give_rights(shared_room.workshop, shy, new_id(), [member], said)
    shown = text(shared_room.run("counter.py", rev, id=plan, member=member, lang="en"))
    assert shown.count("Jun-the-shy") == 2, "who put it in, and its creator"
    round_id = new_id()
    plan_rounds(shared_room.workshop, lead, [
        GivenRound(round_id, "look", "보기", "Look", 300, anonymous=True),
    ])  # fmt: skip
    act_on_round(shared_room.workshop, lead, new_id(), round_id, "open", 300)
    app = shared_room.run("counter.py", rev, id=plan, member=member, lang="en")
    assert "Jun-the-shy" not in text(app)
    assert "Mend it" not in [one.label for one in app.button]
    assert "Hide it" in [one.label for one in app.button]
