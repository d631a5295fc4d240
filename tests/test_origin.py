"""Moving room and person together changes no embedding, no score and no search; the place in the room counts."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from reader_files import needs_open3d
from tiny_corpus import TINY
from tiny_networks import tiny_network

from monster.checkpoints import Metadata
from monster.corpus.storage import Corpus
from monster.gallery import Gallery
from monster.model import MonSTeR
from monster.results import Hit, ItemEmbeddings
from monster.tasks import ROW_KINDS, TASKS
from monster.text import TextTower
from monster.types import Item, Query

NAMES = ("bed", "chair", "table", "lamp", "floor", "wall", "door")
TOLERANCE = 1e-3
Shift = tuple[float, float, float]
SHIFTS: list[Shift] = [(10.0, -5.0, 0.0), (50.0, 80.0, 0.0), (0.0, 0.0, 2.0), (60.0, 80.0, -2.0)]


@pytest.fixture(scope="module")
def framed(tower: TextTower) -> MonSTeR:
    """A model of random weights that encodes motions and scenes in their own frames."""
    network = tiny_network(dataclasses.replace(TINY, dropout=0.0, frames="own"))
    network.set_class_vectors(torch.from_numpy(tower.sentences(NAMES)))
    with torch.no_grad():
        assert network.motion.frame is not None
        network.motion.frame.normal_()  # so that the two frames of a motion differ
    return MonSTeR(network, Metadata(NAMES), tower=tower)


@pytest.fixture(scope="module")
def items(rooms: Corpus) -> list[Item]:
    """Six items in four rooms, and a clip of a motion without a room."""
    placed = [dataclasses.replace(item, captions=item.captions[:1]) for item in list(rooms.items())[::2]]
    return [*placed, dataclasses.replace(placed[0], id="clip", scene=None, motion_id="clip", captions=("a clip",))]


@pytest.fixture(scope="module")
def library(framed: MonSTeR, items: list[Item], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gallery]:
    """A gallery of the items where they are."""
    with Gallery.create(tmp_path_factory.mktemp("origin") / "gallery", framed) as made:
        made.add(items)
        yield made


def moved(item: Item, shift: Shift) -> Item:
    """The item with its motion and its scene moved together."""
    by = np.array(shift, dtype=np.float32)
    motion, scene = item.motion, item.scene
    assert motion is not None
    return dataclasses.replace(
        item,
        motion=dataclasses.replace(motion, joints=motion.joints + by),
        scene=None if scene is None else dataclasses.replace(scene, points=scene.points + by),
    )


def split_by_points(item: Item) -> Item:
    """The item with a scene without instances, which the model splits into objects."""
    assert item.scene is not None
    return dataclasses.replace(item, scene=dataclasses.replace(item.scene, instances=None, labels=None))


def scores_of(model: MonSTeR, item: Item) -> dict[str, float]:
    return model.score(text=item.captions[0], motion=item.motion, scene=item.scene).given()


def searches(gallery: Gallery, item: Item) -> dict[str, list[Hit]]:
    """The hits of every task, and of motions among motions, with the item as query."""
    found = {}
    for task in TASKS:
        values = {"t": ("text", item.captions[0]), "m": ("motion", item.motion), "s": ("scene", item.scene)}
        query = Query(**dict(values[letter] for letter in task.query))  # type: ignore[arg-type]
        found[str(task)] = gallery.search_task(task, query, k=99)
    found["m2m"] = gallery.search(Query(motion=item.motion), "motion", k=99)
    return found


def check_equal(found: list[Hit], expected: list[Hit]) -> None:
    """Equal scores by id, and the same order but for hits whose scores are nearly equal."""
    scores = {hit.id: hit.score for hit in expected}
    assert {hit.id: hit.score for hit in found} == pytest.approx(scores, abs=TOLERANCE)
    assert {hit.id: hit.scene for hit in found} == {hit.id: hit.scene for hit in expected}
    for one, other in zip(found, expected, strict=True):
        assert one.id == other.id or scores[one.id] == pytest.approx(scores[other.id], abs=TOLERANCE)


@pytest.fixture(scope="module")
def here(framed: MonSTeR, items: list[Item]) -> list[ItemEmbeddings]:
    """The embeddings of the items where they are."""
    return framed.encode_items(items)


@pytest.mark.parametrize("shift", SHIFTS, ids=str)
def test_no_embedding_and_no_score_depends_on_the_origin(
    framed: MonSTeR, items: list[Item], here: list[ItemEmbeddings], shift: Shift
) -> None:
    there = framed.encode_items([moved(item, shift) for item in items])
    for item, one, other in zip(items, here, there, strict=True):
        assert set(one) == set(other) == set(ROW_KINDS if item.scene else ("t", "m", "mt"))
        for kind, rows in one.items():
            np.testing.assert_allclose(other[kind], rows, atol=TOLERANCE, err_msg=f"{item.id} {kind}")
    for item in (items[0], items[-1]):
        assert scores_of(framed, moved(item, shift)) == pytest.approx(scores_of(framed, item), abs=TOLERANCE)


@needs_open3d
@pytest.mark.parametrize("shift", SHIFTS, ids=str)
def test_nor_does_it_if_the_scene_is_split_into_objects(framed: MonSTeR, items: list[Item], shift: Shift) -> None:
    unlabelled = [split_by_points(item) for item in items[:3]]
    here, there = framed.encode_items(unlabelled), framed.encode_items([moved(item, shift) for item in unlabelled])
    for one, other in zip(here, there, strict=True):
        for kind, rows in one.items():
            np.testing.assert_allclose(other[kind], rows, atol=TOLERANCE, err_msg=kind)


@pytest.mark.parametrize("shift", SHIFTS[3:], ids=str)
def test_no_search_depends_on_the_origin(
    framed: MonSTeR, items: list[Item], library: Gallery, shift: Shift, tmp_path: Path
) -> None:
    there = [moved(item, shift) for item in items]
    with Gallery.create(tmp_path / "moved", framed) as elsewhere:
        elsewhere.add(there)
        expected = searches(library, items[4])
        for gallery, query in ((elsewhere, there[4]), (library, there[4])):
            for name, hits in searches(gallery, query).items():
                check_equal(hits, expected[name])


def test_text_and_motion_do_not_depend_on_the_room(framed: MonSTeR, items: list[Item]) -> None:
    first, other = items[0], next(item for item in items if item.scene_id != items[0].scene_id)
    alone = framed.score(text=first.captions[0], motion=first.motion).t2m
    for scene in (first.scene, other.scene):
        assert framed.score(text=first.captions[0], motion=first.motion, scene=scene).t2m == alone
    raised = moved(first, (0.5, 0.0, 1.0))
    assert framed.score(text=first.captions[0], motion=raised.motion).t2m == pytest.approx(alone, abs=1e-5)


@pytest.mark.parametrize("shift", [(0.0, 0.0, 1.0), (1.0, 0.0, 0.0)], ids=str)
def test_the_place_in_the_room_counts(framed: MonSTeR, items: list[Item], shift: Shift) -> None:
    item = items[0]
    away = dataclasses.replace(item, motion=moved(item, shift).motion)
    here, there = scores_of(framed, item), scores_of(framed, away)
    for name in ("tm2s", "st2m", "ms2t", "m2s"):
        assert abs(here[name] - there[name]) > 1e-4, name  # random weights: what counts is that it is seen at all
    assert there["t2m"] == pytest.approx(here["t2m"], abs=1e-5)
