"""TRUMANS in miniature, laid out as its authors publish it, and with the texts and splits of TRUMANS+."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from reader_files import needs_open3d, walking, z_up

from monster.corpus.importers import open_data_set
from monster.corpus.importers.trumans import PARAMETERS
from monster.corpus.importers.writer import Imported, import_corpus
from monster.errors import CorpusError
from monster.skeleton import INDEX

SEGMENTS = ("2023-01-01@10-00-00", "2023-01-01@10-00-00_augment1", "2023-01-02@11-00-00")
FRAMES = 60
BOXES = {"Floor": ((0, -0.02, 0), (6, 0.04, 8)), "Bed": ((1, 0.25, 2), (2, 0.5, 1.5))}


def obj_of(boxes: dict[str, tuple[tuple[float, ...], tuple[float, ...]]]) -> str:
    """An OBJ file of named boxes, y up."""
    import trimesh

    lines, count = [], 0
    for name, (middle, size) in boxes.items():
        mesh = trimesh.creation.box(size)
        lines.append(f"o {name}")
        lines += [f"v {x} {y} {z}" for x, y, z in np.asarray(mesh.vertices) + middle]
        lines += [f"f {' '.join(str(corner + count + 1) for corner in face)}" for face in mesh.faces]
        count += len(mesh.vertices)
    return "\n".join(lines) + "\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "TRUMANS"
    for name in ("Actions", "Scene_mesh", "Object_all/Object_pose", "Object_all/Object_mesh"):
        (root / name).mkdir(parents=True)
    body = np.concatenate([walking(FRAMES), np.zeros((FRAMES, 2, 3))], axis=1)
    np.save(root / "human_joints.npy", np.concatenate([body, body + np.array([0.5, 0, 0]), body]).astype(np.float32))
    np.save(root / "seg_name.npy", np.repeat(SEGMENTS, FRAMES))
    np.save(root / "frame_id.npy", np.tile(np.arange(FRAMES), 3))
    np.save(root / "scene_list.npy", np.array(["room_a", "room_b"]))
    np.save(root / "scene_flag.npy", np.repeat([0, 0, 1], FRAMES))
    np.save(root / "bad_frames.npy", np.array([2 * FRAMES + 50]))
    (root / "Actions" / f"{SEGMENTS[0]}.txt").write_text("0\t29\twalk to the bed\n30\t80\tgo on\n")
    (root / "Actions" / f"{SEGMENTS[2]}.txt").write_text("5\t40\tstroll\n\n45\t55\tstand\n")
    for name in ("room_a", "room_b"):
        (root / "Scene_mesh" / f"{name}.obj").write_text(obj_of(BOXES))
    return root


def imported(folder: Path) -> Imported:
    return import_corpus(open_data_set("trumans", folder), folder.parent / "corpus")


def test_actions_in_their_rooms(folder: Path) -> None:
    result = imported(folder)
    assert result.left_out == ("2023-01-02@11-00-00/3: known: 1 of its frames are in bad_frames.npy; skipped",)
    items = {item.id: item for item in result.corpus.items()}
    assert set(items) == {
        f"{SEGMENTS[0]}/1", f"{SEGMENTS[0]}/2", f"{SEGMENTS[1]}/1", f"{SEGMENTS[1]}/2", f"{SEGMENTS[2]}/1",
    }  # fmt: skip
    walk, moved = items[f"{SEGMENTS[0]}/1"], items[f"{SEGMENTS[1]}/1"]
    assert walk.captions == ("walk to the bed",) and walk.metadata == {"room": "room_a", "segment": SEGMENTS[0]}
    assert walk.motion is not None and walk.motion.placed and walk.motion.duration == pytest.approx(1.0, abs=0.06)
    expected = z_up(walking(FRAMES))[:30]
    assert np.allclose(walk.motion.joints[[0, 18]], expected[[0, 27]], atol=0.001)  # 30 frames a second became 20
    assert moved.motion is not None and np.allclose(moved.motion.joints[0], expected[0] + [0.5, 0, 0], atol=0.001)
    later = items[f"{SEGMENTS[0]}/2"].motion  # its end frame is beyond the segment, so it is cut there
    assert later is not None and later.duration == pytest.approx(1.0, abs=0.06)


def test_rooms_are_z_up_and_their_parts_objects(folder: Path) -> None:
    result = imported(folder)
    scene = result.corpus.scene("room_a")
    assert scene.labels is not None and sorted(scene.labels.values()) == ["bed", "floor"]
    bed = next(object_ for object_ in scene.objects() if object_.label == "bed")
    assert np.allclose(bed.box, [1, -2, 0.25, 2, 1.5, 0.5], atol=0.02)
    assert {record.metadata["room"] for record in result.corpus.records} == {"room_a", "room_b"}


def test_moved_objects_have_their_pose_at_the_start_of_an_action(folder: Path) -> None:
    objects = folder / "Object_all"
    places = np.zeros((FRAMES, 3))
    places[:, 0] = np.arange(FRAMES) * 0.01
    turn = np.zeros((FRAMES, 3))
    turn[:, 1] = np.pi / 2
    names = ("static_chair_03", "movable_chair_base_02")
    poses = {name: {"rotation": turn.tolist(), "location": places.tolist()} for name in names}
    np.save(objects / "Object_pose" / f"{SEGMENTS[0]}.npy", np.array(poses, dtype=object), allow_pickle=True)
    (objects / "Object_mesh" / "static_chair_03.obj").write_text(obj_of({"seat": ((0, 0.4, 0.5), (0.4, 0.8, 0.6))}))
    corpus = imported(folder).corpus
    assert {record.scene for record in corpus.records} == {
        f"room_a@{SEGMENTS[0]}@0", f"room_a@{SEGMENTS[0]}@30", "room_a", "room_b",
    }  # fmt: skip
    for frame in (0, 30):
        scene = corpus.scene(f"room_a@{SEGMENTS[0]}@{frame}")
        assert sorted(scene.labels.values()) == ["bed", "chair", "floor"]  # type: ignore[union-attr]
        chair = next(object_ for object_ in scene.objects() if object_.label == "chair")
        low, high = chair.points.min(axis=0), chair.points.max(axis=0)
        # half a metre along z, turned by a quarter about y, lies along x; then z up
        assert np.allclose((low + high) / 2, [0.5 + frame * 0.01, 0, 0.4], atol=0.02)
        assert np.allclose(high - low, [0.6, 0.4, 0.8], atol=0.02)


def test_a_corrupt_object_is_named(folder: Path) -> None:
    objects = folder / "Object_all" / "Object_pose"
    poses = {"vase_03": {"rotation": [[0, 0, 0]], "location": [[0, 0, 0]]}}
    np.save(objects / f"{SEGMENTS[0]}.npy", np.array(poses, dtype=object), allow_pickle=True)
    messages = "\n".join(imported(folder).left_out)
    assert f"{SEGMENTS[0]}@0: expected Object_all/Object_mesh/vase_03.obj, got nothing (1 items left out)" in messages
    assert f"Object_pose/{SEGMENTS[0]}.npy: expected rotation and location of 'vase_03' in frame 30" in messages


def test_parameters_are_read_if_joints_are_missing(folder: Path) -> None:
    (folder / "human_joints.npy").unlink()
    with pytest.raises(CorpusError, match=r"without human_orient\.npy, human_pose\.npy, human_transl\.npy"):
        open_data_set("trumans", folder)
    for name, width in zip(PARAMETERS, (3, 63, 3), strict=True):
        np.save(folder / name, np.zeros((3 * FRAMES, width), np.float32))
    place = np.zeros((3 * FRAMES, 3), np.float32)
    place[:, 1], place[:, 2] = 1.3, 2.0
    np.save(folder / "human_transl.npy", place)
    motion = imported(folder).corpus.item(f"{SEGMENTS[0]}/1").motion
    assert motion is not None
    assert np.allclose(motion.joints[0, INDEX["pelvis"], :2], [0, -2.0], atol=0.05)
    assert motion.joints[0, INDEX["head"], 2] - motion.joints[0, INDEX["pelvis"], 2] > 0.4


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("human_joints.npy", np.zeros((5, 20, 3)), "expected numbers .frames, 22 or more, 3."),
        ("seg_name.npy", np.repeat(["a"], 5), "expected 180 names"),
        ("scene_flag.npy", np.zeros(180), "expected 180 numbers of names in scene_list.npy"),
    ],
)
def test_arrays_that_do_not_fit_are_named(folder: Path, name: str, value: np.ndarray, words: str) -> None:
    np.save(folder / name, value)
    with pytest.raises(CorpusError, match=words):
        imported(folder)


def test_everything_missing_or_wrong_is_named(folder: Path) -> None:
    (folder / "Actions" / f"{SEGMENTS[0]}.txt").write_text("0 29 walk\n0\t5\tok\n20\t10\tback\n70\t90\tlater\n")
    (folder / "Scene_mesh" / "room_b.obj").unlink()
    (folder / "Actions" / f"{SEGMENTS[1]}.txt").write_text("0\t30\twalk\n")
    np.save(folder / "scene_flag.npy", np.repeat([0, 7, 1], FRAMES))
    messages = imported(folder).left_out
    assert messages == (
        f"{SEGMENTS[0]}/1: expected first frame, last frame and text with tabs between, got '0 29 walk'",
        f"{SEGMENTS[0]}/3: expected frames of a segment of 60, got 20 to 10",
        f"{SEGMENTS[0]}/4: expected frames of a segment of 60, got 70 to 90",
        f"{SEGMENTS[1]}: expected a number of scene_list.npy, got 7",
        f"{SEGMENTS[2]}/3: known: 1 of its frames are in bad_frames.npy; skipped",
        "scene room_b: expected Scene_mesh/room_b.obj or Scene/room_b.npy, got nothing (1 items left out)",
    )
    for path in (folder / "Actions").iterdir():
        path.unlink()
    assert f"{SEGMENTS[0]}: expected Actions/{SEGMENTS[0]}.txt, got nothing" in open_and_list(folder)


def open_and_list(folder: Path) -> list[str]:
    data = open_data_set("trumans", folder)
    assert data.entries() == []
    return data.left_out


@pytest.mark.parametrize(
    ("gone", "words"),
    [
        (("Actions",), "without Actions"),
        (("Scene_mesh",), "without Scene or Scene_mesh"),
        (("seg_name.npy", "scene_flag.npy"), r"without seg_name\.npy, scene_flag\.npy"),
    ],
)
def test_another_layout_is_refused(folder: Path, gone: tuple[str, ...], words: str) -> None:
    for name in gone:
        (folder / name).rename(folder / f"not {name}")
    with pytest.raises(CorpusError, match=words):
        open_data_set("trumans", folder)


def test_plus(folder: Path) -> None:
    annotations = folder / "annotations" / "trumans"
    annotations.mkdir(parents=True)
    parts = ("frame_0_30_original_0_60", "frame_5_40_original_120_180", "frame_45_56_original_120_180")
    parts = (*parts, "frame_50_90_original_150_180")
    actions = (f"room_a_action_{SEGMENTS[0]}", f"room_b_action_{SEGMENTS[2]}")
    lines = [f"{actions[which]}_{part}" for which, part in zip((0, 1, 1, 0), parts, strict=True)]
    content = {f"{line}\n": {"annotations": [{"text": "walk"}, {"text": "a stroll"}]} for line in lines}
    (annotations / "annotations.json").write_text(json.dumps(content))
    (folder / "train.txt").write_text(f"{lines[0]}\nnonsense\n")
    (folder / "test.txt").write_text("\n".join(lines[1:]) + "\nroom_c_action_x_frame_0_9_original_0_9\n")
    result = imported(folder)
    assert result.corpus.info["name"] == "TRUMANS+"
    assert result.left_out == (
        "nonsense: expected SCENE_action_SEGMENT_frame_FIRST_END_original_START_END",
        "val.txt: expected the lines of val, got nothing",
        f"{lines[2]}: known: 1 of its frames are in bad_frames.npy; skipped",
        f"{lines[3]}: expected frames 50 to 90 of its segment, got fewer",
        "room_c_action_x_frame_0_9_original_0_9: expected annotations with a text, got 'None'",
    )
    assert {record.scene: record.split for record in result.corpus.records} == {"room_a": "train", "room_b": "test"}
    item = result.corpus.item(f"{SEGMENTS[2]}/5-40")
    assert item.captions == ("walk", "a stroll")
    assert item.motion is not None and np.allclose(item.motion.joints[0], z_up(walking(FRAMES))[5], atol=0.001)
    for split in ("train", "test"):
        (folder / f"{split}.txt").unlink()
    with pytest.raises(CorpusError, match=r"expected TRUMANS\+, got a folder without train\.txt"):
        open_data_set("trumans", folder)


def cells() -> np.ndarray:
    """A room of occupied cells: a floor, two walls and a solid box of 1 m, 0.5 m high."""
    full = np.zeros((300, 100, 400), bool)
    full[:, 0] = full[0] = full[:, :, 0] = True
    full[150:200, :25, 200:250] = True
    return full


@needs_open3d
def test_cells_are_split_into_objects(folder: Path) -> None:
    (folder / "Scene_mesh").rename(folder / "Scene")
    for name in ("room_a", "room_b"):
        (folder / "Scene" / f"{name}.obj").unlink()
        np.save(folder / "Scene" / f"{name}.npy", cells())
    scene = imported(folder).corpus.scene("room_a")
    assert scene.labels is not None and "floor" in scene.labels.values()
    assert abs(scene.points[:, 2].min() - 0.01) < 0.002 and 5.9 < np.ptp(scene.points[:, 0]) < 6.1
    box = [object_ for object_ in scene.objects() if object_.label is None]
    assert len(box) == 1 and np.allclose(box[0].box[3:], [1, 1, 0.5], atol=0.08)
