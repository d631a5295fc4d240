"""Parts of a request: from the gallery, written out, or uploaded, each in one form only."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from shelf import npy, standing
from starlette.datastructures import UploadFile
from starlette.testclient import TestClient

from monster import Motion
from monster.errors import InputError, TaskError
from service.bodies import Received
from service.errors import ServiceError
from service.parts import Gatherer, Parts
from service.schemas import MotionBody, SearchRequest


@pytest.fixture
def gatherer(client: TestClient) -> Gatherer:
    found = client.app.state.gatherer  # type: ignore[attr-defined]
    assert isinstance(found, Gatherer)
    return found


def upload(content: bytes, name: str = "walk.npy") -> UploadFile:
    return UploadFile(io.BytesIO(content), filename=name)


def test_ids_name_motions_and_scenes_of_the_gallery(gatherer: Gatherer, shelf: Any) -> None:
    parts = gatherer.gather(SearchRequest(text="sit", motion_id="walk", scene_id="office"), Received())
    assert parts.motion is shelf.motions["walk"] and parts.scene is shelf.scenes["office"]
    assert parts.text == "sit" and parts.count == 3 and parts.read == {}
    asked = gatherer.gather(SearchRequest(text="sit?"), Received())
    assert asked.read == {"text": ["warning: a question [question]"]}
    with pytest.raises((ServiceError, TaskError), match="unknown motion 'run'"):
        gatherer.gather(SearchRequest(motion_id="run"), Received())


@pytest.mark.parametrize("placed", [True, False])
def test_a_motion_may_be_written_out(gatherer: Gatherer, placed: bool) -> None:
    body = MotionBody(joints=standing(5).tolist(), fps=30)
    motion = gatherer.gather(SearchRequest(motion=body, placed=placed), Received()).motion
    assert motion is not None and (motion.fps, motion.placed) == (30, placed)
    assert np.allclose(motion.joints, standing(5))
    assert "request" in repr(motion.provenance)


def test_an_uploaded_file_is_read_and_its_findings_kept(gatherer: Gatherer) -> None:
    received = Received(files={"motion": upload(npy(standing(30)))})
    parts = gatherer.gather(SearchRequest(fps=30, placed=True), received)
    assert parts.motion is not None and (parts.motion.fps, parts.motion.placed) == (30, True)
    assert any("fps: 30 (given)" in line for line in parts.read["motion"]) and "scene" not in parts.read
    assert any(line.startswith("warning: ") for line in parts.read["motion"])


@pytest.mark.parametrize(
    ("request_", "files", "field"),
    [
        (SearchRequest(motion_id="walk", motion=MotionBody(joints=standing(2).tolist())), (), "motion"),
        (SearchRequest(motion_id="walk"), ("motion",), "motion"),
        (SearchRequest(scene_id="office"), ("scene",), "scene"),
        (SearchRequest(motion_id="walk", key="a"), (), "key"),
        (SearchRequest(text="walk", fps=30), (), "fps"),
        (SearchRequest(text="walk", unit="cm"), (), "unit"),
        (SearchRequest(motion_id="walk", axes="y"), (), "axes"),
    ],
)
def test_two_forms_of_one_part_and_options_without_a_file_are_errors(
    gatherer: Gatherer, request_: SearchRequest, files: tuple[str, ...], field: str
) -> None:
    received = Received(files={name: upload(b"") for name in files})
    with pytest.raises(ServiceError) as caught:
        gatherer.gather(request_, received)
    assert (caught.value.status, caught.value.field) == (422, field)


def test_long_motions_are_errors(make_client: Any) -> None:
    gatherer = make_client(max_frames=4).app.state.gatherer
    with pytest.raises(ServiceError, match="at most 4 frames, got 5"):
        gatherer.gather(SearchRequest(motion=MotionBody(joints=standing(5).tolist())), Received())


def test_parts_become_a_query() -> None:
    motion = Motion(standing())
    query = Parts("walk", motion).query()
    assert (query.text, query.motion, query.scene) == ("walk", motion, None)
    assert (Parts().count, Parts("walk", motion).count) == (0, 2)
    with pytest.raises(InputError):
        Parts().query()


def test_unit_and_axes_of_an_uploaded_file_may_be_declared(gatherer: Gatherer) -> None:
    turned = standing(30)[..., [0, 2, 1]] * np.array([1, 1, -1]) / 0.0254
    received = Received(files={"motion": upload(npy(turned))})
    parts = gatherer.gather(SearchRequest(unit="motion=in", axes="y", fps=30), received)
    assert parts.motion is not None and np.ptp(parts.motion.joints[0, :, 2]) == pytest.approx(
        np.ptp(standing(30)[0, :, 2]), abs=1e-3
    )
    assert not any("guessed" in line for line in parts.read["motion"] if line.startswith(("fps", "unit", "axes")))
    with pytest.raises(InputError, match="motion=VALUE"):
        gatherer.gather(SearchRequest(unit="room=in"), received)


def test_a_motion_that_is_written_out_is_checked_like_a_file(gatherer: Gatherer) -> None:
    lying = standing(40)[..., [0, 2, 1]] * np.array([1, 1, -1])
    body = MotionBody(joints=(lying + np.arange(40)[:, None, None] * 0.02).tolist())
    read = gatherer.gather(SearchRequest(motion=body), Received()).read["motion"]
    assert any("[below-floor]" in line or "[axes]" in line for line in read)
    assert any(line.startswith("fps: 20 (guessed") for line in read)


def test_with_a_scene_the_height_of_a_motion_is_kept(gatherer: Gatherer) -> None:
    raised = standing(30) + np.array([0, 0, 0.5], dtype=np.float32)
    alone = gatherer.gather(SearchRequest(text="walk"), Received(files={"motion": upload(npy(raised))})).motion
    with_scene = gatherer.gather(SearchRequest(scene_id="office"), Received(files={"motion": upload(npy(raised))}))
    assert alone is not None and with_scene.motion is not None
    assert alone.joints[..., 2].min() == pytest.approx(0.0, abs=0.01)
    assert with_scene.motion.joints[..., 2].min() == pytest.approx(raised[..., 2].min(), abs=0.01)
