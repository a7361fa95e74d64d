"""Where a CLIP's weights come from, and what they were trained on.

`clip:MODEL/PRETRAINED` is cut at its first slash: no open_clip architecture has one in its
name. PRETRAINED is a local file where it has a slash itself or ends like a weights file, so
`clip:ViT-B-32//disk/w.pt` is absolute, `clip:ViT-B-32/./w.safetensors` relative; otherwise it
is an open_clip tag. A local file may say `?as=TAG` (prepare pictures as that tag does, and it
holds that tag's weights) or `?trained_on=TEXT`.
"""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from excavate.embedding.encoder import NOT_STATED
from excavate.embedding.spec import existing_file, split_options
from excavate.errors import EncoderError

ENDINGS = (".pt", ".pth", ".bin", ".safetensors")
SECONDS_TO_ANSWER = 5.0
THREE_WAYS_OUT = (
    "Three ways out: connect to the internet once, so that they can be fetched and kept; "
    "or give a local file, clip:MODEL//path/to/weights.safetensors; "
    "or use an encoder that needs no download: pixels:N, descriptor or onnx:FILE"
)
# Tag prefix -> the data behind the lens; the first that fits counts.
TRAINED_ON = (
    ("mscoco_finetuned_laion2b", "LAION-2B, then MS COCO"),
    ("laion_aesthetic", "LAION-Aesthetic (LAION-5B, filtered)"),
    ("laion2b", "LAION-2B"),
    ("laion400m", "LAION-400M"),
    ("laion5b", "LAION-5B"),
    ("frozen_laion5b", "LAION-5B"),
    ("openai", "WIT-400M (OpenAI, not published)"),
    ("webli", "WebLI (Google, not published)"),
    ("datacompdr", "DataCompDR-1B"),
    ("datacomp_l", "DataComp, large pool, filtered"),
    ("datacomp_m", "DataComp, medium pool, filtered"),
    ("datacomp_s_", "DataComp, small pool, filtered"),
    ("datacomp", "DataComp-1B"),
    ("commonpool_xl", "CommonPool, xlarge"),
    ("commonpool_l", "CommonPool, large"),
    ("commonpool_m", "CommonPool, medium"),
    ("commonpool_s", "CommonPool, small"),
    ("dfndr2b", "DFNDR-2B"),
    ("dfn2b", "DFN-2B"),
    ("dfn5b", "DFN-5B"),
    ("metaclip2_worldwide", "MetaCLIP 2 worldwide (Meta, not published)"),
    ("metaclip", "MetaCLIP (CommonCrawl; Meta, not published)"),
    ("merged2b", "Merged-2B (LAION-2B and COYO-700M)"),
    ("cc12m", "CC12M"),
    ("yfcc15m", "YFCC-15M"),
)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights that are at hand: a file, how its pictures are prepared, what it was trained on."""

    model: str
    file: Path
    trained_on: str
    preprocess: dict[str, Any]  # mean, std, interpolation, resize_mode; empty: open_clip's own
    quick_gelu: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a `clip:` spec asks for, read but not yet looked for."""

    spec: str
    model: str
    pretrained: str
    is_file: bool
    options: dict[str, str]


def read_spec(rest: str) -> Wanted:
    """`MODEL/PRETRAINED?options` in parts. Raises EncoderError where it is written otherwise."""
    spec = f"clip:{rest}"
    name, options = split_options(spec, rest, ("as", "trained_on"))
    model, _, pretrained = name.partition("/")
    if not model or not pretrained:
        todo = "Write clip:MODEL/PRETRAINED, such as clip:ViT-B-32/laion2b_s34b_b79k"
        raise EncoderError("this encoder is written otherwise", spec, todo)
    is_file = "/" in pretrained or "\\" in pretrained or pretrained.endswith(ENDINGS)
    if options and not is_file:
        raise EncoderError("options belong to a local file, not to a tag", spec)
    return Wanted(spec, model, pretrained, is_file, options)


def find_weights(wanted: Wanted) -> Weights:
    """The weights as a local file, fetched if they must and can be.

    Raises EncoderError (unknown model, tag or file; or not to be had, with three ways out).
    """
    import open_clip

    if wanted.model not in open_clip.list_models():
        todo = "open_clip.list_models() names them, such as ViT-B-32"
        raise EncoderError(f"open_clip has no model {wanted.model!r}", wanted.spec, todo)
    if not wanted.is_file:
        tag = _tag(wanted, wanted.pretrained)
        fetched = from_hub(lambda: Path(open_clip.download_pretrained(tag)), wanted.spec)
        return _weights(wanted, fetched, trained_on(wanted.pretrained), tag)
    file = existing_file(wanted.spec, wanted.pretrained)
    if file.suffix not in ENDINGS:
        raise EncoderError(f"weights end on {', '.join(ENDINGS)}", wanted.spec)
    like = wanted.options.get("as")
    stated = wanted.options.get("trained_on") or (trained_on(like) if like else NOT_STATED)
    return _weights(wanted, file, stated, _tag(wanted, like) if like else {})


def trained_on(tag: str) -> str:
    """The data an open_clip tag's weights were trained on, as far as its name tells."""
    clean = tag.lower().replace("-", "_")
    found = (said for prefix, said in TRAINED_ON if clean.startswith(prefix))
    return next(found, f"{NOT_STATED} (tag {tag})")


def from_hub(load: Callable[[], T], spec: str) -> T:
    """Run `load` on what is kept locally; if that is not enough and the hub answers, online.

    Raises EncoderError within seconds where there is no connection.
    """
    try:
        with hub_closed():
            return load()
    except Exception as missing:
        if not hub_answers():
            raise EncoderError(
                "its files are not on this machine and the model hub cannot be reached",
                spec,
                THREE_WAYS_OUT,
            ) from missing
    try:
        return load()
    except Exception as error:
        said = " ".join(str(error).split())
        raise EncoderError(f"its files cannot be had ({said})", spec, THREE_WAYS_OUT) from error


@contextmanager
def hub_closed() -> Iterator[None]:
    """Let the Hugging Face libraries look only at what they have kept: no retrying, no wait."""
    from huggingface_hub import constants

    before = constants.HF_HUB_OFFLINE
    constants.HF_HUB_OFFLINE = True
    try:
        yield
    finally:
        constants.HF_HUB_OFFLINE = before


def hub_answers() -> bool:
    """Whether the model hub (HF_ENDPOINT) answers within seconds; any answer counts."""
    from huggingface_hub import constants

    if constants.HF_HUB_OFFLINE or not constants.ENDPOINT.startswith(("http://", "https://")):
        return False
    head = urllib.request.Request(constants.ENDPOINT, method="HEAD")  # noqa: S310 (checked)
    try:
        urllib.request.urlopen(head, timeout=SECONDS_TO_ANSWER).close()  # noqa: S310
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def _weights(wanted: Wanted, file: Path, said: str, tag: dict[str, Any]) -> Weights:
    named = ("mean", "std", "interpolation", "resize_mode")
    preprocess = {key: tag[key] for key in named if key in tag}
    return Weights(wanted.model, file, said, preprocess, bool(tag.get("quick_gelu")))


def _tag(wanted: Wanted, tag: str) -> dict[str, Any]:
    import open_clip

    found: dict[str, Any] = dict(open_clip.get_pretrained_cfg(wanted.model, tag))
    if not found:
        tags = ", ".join(open_clip.list_pretrained_tags_by_model(wanted.model)) or "none"
        todo = f"Its tags: {tags}. A local file is written with a slash: clip:MODEL/./FILE"
        raise EncoderError(f"{wanted.model} has no weights {tag!r}", wanted.spec, todo)
    return found
