"""Charts of figures as HTML that needs no script: bars, a table, pictures, numbers.

What is not measured is hatched; a tick is what was expected, a thin line the interval.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape

from excavate.essays.form import BOTH, EN, KO, TONGUES, Words
from excavate.essays.reckoned import Line, Number, Reckoned
from excavate.essays.worded import interval, spoken_number, words

Pictures = Mapping[str, str]  # item id -> data address of its thumbnail
EACH = 24  # pictures of a row
LONG = 12  # signs of a label that stands in a wide column


def beside(said: Words, language: str, tag: str = "span") -> str:
    """Words in a language, or in both, each marked with its language; said once where alike."""
    if language != BOTH or said.ko == said.en:
        return f"<{tag}>{escape(said.of(KO if language == BOTH else language))}</{tag}>"
    return "".join(f'<{tag} lang="{one}">{escape(said.of(one))}</{tag}>' for one in TONGUES)


def chart_html(figure: Reckoned, language: str, pictures: Pictures) -> str:
    """What a computed figure draws; "" where its sentence says all."""
    drawn = {"bars": _bars, "table": _table, "pictures": _pictures}.get(figure.asked.chart)
    shown = ""
    if drawn is not None and figure.lines:
        shown = drawn(figure, language, pictures) + _left(figure, language)
    return shown + _numbers(figure, language)


def _left(figure: Reckoned, language: str) -> str:
    if not figure.left:
        return ""
    said = words("figure.left", n=f"{figure.left:,}")
    return f'<p class="essay-small">{beside(said, language)}</p>'


def _numbers(figure: Reckoned, language: str) -> str:
    """The numbers that the fence asks to show; of a chart of numbers all that have a heading."""
    names = figure.asked.show or (figure.named if figure.asked.chart == "numbers" else ())
    shown = [name for name in names if name in figure.numbers]
    cells = [_cell(figure.numbers[name], figure.named.get(name), name, language) for name in shown]
    return f'<dl class="essay-numbers">{"".join(cells)}</dl>' if cells else ""


def _cell(number: Number, named: Words | None, name: str, language: str) -> str:
    tongue = KO if language == BOTH else language
    bounds = interval(number, tongue)
    quiet = f"<small>{escape(bounds)}</small>" if bounds else ""
    head = beside(named or Words(name, name), language)
    return f"<div><dt>{head}</dt><dd>{escape(spoken_number(number, tongue))} {quiet}</dd></div>"


def _bars(figure: Reckoned, language: str, _pictures: Pictures) -> str:
    place = _scale(figure.lines)
    rows = "".join(_bar(figure, line, language, place) for line in figure.lines)
    longest = max(len(line.label.ko + line.label.en) for line in figure.lines)
    wide = " essay-long" if longest > LONG else ""
    key = f"<i></i>{beside(figure.title, language)}"
    if any(line.expected is not None for line in figure.lines):
        key += f"<s></s>{beside(figure.expected_title, language)}"
    return (
        f'<p class="essay-key" aria-hidden="true">{key}</p>'
        f'<table class="essay-bars{wide}"><tbody>{rows}</tbody></table>'
    )


def _scale(lines: tuple[Line, ...]) -> Callable[[float], float]:
    """Where a value lies, in per cent of the width; zero lies within."""
    known = [v for one in lines for v in (one.value, one.low, one.high, one.expected)]
    there = [v for v in (*known, 0.0) if v is not None]
    low, high = min(there), max(there)
    return lambda value: 100 * (value - low) / ((high - low) or 1)


def _bar(
    figure: Reckoned, line: Line, language: str, place: Callable[[float], float]
) -> str:  # fmt: skip
    label = f'<th scope="row">{beside(line.label, language)}</th>'
    if line.value is None:
        unmeasured = beside(words("state.not_measured"), language)
        return f'<tr>{label}<td class="essay-hatched"></td><td>{unmeasured}</td></tr>'
    drawn = _span("i", place(min(line.value, 0)), place(max(line.value, 0)))
    if line.low is not None and line.high is not None:
        drawn += _span("u", place(line.low), place(line.high))
    if line.expected is not None:
        drawn += _span("s", place(line.expected), place(line.expected))
    tongue = EN if language == EN else KO
    said = _beside_bar(line, figure.share, tongue)
    return f'<tr>{label}<td><div aria-hidden="true">{drawn}</div></td><td>{said}</td></tr>'


def _beside_bar(line: Line, share: bool, tongue: str) -> str:
    """The numbers of one row: measured, its interval, expected."""
    number = Number(line.value or 0.0, line.low, line.high, share)
    small = [bounds] if (bounds := interval(number, tongue)) else []
    if line.expected is not None:
        small.append(f"| {spoken_number(Number(line.expected, share=share), tongue)}")
    quiet = "".join(f" <small>{escape(one)}</small>" for one in small)
    return escape(spoken_number(number, tongue)) + quiet


def _span(tag: str, start: float, end: float) -> str:
    return f'<{tag} style="left:{start:.2f}%;width:{end - start:.2f}%"></{tag}>'


def _table(figure: Reckoned, language: str, _pictures: Pictures) -> str:
    heads = "".join(f'<th scope="col">{beside(one, language)}</th>' for one in figure.heads)
    rows = "".join(_row(line, language) for line in figure.lines)
    return (
        f'<div class="essay-scroll" tabindex="0"><table class="essay-table"><thead><tr>{heads}</tr>'
        f"</thead><tbody>{rows}</tbody></table></div>"
    )


def _row(line: Line, language: str) -> str:
    cells = "".join(f"<td>{beside(cell, language)}</td>" for cell in line.cells)
    return f'<tr><th scope="row">{beside(line.label, language)}</th>{cells}</tr>'


def _pictures(figure: Reckoned, language: str, pictures: Pictures) -> str:
    """Each row's pictures, or, where a person may be known in them, an empty frame that says so."""
    if any(line.items for line in figure.lines) and not pictures:
        return f'<p class="essay-empty">{beside(words("state.veiled"), language)}</p>'
    wide = max((len(line.items[:EACH]) for line in figure.lines), default=1)
    rows = "".join(
        f"<div><dt>{beside(line.label, language)}</dt>"
        f'<dd style="--n:{wide}">{_strip(line, language, pictures)}</dd></div>'
        for line in figure.lines
    )
    worded = " essay-worded" if figure.finding else ""
    return f'<dl class="essay-pictures{worded}">{rows}</dl>'


def _strip(line: Line, language: str, pictures: Pictures) -> str:
    tongue = EN if language == EN else KO
    return "".join(
        f'<img src="{pictures[item]}" alt="{_alt(line, item, tongue)}">'
        for item in line.items[:EACH]
        if item in pictures
    )


def _alt(line: Line, item: str, tongue: str) -> str:
    said = words("figure.picture").of(tongue)
    return escape(said.format(label=line.label.of(tongue), item=item))
