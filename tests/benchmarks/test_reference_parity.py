from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import torch
from tiny_networks import TINY_PAPER, reference_shapes

from monster.checkpoints import reference_network
from monster.networks.network import Network
from monster.tasks import KINDS

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT.parent / "shared" / "data" / "golden"


@pytest.fixture(scope="module")
def parity() -> ModuleType:
    spec = importlib.util.spec_from_file_location("reference_parity", ROOT / "benchmarks" / "reference_parity.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def network(parity: ModuleType) -> Network:
    """The published architecture, small, with weights drawn by the rule and loaded as the authors' are."""
    keys = [(key, shape, key) for key, shape in reference_shapes(TINY_PAPER).items()]
    inner = "scene_encoder.point_tokenize_encoder."
    known = {key for key, _, _ in keys}
    canonical = [(k, s, k.replace("scene_encoder.", inner)) for k, s, _ in keys if inner not in k]
    keys = [(k, s, c if c in known else k) for k, s, c in canonical] + [entry for entry in keys if inner in entry[0]]
    vectors = parity.drawn_tensor("categories", (7, 5))
    return reference_network(parity.drawn_state(keys), vectors, config=TINY_PAPER)


def make_case(seed: int = 0) -> dict[str, np.ndarray[Any, Any]]:
    rng = np.random.default_rng(seed)
    case = {
        "joints": rng.normal(size=(2, 9, 66)),
        "tokens": rng.normal(size=(2, 6, 24)),
        "obj_points": rng.normal(scale=0.4, size=(2, 5, 40, 6)),
        "obj_boxes": rng.normal(size=(2, 5, 6)),
    }
    found: dict[str, np.ndarray[Any, Any]] = {name: value.astype(np.float32) for name, value in case.items()}
    lengths = {"motion_length": [9, 7], "text_length": [6, 4], "n_objects": [5, 3]}
    found |= {name: np.array(value) for name, value in lengths.items()}
    found["joints"][1, 7:] = 0
    found["obj_boxes"][1, 3:] = 0
    return found


def with_outputs(parity: ModuleType, network: Network, case: Mapping[str, Any]) -> dict[str, Any]:
    with torch.inference_mode():
        six = parity.encode(network, case)
        outputs = {f"v_{kind}": six[kind].mean.numpy() for kind in KINDS}
        losses = {f"loss_{name}": np.float32(value) for name, value in parity.losses(network, case, six).items()}
    return dict(case) | outputs | losses


def test_weights_are_drawn_from_the_key_and_shaped_by_its_last_part(parity: ModuleType) -> None:
    drawn = parity.drawn_tensor("a.weight", (400, 25))
    assert drawn.dtype == torch.float32
    assert drawn.std().item() == pytest.approx(0.2, rel=0.05)
    assert torch.equal(drawn, parity.drawn_tensor("a.weight", (400, 25)))
    assert not torch.equal(drawn, parity.drawn_tensor("a.weight", (400, 25), "d/"))
    assert torch.equal(parity.drawn_tensor("b", (3, 2), "d/"), parity.drawn_tensor("d/b", (3, 2)))
    assert parity.drawn_tensor("n.weight", (5000,)).mean().item() == pytest.approx(1.0, abs=0.01)
    assert parity.drawn_tensor("n.bias", (5000,)).std().item() == pytest.approx(0.02, rel=0.1)
    assert parity.drawn_tensor("n.running_var", (500,)).min() >= 1
    assert parity.drawn_tensor("n.running_mean", (5000,)).std().item() == pytest.approx(0.1, rel=0.1)
    assert parity.drawn_tensor("n.num_batches_tracked", ()).item() == 0


def test_the_published_function_is_unchanged(parity: ModuleType, network: Network) -> None:
    """Recorded when the full-size network equalled all recorded outputs of the reference."""
    found = with_outputs(parity, network, make_case())
    recorded = {
        "v_t": [0.04217, 0.61327, 0.97856, 0.50153],
        "v_m": [0.78533, 0.74612, -0.37884, 0.67525],
        "v_s": [0.11239, 1.07367, -1.89294, -0.40278],
        "v_st": [-2.00441, 1.01436, -0.55490, 0.18572],
        "v_mt": [0.02220, -0.21449, -0.45719, -1.55211],
        "v_ms": [0.32366, -0.82174, 1.42943, -0.32116],
        "loss_recons": [0.63358],
        "loss_kl": [0.76437],
        "loss_latent": [3.00456],
        "loss_contrastive": [5.79560],
        "loss_loss": [6.42922],
    }
    for name, values in recorded.items():
        assert np.allclose(found[name].ravel()[:4], values, atol=1e-4), name


def test_equal_outputs_pass_and_changed_ones_are_named(parity: ModuleType, network: Network) -> None:
    case = with_outputs(parity, network, make_case())
    assert max(parity.errors(network, case).values()) < 1e-6
    case["v_mt"] = case["v_mt"] + np.float32(0.01)
    wrong = [name for name, error in parity.errors(network, case).items() if error > parity.TOLERANCE]
    assert wrong == ["v_mt"]


def test_predicted_classes_are_compared_on_real_objects_only(parity: ModuleType, network: Network) -> None:
    case = make_case()
    assert parity.class_agreement(network, case) is None
    with torch.inference_mode():
        logits = parity.encode(network, case)["s"].class_logits
    assert logits is not None
    classes = logits.argmax(-1).numpy()
    classes[1, 3:] = 99  # padding
    assert parity.class_agreement(network, case | {"predicted_class": classes}) == 1.0
    classes[0, 0] = 99
    assert parity.class_agreement(network, case | {"predicted_class": classes}) == pytest.approx(7 / 8)


def test_a_case_padded_beyond_its_longest_scene_passes(
    parity: ModuleType, network: Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Six padded objects, at most three real ones, recorded classes: the network's own length is three."""
    case = make_case()
    case["n_objects"] = np.array([3, 2])
    case["obj_boxes"] = np.concatenate([case["obj_boxes"], np.zeros((2, 1, 6), np.float32)], axis=1)
    case["obj_points"] = np.concatenate([case["obj_points"], np.ones((2, 1, 40, 6), np.float32)], axis=1)
    case["obj_boxes"][0, 3:] = case["obj_boxes"][1, 2:] = 0
    case["obj_points"][0, 3:] = case["obj_points"][1, 2:] = 1
    with torch.inference_mode():
        logits = parity.encode(network, case)["s"].class_logits
    assert logits is not None and logits.shape[1] == 3
    classes = np.full((2, 6), 99)
    classes[0, :3], classes[1, :2] = logits.argmax(-1)[0], logits.argmax(-1)[1, :2]
    file, keys, vectors = (tmp_path / name for name in ("case.npz", "keys.tsv", "vectors.npz"))
    np.savez(file, **with_outputs(parity, network, case), predicted_class=classes)
    np.savez(vectors, vectors=np.zeros((7, 5), np.float32))
    keys.write_text("key\tshape\tdtype\tcanonical_key\n")
    monkeypatch.setattr(parity, "reference_network", lambda *_, **__: network)
    assert parity.main(["--keys", str(keys), "--vectors", str(vectors), "--case", str(file)]) == 0
    classes[0, 0] = 98
    assert parity.class_agreement(network, case | {"predicted_class": classes}) == pytest.approx(4 / 5)


def test_bad_input_is_one_line_and_exit_code_two(
    parity: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keys, vectors, case = (tmp_path / name for name in ("keys.tsv", "vectors.npz", "case.npz"))
    arguments = ["--keys", str(keys), "--vectors", str(vectors), "--case", str(case)]
    assert parity.main(arguments) == 2
    case.write_bytes(b"nothing")
    assert parity.main(arguments) == 2
    np.savez(case, **make_case())
    np.savez(vectors, vectors=np.zeros((607, 300), dtype=np.float32))
    keys.write_text("key\tshape\tdtype\tcanonical_key\nmotion_encoder.tokens\t2x768\tfloat32\tmotion_encoder.tokens\n")
    assert parity.main(arguments) == 2
    keys.write_text("name\n1\n")
    assert parity.main(arguments) == 2
    assert capsys.readouterr().err.count("\n") == 4


@pytest.mark.skipif(not GOLDEN.exists(), reason="the recorded outputs of the reference network are not here")
@pytest.mark.parametrize(("case", "prefix"), [("case_a.npz", ""), ("case_c.npz", "d/")])
def test_a_recorded_batch_of_the_reference_is_reproduced(parity: ModuleType, case: str, prefix: str) -> None:
    files = {"keys": "state_dict_keys.tsv", "vectors": "category_vectors.npz", "case": case}
    arguments = [part for name, file in files.items() for part in (f"--{name}", str(GOLDEN / file))]
    assert parity.main([*arguments, "--key-prefix", prefix]) == 0
