"""A moment is the same moment wherever it is shown, in the hours of who looks."""

from __future__ import annotations

from contextvars import copy_context
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from excavate.components.moments import moment_html, tell_in

ZONES = ("UTC", "Asia/Seoul", "America/St_Johns", "Europe/Paris")


class Read(HTMLParser):
    """What a `<time>` says, to a machine and to a person."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.exact, self.shown = "", ""
        self.feed(markup)

    def handle_starttag(self, _tag, attrs):
        self.exact = dict(attrs)["datetime"]

    def handle_data(self, words):
        self.shown += words


@given(st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1)), st.sampled_from(ZONES))
def test_what_is_read_and_what_is_meant_are_one_moment(moment, zone):
    read = Read(moment_html(moment, zone))
    meant = datetime.fromisoformat(read.exact)
    assert meant == moment.replace(tzinfo=UTC, microsecond=0)
    here = datetime.strptime(read.shown.removesuffix(" UTC"), "%Y-%m-%d %H:%M")
    assert meant.astimezone(ZoneInfo(zone)).replace(tzinfo=None) - here < timedelta(minutes=1)
    assert read.shown.endswith(" UTC") == (zone == "UTC")


def test_a_zone_that_is_none_is_told_as_utc():
    moment = datetime(2026, 11, 21, 10, 0)
    assert moment_html(moment, "No/../Zone") == moment_html(moment, "UTC")
    assert "19:00" in moment_html(moment, "Asia/Seoul")


def test_a_part_that_is_fetched_anew_keeps_the_hours_of_who_looks():
    said = copy_context().run(
        lambda: (tell_in("Asia/Seoul"), moment_html(datetime(2026, 11, 21, 10, 0)))
    )
    assert said[0] == "Asia/Seoul"
    assert ">2026-11-21 19:00<" in said[1]
    assert copy_context().run(tell_in, "no zone") == "UTC"
