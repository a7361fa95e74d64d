"""Neighbours and layouts as they are kept: provenance, extension, tiny and degenerate sets."""

from __future__ import annotations

import numpy as np
import pytest

from excavate.catalog.computed import Computed
from excavate.catalog.folder import SiteFolder
from excavate.embedding import neighbours as module
from excavate.embedding.arranging import Parameters, arrange
from excavate.embedding.layout import compute_layout
from excavate.embedding.neighbours import compute_neighbours, nearest, stacked
from excavate.embedding.placing import placed
from excavate.embedding.reading import (
    layouts_of,
    load_layout,
    load_neighbours,
    load_vectors,
    neighbours_of,
    newest_vectors,
    vectors_of,
)
from excavate.embedding.vectors import embed
from excavate.errors import EncoderError, ExcavateError, NotFoundError
from tests.embedding.fakes import ToyEncoder, ToyPictures, random_unit, unit


@pytest.fixture
def site(tmp_path) -> SiteFolder:
    return SiteFolder(tmp_path / "site").make()


def laid_out(site: SiteFolder, *pictures: ToyPictures, fresh: bool = False, **asked) -> Computed:
    vectors = [embed(site, p, ToyEncoder()) for p in pictures]
    neighbours = compute_neighbours(site, vectors, 20)
    return compute_layout(site, vectors, neighbours, Parameters(**asked), fresh=fresh)


def coordinates(layout: Computed) -> dict[str, tuple[float, float, bool]]:
    rows = load_layout(layout).to_pylist()
    return {r["item_id"]: (r["x"], r["y"], r["placed"]) for r in rows}


class TestNeighbours:
    def test_kept_and_exact(self, site):
        vectors = embed(site, ToyPictures(list(range(50))), ToyEncoder())
        kept = compute_neighbours(site, [vectors], 7)
        rows, similar = load_neighbours(kept)
        wanted = nearest(load_vectors(vectors), 7)
        assert np.array_equal(rows, wanted[0])
        assert np.array_equal(similar, wanted[1])
        assert rows.dtype == np.int32
        assert (kept.result["method"], kept.result["recall"]) == ("exact", 1.0)
        assert kept.provenance["vectors"] == [vectors.id]
        assert neighbours_of(site, vectors) == [kept]
        assert compute_neighbours(site, [vectors], 7).made_at == kept.made_at

    def test_beyond_the_size_an_index_with_its_recall(self, site, monkeypatch):
        monkeypatch.setattr(module, "EXACT_UP_TO", 100)
        vectors = embed(site, ToyPictures(list(range(150))), ToyEncoder())
        kept = compute_neighbours(site, [vectors], 5, device="cpu")
        assert kept.result["method"] == "faiss IVFFlat"
        assert 0.9 < kept.result["recall"] <= 1
        assert kept.result["recall_sample"] == 150

    def test_several_datasets_stand_one_after_another(self, site):
        one = embed(site, ToyPictures([1, 2, 3], "one"), ToyEncoder())
        two = embed(site, ToyPictures([1, 9], "two"), ToyEncoder())
        rows, similar = load_neighbours(compute_neighbours(site, [one, two], 1))
        assert (rows[0, 0], rows[3, 0]) == (3, 0)  # the same picture in both
        assert np.isclose(similar[0, 0], 1)
        assert len(stacked([one, two])) == 5

    def test_of_different_encoders_is_refused(self, site):
        one = embed(site, ToyPictures([1]), ToyEncoder())
        two = embed(site, ToyPictures([1]), ToyEncoder(identity="toy v2"))
        with pytest.raises(EncoderError, match="toy v1; toy v2: vectors of one encoder are needed"):
            compute_neighbours(site, [one, two], 3)

    @pytest.mark.parametrize("n", [0, 1, 2])
    def test_hardly_any_items(self, site, n):
        vectors = embed(site, ToyPictures(list(range(n))), ToyEncoder())
        rows, _ = load_neighbours(compute_neighbours(site, [vectors], 5))
        assert rows.shape == (n, max(0, n - 1))


class TestPlacing:
    def test_known_points_stay_to_the_bit_and_new_ones_lie_between_neighbours(self):
        vectors = unit(np.array([[1, 0], [0, 1], [-1, 0], [1, 1], [3, 1]]))
        known = np.array([True, True, True, False, False])
        points = np.array([[0, 0], [4, 0], [9, 9], [7, 7], [7, 7]], np.float32)
        got = placed(vectors, known, points, 2)
        assert np.array_equal(got[:3], points[:3])
        assert np.allclose(got[3], [2, 0])  # as near to the first as to the second
        assert np.allclose(got[4], [1, 0])  # three times nearer to the first

    def test_where_nothing_is_similar_the_mean_is_unweighted(self):
        vectors = unit(np.array([[1, 0], [1, 0.1], [-1, 0]]))
        points = np.array([[0, 0], [2, 2], [0, 0]], np.float32)
        assert np.allclose(placed(vectors, np.array([True, True, False]), points, 5)[2], [1, 1])


class TestLayout:
    def test_it_names_what_it_was_made_from(self, site):
        layout = laid_out(site, ToyPictures(list(range(40))), seed=3)
        assert layout.provenance["datasets"] == [["toy", "r1"]]
        assert layout.provenance["encoder"] == "toy v1"
        assert layout.provenance["parameters"]["seed"] == 3
        assert "extends" not in layout.provenance
        assert layout.result["method"] == "umap"
        assert layout.result["trained_on"] == "seeds"
        assert 0.5 < layout.result["trustworthiness"] <= 1
        table = load_layout(layout)
        names = ["dataset_id", "ordinal", "item_id", "x", "y", "placed", "sha256"]
        assert table.column_names == names
        assert not any(table["placed"].to_pylist())

    def test_the_same_seed_gives_the_same_layout_another_another(self, tmp_path):
        sites = [SiteFolder(tmp_path / name).make() for name in "ab"]
        one, two = (laid_out(s, ToyPictures(list(range(40)))) for s in sites)
        other = laid_out(sites[0], ToyPictures(list(range(40))), seed=7)
        assert coordinates(one) == coordinates(two)
        assert coordinates(one) != coordinates(other)
        assert one.id == two.id != other.id

    def test_new_items_are_placed_and_the_rest_does_not_move(self, site):
        before = laid_out(site, ToyPictures(list(range(40))))
        grown = laid_out(site, ToyPictures(list(range(50)), revision="r2"))
        old, new = coordinates(before), coordinates(grown)
        assert grown.provenance["extends"] == before.id
        assert {k: new[k] for k in old} == old
        marked = {k for k, (_, _, is_placed) in new.items() if is_placed}
        assert marked == set(new) - set(old)
        assert grown.result["placed"] == 10
        assert grown.result["trustworthiness"] is not None

    def test_an_extension_of_an_extension_keeps_the_marks(self, site):
        made = [
            laid_out(site, ToyPictures(list(range(count)), revision=revision))
            for count, revision in ((30, "r1"), (35, "r2"), (38, "r3"))
        ]
        assert [c.result["placed"] for c in made] == [0, 5, 8]
        assert made[2].provenance["extends"] == made[1].id
        middle, last = coordinates(made[1]), coordinates(made[2])
        assert {k: last[k] for k in middle} == middle

    def test_fresh_lays_out_anew_and_the_newest_is_found_again(self, site):
        laid_out(site, ToyPictures(list(range(40))))
        grown = laid_out(site, ToyPictures(list(range(50)), revision="r2"))
        fresh = laid_out(site, ToyPictures(list(range(50)), revision="r2"), fresh=True)
        assert fresh.id != grown.id
        assert fresh.result["placed"] == 0
        assert laid_out(site, ToyPictures(list(range(50)), revision="r2"), fresh=True) == fresh

    @pytest.mark.parametrize("why", ["an item went", "a picture changed", "another dataset"])
    def test_otherwise_it_is_a_new_layout(self, site, why):
        laid_out(site, ToyPictures(list(range(30))))
        pictures = {
            "an item went": [ToyPictures(list(range(29)), revision="r2")],
            "a picture changed": [ToyPictures([99, *range(1, 32)], revision="r2")],
            "another dataset": [ToyPictures(list(range(30))), ToyPictures([7, 8], "two")],
        }[why]
        layout = laid_out(site, *pictures)
        assert "extends" not in layout.provenance
        assert layout.result["placed"] == 0

    @pytest.mark.parametrize("asked", [{"min_dist": 0.5}, {"seed": 1}, {"n_neighbors": 9}])
    def test_other_parameters_extend_nothing(self, site, asked):
        laid_out(site, ToyPictures(list(range(30))))
        layout = laid_out(site, ToyPictures(list(range(32)), revision="r2"), **asked)
        assert "extends" not in layout.provenance

    @pytest.mark.parametrize("n", [0, 1, 2, 3, 9, 10, 16])
    def test_hardly_any_items(self, site, n):
        layout = laid_out(site, ToyPictures(list(range(n))))
        points = coordinates(layout)
        assert len(points) == n
        assert np.isfinite([p[:2] for p in points.values()]).all()
        wanted = "circle" if n < 2 else "pca" if n < 10 else "umap"
        assert layout.result["method"] == wanted
        assert (layout.result["trustworthiness"] is None) == (n < 3)

    def test_more_neighbours_are_computed_where_more_are_asked_for(self, site):
        layout = laid_out(site, ToyPictures(list(range(60))), n_neighbors=40)
        assert layout.result["n_neighbors"] == 40

    def test_parameters_out_of_range_are_named_together(self):
        with pytest.raises(ExcavateError) as caught:
            Parameters(n_neighbors=1, min_dist=2, seed=-1)
        assert str(caught.value) == (
            "layout: n_neighbors must be 2 or more; min_dist must lie from 0 to 1; "
            "seed must lie from 0 to 4294967295"
        )

    def test_neighbours_of_other_vectors_are_refused(self, site):
        one, two = (embed(site, ToyPictures([1, 2], d), ToyEncoder()) for d in ("one", "two"))
        with pytest.raises(EncoderError, match="these are the neighbours of other vectors"):
            compute_layout(site, [one], compute_neighbours(site, [two], 3))


class TestArranging:
    def test_it_is_umap_with_precomputed_neighbours(self):
        import umap

        vectors = random_unit(200, 8)
        rows, similar = nearest(vectors, 20)
        ours = arrange(vectors, rows, similar, Parameters(seed=5)).points
        itself = np.arange(200, dtype=np.int32)[:, None]
        knn = np.hstack([itself, rows[:, :14]]).astype(np.int32)
        apart = np.clip(1 - similar[:, :14], 0, 2)
        distances = np.hstack([np.zeros((200, 1)), apart]).astype(np.float32)
        theirs = umap.UMAP(precomputed_knn=(knn, distances), random_state=5, metric="cosine")
        assert np.array_equal(ours, theirs.fit(vectors).embedding_)

    @pytest.mark.parametrize("kind", ["equal", "zero", "clumps", "apart"])
    def test_degenerate_sets_end_finite(self, kind):
        vectors = {
            "equal": np.repeat(random_unit(1, 6), 40, 0),
            "zero": np.zeros((40, 6), np.float32),
            "clumps": np.repeat(random_unit(6, 6), 30, 0),
            "apart": np.eye(40, dtype=np.float32),
        }[kind]
        rows, similar = nearest(vectors, 15)
        assert np.isfinite(arrange(vectors, rows, similar, Parameters()).points).all()

    def test_too_few_neighbours_is_said(self):
        vectors = random_unit(30, 4)
        with pytest.raises(ValueError, match="5 neighbours given, 14 needed"):
            arrange(vectors, *nearest(vectors, 5), Parameters())


class TestReading:
    def test_by_revision_and_by_spec_or_identity(self, site):
        old = embed(site, ToyPictures([1]), ToyEncoder())
        new = embed(site, ToyPictures([1, 2], revision="r2"), ToyEncoder())
        other = embed(site, ToyPictures([1, 2], revision="r2"), ToyEncoder(identity="toy v2"))
        assert {c.id for c in vectors_of(site, "toy")} == {old.id, new.id, other.id}
        assert {c.id for c in vectors_of(site, "toy", "r2")} == {new.id, other.id}
        assert vectors_of(site, "toy", "r2", "toy v1") == [new]
        assert len(vectors_of(site, "toy", "r2", "toy")) == 2
        assert newest_vectors(site, "toy", "r1") == old
        with pytest.raises(NotFoundError, match=r"no embedding of toy by clip:x.*There is: toy"):
            newest_vectors(site, "toy", "r1", "clip:x")

    def test_layouts_of_the_current_revisions_only(self, site):
        one, two = ToyPictures(list(range(12)), "one"), ToyPictures([3, 4], "two")
        alone, both = laid_out(site, one), laid_out(site, one, two)
        now = {"one": "r1", "two": "r1", "three": "r1"}
        assert {c.id for c in layouts_of(site, now)} == {alone.id, both.id}
        assert layouts_of(site, {"one": "r1", "two": "r2"}) == [alone]
        assert layouts_of(site, now, "another encoder") == []
