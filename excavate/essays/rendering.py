"""An essay as HTML: an article for a page of ours or of a release, or a whole file by itself."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from excavate import __version__
from excavate.errors import ExcavateError
from excavate.essays.cited import doubted_in, known_facts, order_of, sources_html
from excavate.essays.computing import reckon
from excavate.essays.drawing import Pictures, beside, chart_html
from excavate.essays.form import (
    BOTH,
    DOSSIERS,
    KO,
    RECORD,
    TONGUES,
    Essay,
    FigureAsked,
    Pair,
    Words,
)
from excavate.essays.pictured import pictures_of
from excavate.essays.prose import Told, prose_html
from excavate.essays.reading import read_essay
from excavate.essays.reckoned import FOUND, NOTHING, Ground, Reckoned
from excavate.essays.worded import spoken_number, words
from excavate.progress import Progress, silent
from excavate.settings import Settings

if TYPE_CHECKING:
    from excavate.site import Site

STYLE = Path(__file__).with_name("essay.css")
GENERATOR = '<meta name="generator" content="Excavate, an essay">'  # what may be written over


def style() -> str:
    """The style sheet of an essay: by itself light, dark and printed."""
    return STYLE.read_text("utf-8")


def ground_of(site: Site | None, measure: bool = False, progress: Progress = silent) -> Ground:
    """What an essay's figures are computed from: a site, and the dossiers it is used with."""
    settings = site.settings if site else Settings.from_environment()
    return Ground(site, settings.archives, measure, progress)


def rendered(
    name: str, site: Site | None, language: str = BOTH, *, measure: bool = False,
    progress: Progress = silent,
) -> str:  # fmt: skip
    """One essay as an <article>, in ko, en or both beside each other; no script, nothing fetched.

    measure: measure what was not asked of the site yet, and keep it as findings; else such a
    figure says so in its place. Raises NotFoundError, SourceError for the essay itself.
    """
    ground = ground_of(site, measure, progress)
    essay = read_essay(name)
    return article(essay, reckon(essay, ground), ground, language)


def whole_page(
    name: str, site: Site | None, language: str = BOTH, *, measure: bool = False,
    progress: Progress = silent,
) -> str:  # fmt: skip
    """One essay as an HTML file that needs nothing beside it. Raises as `rendered` does."""
    ground, essay = ground_of(site, measure, progress), read_essay(name)
    return bound(essay, article(essay, reckon(essay, ground), ground, language), language)


def bound(essay: Essay, body: str, language: str) -> str:
    """An article of an essay in a file of its own."""
    title = essay.title
    said = " · ".join((title.ko, title.en)) if language == BOTH else title.of(language)
    return (
        f'<!doctype html>\n<html lang="{KO if language == BOTH else language}">'
        '<head><meta charset="utf-8">'
        f'{GENERATOR}<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(said)}</title><style>{style()}</style></head>"
        f'<body class="essay-page"><main>{body}</main></body></html>\n'
    )


def article(
    essay: Essay, figures: Mapping[str, Reckoned], ground: Ground, language: str
) -> str:  # fmt: skip
    """The essay with its figures as they were computed."""
    _check_language(language)
    known, prefix = known_facts(ground.archives), f"{essay.name}-"
    told = Told(prefix, figures, order_of(essay), doubted_in(essay, known))
    pictures = pictures_of(figures.values(), ground)
    numbers = {name: n for n, name in enumerate(figures, 1)}
    parts = [
        _pair(part, told, language)
        if isinstance(part, Pair)
        else _figure(figures[part.id], numbers[part.id], prefix, language, pictures)
        for part in essay.body
    ]
    foot = sources_html(essay, known, language, prefix) + rests_html(figures, ground, language)
    shape = "essay-both" if language == BOTH else "essay-one"
    return (
        f'<article class="essay {shape}" id="{prefix}essay">{_head(essay, language)}'
        f'{"".join(parts)}<footer class="essay-foot">{foot}</footer></article>'
    )


def _check_language(language: str) -> None:
    if language not in (*TONGUES, BOTH):
        todo = f"There are: {', '.join((*TONGUES, BOTH))}"
        raise ExcavateError("no language of an essay", language, todo)


def _head(essay: Essay, language: str) -> str:
    if language != BOTH:
        title, lead = essay.title.of(language), essay.lead.of(language)
        inner = f'<h1>{escape(title)}</h1><p class="essay-lead">{escape(lead)}</p>'
        return f'<header lang="{language}">{inner}</header>'
    title, second = escape(essay.title.ko), escape(essay.title.en)
    korean, english = (f'<p class="essay-lead">{escape(essay.lead.of(one))}</p>' for one in TONGUES)
    columns = (
        f'<div lang="ko"><h1>{title}</h1>{korean}</div>'
        f'<div lang="en"><p class="essay-title">{second}</p>{english}</div>'
    )
    return f'<header class="essay-pair">{columns}</header>'


def _pair(pair: Pair, told: Told, language: str) -> str:
    shown = TONGUES if language == BOTH else (language,)
    inner = "".join(
        f'<div lang="{one}">{prose_html(pair.words.of(one), one, told)}</div>' for one in shown
    )
    return f'<div class="essay-pair">{inner}</div>'


def _figure(
    figure: Reckoned, number: int, prefix: str, language: str, pictures: Pictures
) -> str:  # fmt: skip
    asked: FigureAsked = figure.asked
    name = beside(words("figure.figure"), language)
    caption = f"<b>{name} {number}</b> {beside(asked.caption, language)}"
    said = beside(_sentence(figure), language, "p")
    if not figure.is_computed:
        body = f'<div class="essay-empty essay-hatched">{said}</div>'
    else:
        body = f'{chart_html(figure, language, pictures)}<div class="essay-said">{said}</div>'
    return (
        f'<figure class="essay-figure essay-{figure.state}" id="{prefix}{asked.id}">'
        f"<figcaption>{caption}</figcaption>{body}{_method(figure, language)}</figure>"
    )


def _sentence(figure: Reckoned) -> Words:
    """The essay's own sentence with its {names} filled; the measure's where it has none."""
    say = figure.asked.say
    if say is None or figure.state not in (FOUND, NOTHING):
        return figure.said
    by = {}
    for language in TONGUES:
        filled = {n: spoken_number(one, language) for n, one in figure.numbers.items()}
        try:
            by[language] = say.of(language).format(**filled)
        except (KeyError, IndexError, ValueError) as error:
            gone = words("state.no_number").of(language)
            by[language] = f"{figure.said.of(language)} [{gone}: {error}]"
    return Words(by["ko"], by["en"])


def _method(figure: Reckoned, language: str) -> str:
    """What a figure is held against, through which encoder, and the finding that it is."""
    parts = []
    if figure.against.ko:
        held = words("figure.against", what=figure.against)
        parts.append(held)
    if figure.encoder:
        parts.append(words("figure.lens", what=figure.encoder))
    if figure.finding:
        parts.append(words("figure.finding", what=figure.finding))
    said = Words(*(" · ".join(one.of(tongue) for one in parts) for tongue in TONGUES))
    return f'<div class="essay-small">{beside(said, language, "p")}</div>' if parts else ""


def rests_html(figures: Mapping[str, Reckoned], ground: Ground, language: str) -> str:
    """Which site, revisions, encoders and version all numbers of the essay came from."""
    computed = [one for one in figures.values() if one.is_computed]
    rests = dict(pair for one in computed for pair in one.rests)
    parts = [words("essay.no_numbers")]
    if rests:
        parts = [words("essay.site", name=_named(ground))]
    parts += [words("essay.revision", name=n, revision=r[:16]) for n, r in sorted(rests.items())]
    encoders = sorted({one.encoder for one in computed if one.encoder})
    parts += [words("figure.lens", what=one) for one in encoders]
    known = [one.numbers["dossiers"] for one in computed if one.asked.measure in (DOSSIERS, RECORD)]
    parts += [words("essay.archives", n=f"{one.value:.0f}") for one in known[:1]]
    parts.append(words("essay.code", version=__version__))
    said = Words(*(" · ".join(one.of(tongue) for one in parts) for tongue in TONGUES))
    head = f"<h2>{beside(words('essay.numbers'), language)}</h2>"
    return f'{head}<div class="essay-small">{beside(said, language, "p")}</div>'


def _named(ground: Ground) -> str:
    """The site's folder by its own name; where it lies on the host is nobody else's to know."""
    assert ground.site is not None  # noqa: S101 - for the type checker
    return ground.site.folder.path.resolve().name
