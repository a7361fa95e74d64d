"""What would go out of a counter-dataset, what holds it back, and what went out, as HTML."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from excavate.components.addresses import under
from excavate.components.counter_pictures import Rows, picture_html
from excavate.components.counter_words import GROUNDS, KINDS, called, licence_name
from excavate.i18n import N_, _, _n, spoken
from excavate.release.standing import given_rights, is_by_reference

if TYPE_CHECKING:
    from excavate.counter.records import Member
    from excavate.release.gate import Stopped
    from excavate.release.released import Made
    from excavate.release.standing import Standing
    from excavate.release.verifying import Verified

FORMATS = {
    "exhibition": N_("an exhibition that opens from a memory stick"),
    "catalogue": N_("a catalogue to print (PDF)"),
    "csv": N_("a table (CSV)"),
    "imagefolder": N_("a folder of pictures (ImageFolder)"),
    "coco": N_("boxes and labels (COCO)"),
    "labelme": N_("boxes and labels, a file a picture (Labelme)"),
}
UNSAID = N_("not said")
LISTED = 40
STRIP = 24  # pictures


def strip_html(held: Sequence[Member], rows: Rows) -> str:
    """The pictures of what would go out, in its order; empty places as they hang."""
    frames = "".join(
        f'<span class="exc-plan-frame">{picture_html(one, rows)}</span>' for one in held[:STRIP]
    )
    more = len(held) - STRIP
    rest = f'<p class="exc-quiet">{escape(_("and {n} more").format(n=f"{more:,}"))}</p>'
    return f'<div class="exc exc-plan-pictures">{frames}</div>{rest if more > 0 else ""}'


def goes_out_html(stands: Standing) -> str:
    """How much would go out: of each kind, under which licence, by reference, and what stays."""
    held = stands.members
    empty = sum(one.kind == "empty" for one in held)
    filled = len(held) - empty
    counts = (
        (filled, _n("member", "members", filled)),
        (empty, _n("place kept empty", "places kept empty", empty)),
        (sum(map(is_by_reference, held)), _("only named, without their pictures")),
        (len(stands.left_out), _("left out on purpose")),
    )
    shown = "".join(f"<li><b>{n:,}</b><span>{escape(words)}</span></li>" for n, words in counts)
    tables = _table(_("Kinds"), _kinds(held)) + _table(_("Licences"), _licences(held))
    return (
        f'<div class="exc"><ul class="exc-counts">{shown}</ul>'
        f'<div class="exc-release-tables">{tables}</div>{_left_out(stands.left_out)}</div>'
    )


def _kinds(held: Iterable[Member]) -> list[tuple[str, int]]:
    found = Counter(one.kind for one in held)
    return [(_(KINDS[kind]), n) for kind, n in found.most_common()]


def _licences(held: Iterable[Member]) -> list[tuple[str, int]]:
    found = Counter(_right(one) for one in held if one.kind != "empty")
    return found.most_common()


def _right(member: Member) -> str:
    """Under which licence or ground it goes out; that nobody said is said."""
    given = given_rights(member)
    if given.licence:
        return licence_name(given.licence)
    if given.ground:
        return _("declared ground: {ground}").format(ground=_(GROUNDS[given.ground]))
    if "licence" in given.unknowns:
        return _("decided to be unknown")
    return _(UNSAID)


def _table(title: str, rows: Sequence[tuple[str, int]]) -> str:
    if not rows:
        return ""
    body = "".join(
        f'<tr><th scope="row">{escape(name)}</th><td>{n:,}</td></tr>' for name, n in rows
    )
    return (
        f'<table class="exc-said"><caption>{escape(title)}</caption><tbody>{body}</tbody></table>'
    )


def _left_out(out: Sequence[Member]) -> str:
    if not out:
        return ""
    lines = "".join(
        f"<li><b>{escape(called(one))}</b> "
        f'<span lang="{escape(one.left_out.language)}">{escape(one.left_out.reason)}</span></li>'
        for one in out if one.left_out
    )  # fmt: skip
    return f'<h3>{escape(_("Left out, and why"))}</h3><ul class="exc-release-out">{lines}</ul>'


def stopped_html(stops: Sequence[Stopped], plan_id: str, reasons: Sequence[tuple[str, str]]) -> str:
    """What stops the release, member by member, each with the way to where it is mended.

    reasons: (what, what to do) of each in the language of the run.
    """
    if not stops:
        words = _("Nothing stops it: every licence, creator and consent is given or decided.")
        return f'<p class="exc exc-release-open"><b>{escape(words)}</b></p>'
    title = _n("{n} thing stops it", "{n} things stop it", len(stops)).format(n=len(stops))
    of: dict[tuple[str, int, str], list[tuple[str, str]]] = {}
    for one, said in zip(stops, reasons, strict=True):
        of.setdefault((one.member_id, one.number, one.kind), []).append(said)
    lines = "".join(_stop(key, said, plan_id) for key, said in list(of.items())[:LISTED])
    more = len(of) - LISTED
    rest = f"<li>{escape(_('and {n} more').format(n=f'{more:,}'))}</li>" if more > 0 else ""
    return (
        f'<section class="exc exc-release-stops"><h2>{escape(title)}</h2><ul>{lines}{rest}</ul>'
        f"</section>"
    )


def _stop(key: tuple[str, int, str], reasons: Sequence[tuple[str, str]], plan_id: str) -> str:
    """A member, and all that is wrong with it."""
    member_id, number, kind = key
    query = {"id": plan_id, "lang": spoken()}
    query |= {"member": member_id} if member_id else {"edit": "1"}
    name = _("The plan itself")
    if member_id:
        word = _(KINDS[kind]) if kind in KINDS else kind
        name = _("No. {n}, {kind}").format(n=number, kind=word)
    href = escape(under("/counter?" + urlencode(query)))
    way = f'<a href="{href}" data-page target="_self">{escape(name)}</a>'
    said = "".join(f"<p>{escape(what)}<small>{escape(do)}</small></p>" for what, do in reasons)
    return f"<li>{way}<div>{said}</div></li>"


def made_html(one: Made, gone: int | None) -> str:
    """A release that was made: its name, how much it holds, its checksum, the ways into it.

    gone: how many of its members were taken back since: then it is shown no more.
    """
    files = _n("{n} file", "{n} files", one.files + 1).format(n=f"{one.files + 1:,}")
    sums = f'<code title="checksums.sha256">{escape(one.checksum[:16])}…</code>'
    ways = f'<p class="exc-ways">{"".join(_link(*way) for way in _ways(one))}</p>'
    if gone or gone is None:
        ways = f'<p class="exc-dashed">{escape(_not_shown(gone))}</p>'
    return (
        f'<div class="exc exc-release-made"><h3>{escape(one.name)}</h3>'
        f'<p class="exc-quiet">{escape(files)} · {escape(_("checksum"))} {sums}</p>{ways}</div>'
    )


def _ways(one: Made) -> list[tuple[str, str, bool]]:
    """(address, words, whether it opens beside) of what can be looked at or taken away."""
    base = under(f"/release/{quote(one.name)}")
    looked = (
        ("exhibition/index.html", _("Open the exhibition")),
        ("catalogue.pdf", _("Catalogue (PDF)")),
        ("finding-aid.html", _("Finding aid")),
    )
    there = [(f"{base}/{file}", words, True) for file, words in looked
             if (one.folder / file).is_file()]  # fmt: skip
    return [*there, (f"{base}.zip", _("Download it (zip)"), False)]


def _not_shown(gone: int | None) -> str:
    if gone is None:
        return _("This room was not told of this release: it is not shown here.")
    words = _n(
        "{n} thing in it was taken back since, so it is not shown any more. Its folder in the site "
        "still holds it until a facilitator deletes it. Make the next version; where this one was "
        "handed on, ask for it to be deleted.",
        "{n} things in it were taken back since, so it is not shown any more. Its folder in the "
        "site still holds them until a facilitator deletes it. Make the next version; where this "
        "one was handed on, ask for it to be deleted.",
        gone,
    )
    return words.format(n=f"{gone:,}")


def _link(href: str, words: str, beside: bool) -> str:
    target = 'target="_blank" rel="noopener noreferrer"' if beside else "download"
    return f'<a href="{escape(href)}" {target}>{escape(words)}</a>'


def verified_html(found: Verified) -> str:
    """What verifying it came to: whole, or every fault."""
    if found.is_whole:
        words = _("Whole: {files} files and {plates} plates are as they were written.")
        said = words.format(files=f"{found.files:,}", plates=f"{found.plates:,}")
        return f'<p class="exc exc-notice" role="status"><strong>{escape(said)}</strong></p>'
    title = _n("Not whole: {n} fault", "Not whole: {n} faults", len(found.faults))
    lines = "".join(
        f"<li><b>{escape(one.place)}</b>: {escape(one.what)}</li>" for one in found.faults[:LISTED]
    )
    head = escape(title.format(n=f"{len(found.faults):,}"))
    return f'<div class="exc exc-notice" role="alert"><strong>{head}</strong><ul>{lines}</ul></div>'
