"""The types of absence: every code a measure names is one of them, in both languages."""

from __future__ import annotations

from excavate.gaps.absence_types import absence_types, named
from excavate.gaps.registry import REGISTRY
from excavate.i18n import speak


def test_there_are_eighteen_in_four_moments():
    types = absence_types()
    assert len(types) == 18
    assert len({one.moment for one in types.values()}) == 4
    assert all(one.en and one.ko for one in types.values())


def test_every_measure_is_a_proxy_of_types_that_there_are():
    for measure, entry in REGISTRY.items():
        assert set(entry.types) <= set(absence_types()), measure


def test_a_name_is_said_in_the_language_of_the_run():
    speak("ko")
    assert named("drowned") == "중복에 묻힘"
    speak("en")
    assert named("drowned") == "drowned by repetition"
    assert named("unheard-of") == "unheard-of"
