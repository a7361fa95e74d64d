"""Wages: of that very year or none; a table of one's own with every fault of it told."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from excavate.dossiers.reading import read_archive
from excavate.errors import SourceError
from excavate.settings import PROJECT
from excavate.workshop.piece_rates import figures, piece_rates
from excavate.workshop.wages import COLUMNS, OWN, read_wages, wage_of, wages_of

STATED = {2020: 8590, 2021: 8720, 2022: 9160, 2023: 9620, 2024: 9860, 2025: 10030, 2026: 10320}
HEAD = ",".join(COLUMNS)


@given(year=st.integers(1900, 2099))
def test_a_wage_is_that_of_its_year_or_none(year):
    wage = wage_of(year)
    assert (wage.per_hour if wage else None) == STATED.get(year)
    assert wage_of(year, "DE") is None
    if wage:
        assert (wage.year, wage.currency) == (year, "KRW")
        assert wage.source


@given(seconds=st.floats(0, 10**7))
def test_the_weekly_holiday_allowance_adds_a_fifth(seconds):
    wage = wage_of(2026)
    assert wage.of(seconds, holiday=True) == pytest.approx(wage.of(seconds) * Decimal("1.2"))


def test_an_hour_is_the_hourly_wage():
    assert wage_of(2026).of(3600) == 10320
    assert wage_of(2026).of(3600, holiday=True) == 12384


def test_a_table_of_the_site_adds_and_takes_the_place_of_what_is_shipped(tmp_path: Path):
    table = f"{HEAD}\nDE,2026,EUR,13.9,a law,,https://example.org,seen,its text\n"
    table += "KR,2026,KRW,10000,another,,,recalled,\n"
    (tmp_path / OWN).write_text(table, "utf-8")
    assert wage_of(2026, "DE", tmp_path).of(1800) == Decimal("6.95")
    assert wage_of(2026, "KR", tmp_path).per_hour == 10000
    assert wage_of(2027, "DE", tmp_path) is None
    assert wages_of(None)[("KR", 2026)].per_hour == 10320


def test_every_fault_of_a_table_is_told_at_once(tmp_path: Path):
    rows = [
        "DE,2026,EUR,13.9,a law,,,seen,",
        "de,26,euro,-1,,,ftp://x,maybe,",
        "DE,2026,EUR,13.9,a law,,,seen,",
        "KR,2026",
        "FR,2026,EUR,nan,a law,,,seen,",
    ]
    (tmp_path / OWN).write_text("\n".join([HEAD, *rows]), "utf-8")
    with pytest.raises(SourceError) as caught:
        read_wages(tmp_path / OWN)
    places = [fault.place for fault in caught.value.faults]
    of_second = ["country", "year", "currency", "status", "source", "url", "per_hour"]
    assert places == [*(f"line 3, {name}" for name in of_second), "line 4", "line 5, columns",
                      "line 6, per_hour"]  # fmt: skip


@pytest.mark.parametrize("content", [b"a,b\n1,2\n", b"\xff\xfe\x00", b"x" * 200_000, b""])
def test_what_is_no_table_of_wages_is_told(tmp_path: Path, content: bytes):
    (tmp_path / OWN).write_bytes(content)
    with pytest.raises(SourceError):
        wage_of(2026, "KR", tmp_path)


def test_every_piece_rate_stands_in_the_fact_it_names():
    archive = read_archive(PROJECT / "archives")
    for figure in figures():
        dossier = archive.dossiers[figure.fact_id.rpartition("-")[0]]
        (fact,) = [fact for fact in dossier.fact if fact.id == figure.fact_id]
        for amount in (figure.lowest, figure.highest):
            assert f"{amount:,}" in fact.text.en
        assert figure.lowest <= figure.highest
    rates = piece_rates(archive)
    assert [rate.of(2400) for rate in rates] == [(Decimal(24000), Decimal(24000))]
