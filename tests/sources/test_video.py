"""video: frames by the time at which they are shown, found again in their clip."""

from __future__ import annotations

import hashlib
import io
import json
import math
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

import excavate
from excavate.catalog.cataloguing import DigRequest, catalogue
from excavate.catalog.originals import OriginalError, Originals
from excavate.catalog.thumbnails import read_table
from excavate.errors import SourceError
from excavate.model import SourceOptions
from excavate.settings import Settings
from excavate.sources import open_source
from excavate.sources.clips import Clip, read_clip
from excavate.sources.sampling import Sampling, sampled
from tests.sources.contract import Whole, joined
from tests.sources.fixtures import png, put
from tests.sources.fixtures_video import HEIGHT, WIDTH, clip, clips, shown

EACH = SourceOptions(given={"every": "0.1"})


def read(text: str, **given: str) -> Whole:
    """All rows of a source."""
    return joined(open_source(text, SourceOptions(given=given)).batches(100))


def keys(text: str, **given: str) -> list[str]:
    """The second of each frame that is taken of a clip."""
    return [item["key"].partition("#t=")[2] for item in read(text, **given)["items"]]


def bar(content: bytes) -> int:
    """How far the white bar of a frame reaches: which frame it is."""
    pixels = np.asarray(Image.open(io.BytesIO(content)).convert("RGB"), int)
    return int((pixels[4].min(axis=1) > 128).sum())


def left_out(root: Path) -> tuple[str, ...]:
    return open_source(f"video:{root}").describe().left_out


def test_frames_of_every_clip(tmp_path: Path) -> None:
    whole = read(clips(tmp_path))
    assert [item["key"] for item in whole["items"]] == [
        *("c.gif#t=0.000", "c.gif#t=1.000", "c.gif#t=1.100", "c.gif#t=4.000"),
        *("run/b.webm#t=0.000", "run/b.webm#t=1.000"),
        *(f"걷기/a.mp4#t={second}.000" for second in range(4)),
    ]
    assert {(i["width"], i["height"], i["mode"]) for i in whole["items"]} == {(64, 48, None)}
    assert {i["creator"] for i in whole["items"]} == {None, "Kim"}
    assert [r["value"] for r in whole["labels"]] == ["run"] * 2 + ["걷기"] * 4
    assert left_out(tmp_path) == (
        "1 file of other kinds (.txt 1): not read",
        "fake.mov: Invalid data found when processing input: not read",
    )


def test_what_a_clip_says_of_itself(tmp_path: Path) -> None:
    whole = read(clips(tmp_path))
    said = {r["name"]: r["value"] for r in whole["attributes"] if r["row"] == 7}
    assert {name: said[name] for name in said if "." not in name} == {
        "clip": "걷기/a.mp4",
        "timecode": "00:00:01.000",
        "frame": "10",
        "keyframe": "false",
    }
    assert (said["clip.codec"], said["clip.fps"], said["clip.seconds"]) == ("mpeg4", "10", "3.5")
    assert (said["clip.rotation"], json.loads(said["clip.other_tracks"])) == ("0", ["audio aac"])
    assert (said["metadata.title"], said["metadata.artist"]) == ("제목", "Kim")
    assert {(r["said_by"], r["source"]) for r in whole["attributes"] if r["row"] == 7} == {
        ("metadata", "걷기/a.mp4")
    }


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("a.mp4", "mpeg4"),
        ("a.mov", "libx264"),
        ("a.mkv", "libx264"),
        ("a.avi", "mpeg4"),
        ("a.webm", "libvpx-vp9"),
        ("a.gif", "gif"),
        ("a.mpg", "mpeg2video"),
    ],
)
def test_a_frame_is_the_same_by_whatever_way_it_is_reached(
    name: str, codec: str, tmp_path: Path
) -> None:
    clip(tmp_path / name, range(60), codec=codec)
    items = read(f"video:{tmp_path}/{name}", every="0.5")["items"]
    assert len(items) == 12
    forward = Originals(tmp_path)
    pictures = [forward.read(i["path"], i["part"]) for i in items]
    late = math.ceil(0 if codec != "mpeg2video" else 1)  # its first packets have no time
    assert [abs(bar(p) - 5 * n) <= late for n, p in enumerate(pictures)] == [True] * 12
    for item, picture in reversed(list(zip(items, pictures, strict=True))):
        assert Originals(tmp_path).read(item["path"], item["part"]) == picture
        assert forward.read(item["path"], item["part"]) == picture


@pytest.mark.parametrize(("rotation", "turns"), [(90, 1), (-90, 3), (180, 2), (0, 0)])
def test_rotation_is_applied(rotation: float, turns: int, tmp_path: Path) -> None:
    """numpy's rot90 turns counter-clockwise, as the clip's matrix does."""
    clip(tmp_path / "a.mp4", range(5), rotation=rotation)
    [item] = read(f"video:{tmp_path}")["items"]
    picture = Image.open(io.BytesIO(Originals(tmp_path).read(item["path"], item["part"])))
    assert picture.size == (item["width"], item["height"])
    wanted = np.rot90(shown(0), turns).astype(int)
    assert np.abs(np.asarray(picture, int) - wanted).mean() < 12


@pytest.mark.parametrize(
    ("given", "seconds"),
    [
        ({}, ["0.000", "1.000", "2.000", "3.000"]),
        ({"every": "1.5"}, ["0.000", "1.500", "3.000"]),
        ({"every": "100"}, ["0.000"]),
        ({"every": "1", "most": "2"}, ["0.000", "3.000"]),
        ({"every": "0.1", "most": "3"}, ["0.000", "1.700", "3.400"]),
        ({"most": "1"}, ["0.000"]),
        ({"keyframes": "yes"}, ["0.000", "1.200", "2.400"]),
        ({"keyframes": "yes", "every": "2"}, ["0.000", "1.200"]),
    ],
)
def test_sampling(given: dict[str, str], seconds: list[str], tmp_path: Path) -> None:
    clip(tmp_path / "a.mkv", codec="libvpx-vp9")
    assert keys(f"video:{tmp_path}", **given) == seconds


def test_variable_rate_is_sampled_by_the_time_at_which_frames_are_shown(tmp_path: Path) -> None:
    """A frame on the screen for three seconds is taken once; one that no second meets is not."""
    clip(tmp_path / "a.mkv", [0, 2, 8, 9, 40, 41, 50], codec="libvpx-vp9")
    assert keys(f"video:{tmp_path}") == ["0.000", "0.900", "4.000", "5.000"]


TIMES = st.lists(st.integers(0, 400), min_size=1, max_size=30, unique=True).map(sorted)


@settings(max_examples=150, deadline=None)
@given(
    times=TIMES, every=st.sampled_from(["1", "0.3", "2.5", "0.04"]), rate=st.sampled_from([10, 24])
)
def test_exactly_the_frames_on_the_screen_at_each_multiple(
    times: list[int], every: str, rate: int
) -> None:
    step, tick = Fraction(every), Fraction(1, rate)
    made = Clip(1, 1, tick, times, set(), "x", Fraction(rate), None, 0, None, [])
    end = times[-1] - times[0] + 1
    wanted, second = [], Fraction(0)
    while second < end * tick:
        wanted.append(max(time for time in times if (time - times[0]) * tick <= second))
        second += step
    assert [time for _, time in sampled(made, Sampling(step))] == sorted(set(wanted))


@given(
    times=st.lists(st.integers(-(10**12), 10**12), min_size=1, max_size=5).map(sorted),
    tick=st.fractions(Fraction(1, 10**6), 2, max_denominator=10**6),
)
def test_milliseconds_are_those_of_round(times: list[int], tick: Fraction) -> None:
    made = Clip(1, 1, tick, times, set(), "x", None, None, 0, None, [])
    assert [made.thousandth(t) for t in times] == [round(made.second(t) * 1000) for t in times]


def test_a_dig_shows_the_frame_at_its_full_size(tmp_path: Path) -> None:
    clip(tmp_path / "clips" / "a.mp4", range(35), said={"title": "x"})
    request = DigRequest(f"video:{tmp_path}/clips", tmp_path / "site")
    dug = catalogue(request, Settings(workers=1))
    assert (dug.items, dug.faults) == (4, {})
    site = excavate.open_site(tmp_path / "site")
    items = site.items()
    found = site.original(str(items["item_id"][2]))
    assert found is not None
    content, kind, etag = found
    assert (kind, Image.open(io.BytesIO(content)).size) == ("image/bmp", (WIDTH, HEIGHT))
    assert hashlib.sha256(content).hexdigest() == items["sha256"][2]
    assert bar(content) == 20
    site.close()


def test_a_clip_that_breaks_off_gives_the_frames_before(tmp_path: Path) -> None:
    whole = clip(tmp_path / "a.mkv", range(60), codec="mpeg4").read_bytes()
    put(tmp_path / "a.mkv", whole[: len(whole) // 2])
    flagged = clip(tmp_path / "b.mp4", range(60), movflags="faststart").read_bytes()
    put(tmp_path / "b.mp4", flagged[: len(flagged) * 2 // 3])
    put(tmp_path / "c.mp4", clip(tmp_path / "c.mp4").read_bytes()[:2000])
    said = left_out(tmp_path)
    assert [line.split(" of ")[1] for line in said[:2]] == [
        "6.000 seconds: read up to there",
        "60 frames: read up to there",
    ]
    assert said[2:] == ("c.mp4: Invalid data found when processing input: not read",)
    batch = next(iter(open_source(f"video:{tmp_path}").batches(100)))
    readings = read_table(batch.items, str(tmp_path), 10**6).to_pylist()
    assert {r["pixels"] for r in readings} == {"read"}
    assert len(readings) >= 4


@pytest.mark.parametrize("place", [0.3, 0.5, 0.7])
def test_a_run_of_frames_that_a_matroska_loses_is_told(place: float, tmp_path: Path) -> None:
    content = bytearray(clip(tmp_path / "a.mkv", range(600)).read_bytes())
    assert left_out(tmp_path) == ()
    start = int(len(content) * place)
    content[start : start + 400] = bytes(400)
    put(tmp_path / "a.mkv", bytes(content))
    times = [Fraction(second) for second in keys(f"video:{tmp_path}", every="0.1")]
    before, after = max(pairwise(times), key=lambda pair: pair[1] - pair[0])
    assert left_out(tmp_path) == (
        f"a.mkv: no frame between {float(before):.3f} and {float(after):.3f} seconds: "
        "one may last so long, or some are lost",
    )


def test_a_frame_that_says_that_it_lasts_is_no_gap(tmp_path: Path) -> None:
    times = [0, 1, 2, 3, 60, 61, 62, 63]
    clip(tmp_path / "a.mp4", times, codec="libx264")
    clip(tmp_path / "b.gif", times, codec="gif")
    assert left_out(tmp_path) == ()
    clip(tmp_path / "c.mkv", [*times, 99, 100])
    assert left_out(tmp_path) == (
        "c.mkv: no frame between 0.300 and 6.000 seconds (the first of 2 gaps): "
        "one may last so long, or some are lost",
    )


@pytest.mark.parametrize("codec", ["libx264", "mpeg4"])
def test_damage_in_the_middle_is_a_fault(codec: str, tmp_path: Path) -> None:
    """H.264 may take damage for pictures; that stays within what was damaged."""
    content = bytearray(clip(tmp_path / "a.mp4", range(60), codec=codec).read_bytes())
    for place in range(len(content) // 4, len(content) // 2):
        content[place] = 0x55
    put(tmp_path / "a.mp4", bytes(content))
    batch = next(iter(open_source(f"video:{tmp_path}", EACH).batches(100)))
    readings = read_table(batch.items, str(tmp_path), 10**6).to_pylist()
    found = [n for n, reading in enumerate(readings) if reading["pixels"] == "read"]
    assert (found[0], found[-1], len(readings)) == (0, 59, 60)
    wrong = [r["detail"] for r in readings if r["pixels"] == "fault"]
    assert wrong
    assert all("can be decoded" in detail for detail in wrong)
    originals, parts = Originals(tmp_path), batch.items["part"].to_pylist()
    odd = [n for n in found if bar(originals.read("a.mp4", parts[n])) != n]
    assert odd == [] if codec == "mpeg4" else all(60 // 4 - 12 < n < 60 // 2 + 12 for n in odd)


def test_a_clip_can_open_no_other_file(tmp_path: Path) -> None:
    clip(tmp_path / "real.ts", range(5), codec="libx264")
    real = tmp_path / "real.ts"
    put(
        tmp_path / "a.mp4",
        f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{real}\n#EXT-X-ENDLIST\n",
    )
    put(tmp_path / "b.mkv", f"ffconcat version 1.0\nfile '{real}'\n")
    put(tmp_path / "c.avi", png(64, 48))  # a picture is no clip either: its format is not known
    with pytest.raises(SourceError) as refused:
        open_source(f"video:{tmp_path}").describe()
    wrong = "Invalid data found when processing input: not read"
    said = str(refused.value).replace(str(tmp_path), "ROOT")
    assert said.startswith(
        "ROOT: no clip that can be read; 1 file of other kinds (.ts 1): not read; "
    )
    assert said.count("not read") == 4
    assert wrong in said


def test_a_file_of_sound_alone_has_no_frames(tmp_path: Path) -> None:
    import av

    (tmp_path / "x").mkdir()
    with av.open(str(tmp_path / "x" / "a.mp4"), "w") as container:
        track = container.add_stream("aac", rate=8000, layout="mono")
        silence = av.AudioFrame.from_ndarray(np.zeros((1, 8000), np.float32), "fltp", "mono")
        silence.sample_rate = 8000
        container.mux(track.encode(silence))
        container.mux(track.encode())
    with pytest.raises(SourceError) as refused:
        open_source(f"video:{tmp_path}/x").describe()
    assert str(refused.value).replace(str(tmp_path), "ROOT") == (
        "ROOT/x: no clip that can be read; a.mp4: no video track: not read. Clips end in .mp4 .m4v "
        ".mov .mkv .webm .avi .gif .mpg .mpeg .ogv .wmv .flv .3gp .m2ts .mts"
    )


def test_all_options_that_cannot_be_used_in_one_error(tmp_path: Path) -> None:
    given = {"every": "nan", "most": "0", "keyframes": "ja"}
    with pytest.raises(SourceError) as refused:
        open_source(f"video:{tmp_path}", SourceOptions(given=given))
    assert str(refused.value) == (
        "video: options that cannot be used (3). "
        "Write --option every=0.5 --option most=100 --option keyframes=yes\n"
        "  every: 'nan' is no number of seconds from 0.001 to 1,000,000\n"
        "  most: '0' is no whole number from 1 to 1,000,000\n"
        "  keyframes: 'ja' is neither yes nor no"
    )


def test_a_frame_that_is_not_there_is_no_original(tmp_path: Path) -> None:
    clip(tmp_path / "a.mp4", range(5))
    for part, why in (("pts:1", "no frame at 1 can be decoded"), ("pts:x", "invalid literal")):
        with pytest.raises(OriginalError, match=why):
            Originals(tmp_path).read("a.mp4", part)
    put(tmp_path / "b.mp4", "no clip")
    with pytest.raises(OriginalError, match=r"b\.mp4 pts:0: Invalid data"):
        Originals(tmp_path).read("b.mp4", "pts:0")


def test_what_it_says_changes_with_the_clip_and_the_sampling(tmp_path: Path) -> None:
    clip(tmp_path / "a.mp4", range(5))

    def seen(**given: Any) -> str:
        return open_source(f"video:{tmp_path}", SourceOptions(given=given)).describe().fingerprint

    assert seen() == seen(every="1.0") != seen(every="2")
    before = seen()
    clip(tmp_path / "a.mp4", range(6))
    assert seen() != before


def test_what_is_read_of_a_clip(tmp_path: Path) -> None:
    found = read_clip(clip(tmp_path / "a.mp4", range(3)))
    assert (found.width, found.height, len(found.times), found.broken) == (64, 48, 3, None)
