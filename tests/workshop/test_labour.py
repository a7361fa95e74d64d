"""Labour: off is off, no more than the time that passed, sums that name nobody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from excavate.errors import RefusedError
from excavate.workshop.ids import new_id
from excavate.workshop.labour import (
    ACTIVITIES,
    LONGEST,
    Report,
    by_day,
    choose,
    counted,
    recording,
    report,
)
from excavate.workshop.store import Workshop
from excavate.workshop.withdrawing import given_by, hide, show_again
from tests.workshop.given import author

COUNT = "SELECT count(*) FROM labour"
# (activity, claimed seconds, seconds since the post before)
POSTS = st.lists(
    st.tuples(
        st.lists(st.tuples(st.sampled_from(ACTIVITIES), st.floats(0, 5000)), max_size=3),
        st.floats(-100, 2000),
    ),
    max_size=8,
)
SLACK = 0.01  # of microseconds that are rounded


@pytest.fixture
def workshop(tmp_path: Path) -> Iterator[Workshop]:
    opened = Workshop(tmp_path)
    yield opened
    opened.close()


def one(activity: str = "look", seconds: float = 30.0, about: str = "") -> Report:
    return Report(new_id(), activity, seconds, about)


def later(seconds: float) -> datetime:
    return datetime.now(UTC).replace(tzinfo=None) + timedelta(seconds=seconds)


def on(workshop: Workshop, name: str = "Mirae") -> str:
    who = author(name)
    choose(workshop, who, new_id(), True)
    return who.person_id


def rows(workshop: Workshop) -> int:
    with workshop.cursor() as cursor:
        return int(cursor.execute(COUNT).fetchone()[0])


@settings(max_examples=20, deadline=None, suppress_health_check=[*HealthCheck])
@given(posts=POSTS, was_on=st.booleans())
def test_off_means_that_no_row_is_ever_written(workshop, posts, was_on):
    who = author()
    if was_on:
        choose(workshop, who, new_id(), True)
        choose(workshop, who, new_id(), False)
    for claimed, gap in posts:
        given_now = [one(activity, seconds) for activity, seconds in claimed]
        assert report(workshop, who.person_id, given_now, later(gap)) == 0.0
    assert rows(workshop) == 0
    assert not recording(workshop, who.person_id)


@settings(max_examples=20, deadline=None, suppress_health_check=[*HealthCheck])
@given(posts=POSTS)
def test_never_more_than_the_time_that_passed_nor_than_was_claimed(workshop, posts):
    person = on(workshop)
    began = later(0)
    now, latest, claimed_all = began, began, 0.0
    for claimed, gap in posts:
        now = max(now + timedelta(seconds=gap), began - timedelta(seconds=50))
        latest = max(latest, now)
        given_now = [one(activity, seconds) for activity, seconds in claimed]
        claimed_all += sum(seconds for _activity, seconds in claimed)
        kept = report(workshop, person, given_now, now)
        assert 0 <= kept <= LONGEST + SLACK
        assert kept <= sum(seconds for _activity, seconds in claimed) + SLACK
    found = counted(workshop, person)
    total = sum(row.seconds for row in found)
    assert total <= (latest - began).total_seconds() + 1  # a second from turning it on
    assert total <= claimed_all + SLACK
    days = by_day(found)
    assert sum(sum(day.values()) for day in days.values()) == pytest.approx(total)


def test_a_report_sent_twice_is_counted_once(workshop):
    person, sent = on(workshop), one()
    assert report(workshop, person, [sent], later(60)) == 30.0
    assert report(workshop, person, [sent], later(120)) == 0.0
    assert report(workshop, person, [sent, one("say", 5)], later(180)) == 5.0
    assert report(workshop, person, [one("say", 5)] * 2, later(240)) == 5.0
    assert [row.activity for row in counted(workshop, person)] == ["look", "say", "say"]


@settings(max_examples=25, deadline=None, suppress_health_check=[*HealthCheck])
@given(turns=st.lists(st.tuples(st.integers(1, 40), st.integers(0, 40)), min_size=1, max_size=8),
       apart=st.integers(0, 59))  # fmt: skip
def test_two_tabs_used_in_turn_lose_nothing_and_gain_nothing(workshop, turns, apart):
    """Of each minute one tab is used for so long, then the other; each reports once a minute."""
    person, began = on(workshop), later(0)
    honest = 0.0
    for minute, (first, second) in enumerate(turns, 1):
        second = min(second, 60 - first)
        told = began + timedelta(seconds=60 * minute)
        honest += report(workshop, person, [one("look", first)], told)
        honest += report(workshop, person, [one("say", second)], told + timedelta(seconds=apart))
    used = sum(first + min(second, 60 - first) for first, second in turns)
    assert honest == pytest.approx(used, abs=1)
    end = began + timedelta(seconds=60 * len(turns) + apart)
    report(workshop, person, [one("other", 5000)] * 3, end)
    total = sum(row.seconds for row in counted(workshop, person))
    assert total <= (end - began).total_seconds() + 1


def test_two_tabs_share_one_clock(workshop):
    person, now = on(workshop), later(60)
    assert report(workshop, person, [one("look", 60)], now) == 60.0
    soon = now + timedelta(seconds=1)
    assert report(workshop, person, [one("say", 60)], soon) == pytest.approx(1, abs=0.5)


@pytest.mark.parametrize(
    "wrong",
    [Report("x", "look", 1), Report(new_id(), "sleep", 1), Report(new_id(), "look", -1),
     Report(new_id(), "look", float("nan")), Report(new_id(), "look", float("inf")),
     Report(new_id(), "look", 1, "a" * 101)],
)  # fmt: skip
def test_a_report_that_is_none_is_refused_and_nothing_of_it_is_kept(workshop, wrong):
    person = on(workshop)
    with pytest.raises(RefusedError):
        report(workshop, person, [one(), wrong], later(60))
    assert rows(workshop) == 0


def test_a_day_that_is_taken_back_is_counted_no_more_until_it_is_shown_again(workshop):
    mirae = author("a")
    choose(workshop, mirae, new_id(), True)
    report(workshop, mirae.person_id, [one()], later(60))
    (day,) = [g for g in given_by(workshop, mirae.person_id) if g.table == "labour"]
    hide(workshop, mirae, new_id(), "labour", day.what_id)
    assert counted(workshop, mirae.person_id) == []
    show_again(workshop, mirae, new_id(), "labour", day.what_id)
    assert len(counted(workshop, mirae.person_id)) == 1


def test_what_is_counted_writes_to_no_topic_that_pages_follow(workshop):
    person, before = on(workshop), workshop.topics
    report(workshop, person, [one()], later(60))
    changed = {name for name, version in workshop.topics.items() if version != before[name]}
    assert changed == {"labour"}
