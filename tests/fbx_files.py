"""Writes small FBX files (ASCII, version 7.4) of a rig that moves, for the tests of their reader."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from monster.io.motion.bvh_writer import joint_name
from monster.io.motion.kinematics import REST_OFFSETS
from monster.skeleton import JOINTS, PARENTS

TICKS = 46_186_158_000  # FBX time units in a second


def write_fbx(
    path: Path,
    takes: Mapping[str, Mapping[str, Sequence[float]]],
    *,
    fps: int = 30,
    unit: float = 1.0,
    z_up: bool = False,
    prefix: str = "mixamorig:",
) -> Path:
    """A T-pose of 22 joints in units of ``unit`` centimetres; takes give turns about x in degrees, a key a frame."""
    objects, links = [], []
    for joint, parent in enumerate(PARENTS):
        x, y, z = (float(value) for value in REST_OFFSETS[joint] * 100 / unit)
        place = (x, -z, y) if z_up else (x, y, z)
        objects.append(
            f'Model: {1000 + joint}, "Model::{prefix}{joint_name(JOINTS[joint])}", "LimbNode" {{ Version: 232 '
            f'Properties70: {{ P: "Lcl Translation", "Lcl Translation", "", "A",{",".join(map(repr, place))} }} }}'
        )
        links.append(f'C: "OO",{1000 + joint},{1000 + parent if parent >= 0 else 0}')
    for number, (name, turns) in enumerate(takes.items()):
        _take(number, name, turns, fps, objects, links)
    axes = ((2, 1), (1, -1), (0, 1)) if z_up else ((1, 1), (2, 1), (0, 1))
    settings = [
        f'P: "{axis}Axis", "int", "Integer", "",{value}\nP: "{axis}AxisSign", "int", "Integer", "",{sign}'
        for axis, (value, sign) in zip(("Up", "Front", "Coord"), axes, strict=True)
    ]
    settings.append(f'P: "UnitScaleFactor", "double", "Number", "",{unit}')
    settings.append(f'P: "TimeMode", "enum", "", "",14\nP: "CustomFrameRate", "double", "Number", "",{fps}')
    lines = "\n"
    path.write_text(
        "; FBX 7.4.0 project file\nFBXHeaderExtension: { FBXHeaderVersion: 1003\nFBXVersion: 7400\n}\n"
        f"GlobalSettings: {{ Version: 1000\nProperties70: {{\n{lines.join(settings)}\n}}\n}}\n"
        f"Objects: {{\n{lines.join(objects)}\n}}\nConnections: {{\n{lines.join(links)}\n}}\n"
    )
    return path


def _take(
    number: int, name: str, turns: Mapping[str, Sequence[float]], fps: int, objects: list[str], links: list[str]
) -> None:
    stack, layer = 20_000 + number, 30_000 + number
    frames = max(len(values) for values in turns.values())
    stop = round((frames - 1) / fps * TICKS)
    objects.append(
        f'AnimationStack: {stack}, "AnimStack::{name}", "" '
        f'{{ Properties70: {{ P: "LocalStart", "KTime", "Time", "",0\nP: "LocalStop", "KTime", "Time", "",{stop} }} }}'
    )
    objects.append(f'AnimationLayer: {layer}, "AnimLayer::Base", "" {{\n}}')
    links.append(f'C: "OO",{layer},{stack}')
    for place, (joint, degrees) in enumerate(turns.items()):
        node, curve = 40_000 + 1000 * number + place, 60_000 + 1000 * number + place
        times = ",".join(str(round(frame / fps * TICKS)) for frame in range(len(degrees)))
        values = ",".join(repr(float(value)) for value in np.asarray(degrees))
        count = len(degrees)
        objects.append(
            f'AnimationCurveNode: {node}, "AnimCurveNode::R", "" '
            '{ Properties70: { P: "d|X", "Number", "", "A",0 } }'
        )
        objects.append(
            f'AnimationCurve: {curve}, "AnimCurve::", "" {{ Default: 0\nKeyVer: 4008\n'
            f"KeyTime: *{count} {{ a: {times} }}\n"
            f"KeyValueFloat: *{count} {{ a: {values} }}\nKeyAttrFlags: *1 {{ a: 24836 }}\n"
            f"KeyAttrDataFloat: *4 {{ a: 0,0,218434821,0 }}\nKeyAttrRefCount: *1 {{ a: {count} }}\n}}"
        )
        target = 1000 + JOINTS.index(joint)
        links += [f'C: "OO",{node},{layer}', f'C: "OP",{node},{target},"Lcl Rotation"', f'C: "OP",{curve},{node},"d|X"']
