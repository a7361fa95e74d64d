"""Charts drawn into files on the host: plotly's own script in a Chromium that is installed.

Nothing is fetched: the script is the one that plotly ships, and formulas (fetched otherwise)
are off. A Chromium calls its makers by itself when it starts, so it is given a proxy where nobody
answers. Where the host has no such browser, the page lets plotly save the chart itself.
"""

from __future__ import annotations

import os
import re
import shutil
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from excavate import charts
from excavate.charts_findings import Bars, bars_of
from excavate.components.bars_drawn import bars_figure
from excavate.components.chart_desk import ChartDesk
from excavate.components.finding_words import lens_line, lenses
from excavate.components.font_pieces import with_fonts
from excavate.components.text_widths import COLUMN, wrapped
from excavate.errors import ExcavateError, MissingPartError, NotFoundError
from excavate.gaps.records import held_against, sentence, speaking
from excavate.gaps.registry import saying_of
from excavate.i18n import _

if TYPE_CHECKING:
    from concurrent.futures import Future

    from excavate.catalog.folder import SiteFolder
    from excavate.gaps.stored import Finding

BROWSERS = (
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome",
    "microsoft-edge", "msedge",
)  # fmt: skip
ELSEWHERE = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
WIDE, EDGE, LINE = 960, 12, 20
LARGE, SMALL = 16, 12  # of the type
TIMEOUT_S = 60
NOWHERE = "http://127.0.0.1:9"  # the discard port: whatever would leave this machine ends here
SVG_HEIGHT = re.compile(r'<svg[^>]*\sheight="(\d+)')
DESK = ChartDesk()


def browser_path() -> str | None:
    """The Chromium that draws charts into files: BROWSER_PATH, else one that is installed.

    None where there is none, or where kaleido is not installed.
    """
    if find_spec("kaleido") is None:
        return None
    named = os.environ.get("BROWSER_PATH")
    if named:
        return named if Path(named).is_file() else None
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    return found or next((path for path in ELSEWHERE if Path(path).is_file()), None)


def chart_file(folder: SiteFolder, finding: Finding, ending: str, language: str) -> bytes:
    """A finding's chart as "svg" or "png", with its sentence above and its provenance below.

    Raises NotFoundError where it has no chart, MissingPartError where nothing can draw it.
    """
    return chart_asked(folder, finding, ending, language).result()


def chart_asked(folder: SiteFolder, finding: Finding, ending: str, language: str) -> Future[bytes]:
    """The same, to be waited for: equal charts are drawn once, one at a time, and kept.

    Raises ExcavateError where too many wait.
    """
    key = (folder.path.resolve(), finding.id, ending, language)
    return DESK.ask(key, lambda: _file(folder, finding, ending, language))


def _file(folder: SiteFolder, finding: Finding, ending: str, language: str) -> bytes:
    with speaking(language):
        bars = bars_of(finding)
        if bars is None:
            raise NotFoundError("this finding has no chart", finding.id, "Take its rows instead")
        figure = captioned(folder, finding, bars)
    return _drawn(figure.to_json(), figure.layout.height, ending)


def captioned(folder: SiteFolder, finding: Finding, bars: Bars) -> Any:
    """The chart on paper: what it says above, what it rests on below."""
    figure = bars_figure(bars, charts.LIGHT, WIDE)
    above = _lines([sentence(finding)], LARGE)
    below = _lines(footing(folder, finding), SMALL)
    top, low = 20 + LINE * len(above) + 40, 56 + LINE * len(below)
    margin = figure.layout.margin
    height = figure.layout.height - margin.t - margin.b + top + low
    figure.update_layout(height=height, margin={"t": top, "b": low})
    left = EDGE - margin.l
    for caption, up in (
        (_caption(above, LARGE, "top", 1), top - 16),
        (_caption(below, SMALL, "bottom", 0), 12 - low),
    ):
        figure.add_annotation(caption | {"xshift": left, "yshift": up})
    return figure


def _lines(texts: list[str], size: int) -> list[str]:
    """Texts in lines that the paper has room for."""
    most = int((WIDE - 2 * EDGE) / (COLUMN * size))
    return [line for text in texts for line in wrapped(text, most)]


def _caption(lines: list[str], size: int, anchor: str, y: int) -> dict[str, Any]:
    return {
        "text": "<br>".join(map(charts.plain, lines)),
        "xref": "paper", "x": 0, "yref": "paper", "y": y,
        "xanchor": "left", "yanchor": anchor, "align": "left", "showarrow": False,
        "font": {"size": size},
    }  # fmt: skip


def footing(folder: SiteFolder, finding: Finding) -> list[str]:
    """What the chart rests on: measure, dataset and revision, reference, lens, its own id."""
    revisions = finding.made.provenance["revisions"]
    measured = ", ".join(f"{name} @ {revision[:12]}" for name, revision in revisions.items())
    return [
        f"{saying_of(finding.measure).title()} · {finding.dataset} · {measured}",
        _("Held against: {reference}").format(reference=held_against(finding)),
        *(f"{lens_line(trained_on)} {spec}" for spec, trained_on in lenses(folder, finding)),
        f"{_('Finding')} {finding.id} · Excavate {finding.made.result['versions']['excavate']}",
    ]


def _drawn(figure: str, height: int, ending: str) -> bytes:
    browser = browser_path()
    if browser is None:
        what = "no Chromium was found to draw a chart into a file"
        todo = "Install chromium and kaleido, or name one in BROWSER_PATH; the page draws it too"
        raise MissingPartError(what, ending, todo)
    try:
        return _by_browser(browser, figure, height, ending)
    except Exception as error:  # kaleido raises many kinds; all say that nothing was drawn
        what = f"the chart could not be drawn ({type(error).__name__})"
        raise ExcavateError(what, browser, "The page itself draws it; see its log") from error


def _by_browser(browser: str, figure: str, height: int, ending: str) -> bytes:
    import json

    import kaleido  # type: ignore[import-untyped]

    options = {"format": "svg", "width": WIDE, "height": height}
    host = {"mathjax": False, "path": browser, "timeout": TIMEOUT_S, "proxy_server": NOWHERE}
    drawn: bytes = kaleido.calc_fig_sync(json.loads(figure), opts=options, kopts=host)
    svg = with_fonts(drawn.decode("utf-8"))
    return svg.encode() if ending == "svg" else _photographed(browser, svg, height)


def _photographed(browser: str, svg: str, height: int) -> bytes:
    """The drawing as PNG, twice as fine: the browser that drew it takes its picture."""
    import subprocess
    import tempfile

    page = f"<!doctype html><meta charset=utf-8><style>body{{margin:0}}</style>{svg}"
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "chart.html").write_text(page, "utf-8")
        command = [
            browser, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--no-first-run", "--disable-default-apps", "--force-device-scale-factor=2",
            f"--proxy-server={NOWHERE}",
            f"--user-data-dir={place / 'profile'}", f"--window-size={WIDE},{height}",
            f"--screenshot={place / 'chart.png'}", (place / "chart.html").as_uri(),
        ]  # fmt: skip
        subprocess.run(command, check=True, capture_output=True, timeout=TIMEOUT_S)
        return (place / "chart.png").read_bytes()


def chart_files(folder: SiteFolder, finding: Finding, language: str) -> dict[str, bytes]:
    """A finding's chart as {"svg": …, "png": …}, drawn once. Raises as `chart_file` does."""
    svg = chart_file(folder, finding, "svg", language)
    browser = browser_path()
    height = SVG_HEIGHT.search(svg.decode("utf-8"))
    if browser is None or height is None:
        return {"svg": svg}
    return {"svg": svg, "png": _photographed(browser, svg.decode("utf-8"), int(height[1]))}
