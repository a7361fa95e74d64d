"""Korean that is read aloud: no particle in brackets, none behind a name of unknown ending."""

from __future__ import annotations

import re

from tests.app.test_messages import catalogue

BRACKETED = re.compile(r"\((으|은|는|이|가|을|를|와|과|이나|이라)\)")
BEHIND = re.compile(r"\{(\w+)\}(은|는|이|가|을|를|와|과|으로|로|이나|나|이라|이며)(?=[\s,.:;)]|$)")
READ = ("share", "datasets")  # "… %" and "… 개" end in a vowel


def test_no_particle_is_left_to_the_reader() -> None:
    left = [
        form
        for forms in catalogue("ko").values()
        for form in forms
        if BRACKETED.search(form) or any(name not in READ for name, _p in BEHIND.findall(form))
    ]
    assert left == []
