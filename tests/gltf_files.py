"""Makes small glTF files of a rig that moves, for the tests of their readers."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from monster.io.motion.bvh_writer import joint_name
from monster.io.motion.kinematics import REST_OFFSETS
from monster.skeleton import JOINTS, PARENTS


def rig_document(
    *, prefix: str = "", samples: int = 5, length: float = 1.0, animation: Sequence[dict[str, Any]] = ()
) -> dict[str, Any]:
    """A T-pose of 22 joints, ``length`` units a metre; without an animation given the left knee bends over a second.

    The right wrist has ``samples`` keys that do not move it, so that files have a known number of frames.
    """
    nodes: list[dict[str, Any]] = [
        {"name": prefix + joint_name(name), "translation": (REST_OFFSETS[joint] * length).tolist()}
        for joint, name in enumerate(JOINTS)
    ]
    for joint, parent in enumerate(PARENTS):
        if parent >= 0:
            nodes[parent].setdefault("children", []).append(joint)
    knee = {
        "times": [0.0, 1.0],
        "values": [[0, 0, 0, 1], [0.6, 0, 0, 0.8]],
        "path": "rotation",
        "node": JOINTS.index("left_knee"),
    }
    tracks = list(animation) or [knee]
    stop = max(track["times"][-1] for track in tracks)
    pace = np.linspace(0, stop, samples).tolist()
    tracks.append(
        {"times": pace, "values": [[0, 0, 0, 1]] * samples, "path": "rotation", "node": JOINTS.index("right_wrist")}
    )
    document: dict[str, Any] = {
        "asset": {"version": "2.0"}, "nodes": nodes, "accessors": [], "bufferViews": [], "buffers": [],
        "animations": [{"name": "move", "channels": [], "samplers": []}],
    }  # fmt: skip
    data = b""
    for number, track in enumerate(tracks):
        for values in (np.array(track["times"])[:, None], np.array(track["values"])):
            table = values.astype("<f4")
            document["bufferViews"].append({"buffer": 0, "byteOffset": len(data), "byteLength": table.nbytes})
            kind = {1: "SCALAR", 3: "VEC3", 4: "VEC4"}[table.shape[1]]
            view = len(document["bufferViews"]) - 1
            document["accessors"].append({"bufferView": view, "componentType": 5126, "count": len(table), "type": kind})
            data += table.tobytes()
        moved = document["animations"][0]
        moved["channels"].append({"sampler": number, "target": {"node": track["node"], "path": track["path"]}})
        sampler = {"input": 2 * number, "output": 2 * number + 1, "interpolation": track.get("interpolation", "LINEAR")}
        moved["samplers"].append(sampler)
    uri = "data:application/octet-stream;base64," + base64.b64encode(data).decode()
    document["buffers"] = [{"byteLength": len(data), "uri": uri}]
    return document


def write_gltf(path: Path, document: dict[str, Any]) -> Path:
    """Write a document as JSON."""
    path.write_text(json.dumps(document), encoding="utf-8")
    return path
