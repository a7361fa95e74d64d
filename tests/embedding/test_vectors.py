"""Embedding: normalised, memory-mapped, reused by sha256, resumable after a real SIGKILL."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from excavate.catalog.folder import SiteFolder
from excavate.embedding.prefetch import AHEAD
from excavate.embedding.reading import load_rows, load_vectors
from excavate.embedding.vectors import embed, normalised
from excavate.errors import EncoderError, SiteError
from tests.embedding.fakes import ToyEncoder, ToyPictures, picture, table

PROJECT = Path(__file__).resolve().parents[2]


def expected(seeds: list[int]) -> np.ndarray:
    encoder = ToyEncoder()
    rows = np.stack([encoder.prepare(picture(s)).astype(np.float64) for s in seeds])
    vectors = rows @ encoder.weights
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def folder(tmp_path: Path) -> SiteFolder:
    return SiteFolder(tmp_path / "site").make()


def test_one_normalised_row_for_each_picture_in_order(tmp_path):
    pictures = ToyPictures(list(range(10)))
    made = embed(folder(tmp_path), pictures, ToyEncoder())
    vectors = load_vectors(made)
    assert isinstance(vectors, np.memmap)
    assert vectors.dtype == np.float32
    assert np.allclose(vectors, expected(pictures.seeds), atol=1e-6)
    assert load_rows(made).equals(pictures.rows)
    assert made.provenance["encoder"] == "toy v1"
    assert {k: made.result[k] for k in ("rows", "dimension", "embedded", "reused", "copied")} == {
        "rows": 10,
        "dimension": 5,
        "embedded": 10,
        "reused": 0,
        "copied": 0,
    }


def test_the_same_question_is_computed_once(tmp_path):
    site, encoder = folder(tmp_path), ToyEncoder()
    first = embed(site, ToyPictures([1, 2]), encoder)
    again = ToyPictures([1, 2])
    assert embed(site, again, encoder) == first
    assert again.opened == []


def test_no_pictures_at_all(tmp_path):
    made = embed(folder(tmp_path), ToyPictures([]), ToyEncoder())
    assert load_vectors(made).shape == (0, 5)
    assert load_rows(made).num_rows == 0


def test_a_zero_vector_stays_zero(tmp_path):
    encoder = ToyEncoder()
    encoder.weights[:] = 0
    made = embed(folder(tmp_path), ToyPictures([1, 2, 3]), encoder)
    assert np.array_equal(load_vectors(made), np.zeros((3, 5)))
    assert made.result["zero_vectors"] == 3


def test_normalising_survives_huge_and_tiny_numbers():
    rows = normalised(np.array([[3e30, 4e30], [3e-30, 4e-30], [0, 0]], np.float32))
    assert np.allclose(rows, [[0.6, 0.8], [0.6, 0.8], [0, 0]])


def test_numbers_that_are_not_finite_name_the_item(tmp_path):
    encoder = ToyEncoder()
    encoder.weights[:] = np.nan
    with pytest.raises(EncoderError, match=r"not finite for toy/all/0 [(]4 in its batch[)]"):
        embed(folder(tmp_path), ToyPictures(list(range(6))), encoder)


def test_another_shape_than_promised(tmp_path):
    encoder = ToyEncoder()
    encoder.dimension = 6
    with pytest.raises(EncoderError, match=r"toy: gives \(2, 5\) instead of \(2, 6\)"):
        embed(folder(tmp_path), ToyPictures([1, 2]), encoder)


def test_a_picture_that_cannot_be_opened_is_an_error_of_the_caller(tmp_path):
    class Torn(ToyPictures):
        def open(self, index):
            if index == 7:
                raise OSError("gone")
            return super().open(index)

    site = folder(tmp_path)
    with pytest.raises(OSError, match="gone"):
        embed(site, Torn(list(range(20))), ToyEncoder())
    assert threading.active_count() < 20
    assert embed(site, ToyPictures(list(range(20))), ToyEncoder()).result["rows"] == 20


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_only_what_lacks_a_vector_is_embedded(tmp_path_factory, data):
    """Over revisions with any overlap, rows equal a fresh computation; each picture once."""
    site = folder(tmp_path_factory.mktemp("reuse"))
    encoder, known = ToyEncoder(batch_size=3), set()
    for revision in range(3):
        seeds = data.draw(st.lists(st.integers(0, 12), max_size=14))
        pictures = ToyPictures(seeds, revision=f"r{revision}")
        made = embed(site, pictures, encoder)
        opened = [seeds[i] for i in pictures.opened]
        assert sorted(opened) == sorted(set(seeds) - known)
        assert made.result["embedded"] == len(opened)
        assert made.result["embedded"] + made.result["reused"] + made.result["copied"] == len(seeds)
        if seeds:
            assert np.allclose(load_vectors(made), expected(seeds), atol=1e-6)
        known |= set(seeds)


def test_other_encoders_and_datasets_share_nothing(tmp_path):
    site = folder(tmp_path)
    embed(site, ToyPictures([1, 2]), ToyEncoder())
    for pictures, encoder in (
        (ToyPictures([1, 2], dataset_id="other"), ToyEncoder()),
        (ToyPictures([1, 2]), ToyEncoder(identity="toy v2")),
    ):
        assert embed(site, pictures, encoder).result["reused"] == 0


def test_vectors_from_lossy_thumbnails_are_counted_and_not_reused(tmp_path):
    class Moved(ToyPictures):
        def open(self, index):
            self.from_thumbnails += 1
            return super().open(index)

    site = folder(tmp_path)
    assert embed(site, Moved([1, 2]), ToyEncoder()).result["from_thumbnails"] == 2
    again = embed(site, ToyPictures([1, 2, 3], revision="r2"), ToyEncoder())
    assert (again.result["reused"], again.result["from_thumbnails"]) == (0, 0)


def test_rows_without_a_sha256_are_each_their_own(tmp_path):
    pictures = ToyPictures([1, 2, 3])
    pictures.rows = table([None, None, "a"])
    made = embed(folder(tmp_path), pictures, ToyEncoder())
    assert np.allclose(load_vectors(made), expected([1, 2, 3]), atol=1e-6)


def test_batches_end_at_fixed_numbers_of_what_is_lacking(tmp_path):
    site, encoder = folder(tmp_path), ToyEncoder(batch_size=4)
    embed(site, ToyPictures([0, 5]), encoder)
    encoder.batches.clear()
    embed(site, ToyPictures(list(range(12)), revision="r2"), encoder)
    assert encoder.batches == [4, 4, 2]


def test_reading_ahead_is_bounded(tmp_path):
    pictures = ToyPictures(list(range(400)))
    ahead = []

    class Watching(ToyEncoder):
        def encode(self, batch):
            time.sleep(0.002)
            ahead.append(len(pictures.opened) - sum(self.batches))
            return super().encode(batch)

    embed(folder(tmp_path), pictures, Watching(batch_size=10))
    assert max(ahead) <= (AHEAD + 1) * 10


SLOW = """
import sys, time
sys.path.insert(0, {project!r})
from excavate.catalog.folder import SiteFolder
from excavate.embedding import shards
from excavate.embedding.vectors import embed
from tests.embedding.fakes import ToyEncoder, ToyPictures

shards.SECONDS_BETWEEN = 0.0

class Slow(ToyEncoder):
    def encode(self, batch):
        time.sleep(0.03)
        return super().encode(batch)

def told(stage, done, total):
    print(done, flush=True)

embed(SiteFolder({site!r}), ToyPictures(list(range(60))), Slow(batch_size=4), told)
"""


def start_slowly(site: SiteFolder) -> subprocess.Popen[str]:
    script = textwrap.dedent(SLOW).format(project=str(PROJECT), site=str(site.path))
    return subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)


@pytest.mark.parametrize("until", [4, 28, 56])
def test_killed_and_resumed_equals_uninterrupted(tmp_path, until):
    site = folder(tmp_path)
    process = start_slowly(site)
    assert process.stdout is not None
    for line in process.stdout:
        if int(line) >= until:
            break
    os.kill(process.pid, signal.SIGKILL)
    assert process.wait(timeout=120) == -signal.SIGKILL
    process.stdout.close()

    resumed_pictures, encoder = ToyPictures(list(range(60))), ToyEncoder(batch_size=4)
    resumed = embed(site, resumed_pictures, encoder)
    whole = embed(folder(tmp_path / "2"), ToyPictures(list(range(60))), ToyEncoder(batch_size=4))

    assert resumed.result["resumed_at"] >= until - 4
    assert len(resumed_pictures.opened) == 60 - resumed.result["resumed_at"]
    assert set(encoder.batches) == {4}
    assert resumed.id == whole.id
    assert np.array_equal(load_vectors(resumed), load_vectors(whole))
    assert not list((site.path / "vectors").glob(".*"))


def test_an_unfinished_file_is_not_taken_for_vectors(tmp_path):
    site = folder(tmp_path)

    class Broken(ToyEncoder):
        def encode(self, batch):
            if self.batches:
                raise KeyboardInterrupt
            return super().encode(batch)

    with pytest.raises(KeyboardInterrupt):
        embed(site, ToyPictures(list(range(12))), Broken())
    from excavate.embedding.reading import vectors_of

    assert vectors_of(site, "toy") == []


def stopped_half_way(site: SiteFolder, pictures: ToyPictures) -> Path:
    """Leaves an unfinished vector file with 8 rows promised; returns it."""

    class Stops(ToyEncoder):
        def encode(self, batch):
            if len(self.batches) == 2:
                raise KeyboardInterrupt
            return super().encode(batch)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("excavate.embedding.shards.SECONDS_BETWEEN", 0.0)
        with pytest.raises(KeyboardInterrupt):
            embed(site, pictures, Stops())
    return next((site.path / "vectors").glob("*.npy"))


@pytest.mark.parametrize("torn", ["nothing", "marker", "header", "length"])
def test_what_is_torn_is_made_anew_never_believed(tmp_path, torn):
    site, seeds = folder(tmp_path), list(range(14))
    file = stopped_half_way(site, ToyPictures(seeds))
    if torn == "marker":
        next(file.parent.glob(".*.json")).write_text("{")
    if torn == "header":
        file.write_bytes(b"\x93NUMPY torn")
    if torn == "length":
        file.write_bytes(file.read_bytes()[:200])
    again = embed(site, ToyPictures(seeds), ToyEncoder())
    assert again.result["resumed_at"] == (8 if torn == "nothing" else 0)
    assert np.allclose(load_vectors(again), expected(seeds), atol=1e-6)


def test_a_full_disk_is_an_error_not_a_bus_error(tmp_path, monkeypatch):
    import shutil

    usage = type(shutil.disk_usage(tmp_path))(100, 99, 1)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)
    with pytest.raises(SiteError, match="no room for the vectors"):
        embed(folder(tmp_path), ToyPictures([1]), ToyEncoder())
