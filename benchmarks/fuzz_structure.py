"""Ways to change the content of npz and glb files whose containers stay valid, so that readers get past the headers."""

from __future__ import annotations

import io
import json
import struct
import zipfile
from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np
from fuzz_files import npy, npz

from monster.arrays import AnyArray

Random = np.random.Generator
SUFFIXES: Final = (".npz", ".npy", ".glb")
_ODD: Final = (0, -1, 1, 2, 3.5, 1e-30, 1e30, -1e9, 2**31, 2**63, None, "", "x", [], {}, True)
_JSON, _BINARY = 0x4E4F534A, 0x004E4942


def changed(files: Mapping[str, bytes], random: Random) -> dict[str, bytes]:
    """The files with the content of one npz, npy or glb file changed once or twice; as they are without such a file."""
    names = sorted(name for name in files if name.endswith(SUFFIXES))
    if not names:
        return dict(files)
    name = names[int(random.integers(len(names)))]
    content = files[name]
    for _ in range(int(random.integers(1, 3))):
        content = _changed_glb(content, random) if name.endswith(".glb") else _changed_arrays(content, random)
    return {**files, name: content}


def _changed_arrays(content: bytes, random: Random) -> bytes:
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return npy(_changed_array(np.load(io.BytesIO(content)), random))
    with np.load(io.BytesIO(content)) as archive:
        arrays = {name: archive[name] for name in archive.files}
    names = sorted(arrays)
    if not names:
        return content
    name = names[int(random.integers(len(names)))]
    way = random.random()
    if way < 0.05 and len(names) > 1:
        del arrays[name]
    elif way < 0.1:
        arrays[name] = arrays[names[int(random.integers(len(names)))]]
    elif way < 0.15:
        arrays[f"extra_{name}"] = arrays[name]
    else:
        arrays[name] = _changed_array(arrays[name], random)
    return npz(**arrays)


def _changed_array(array: AnyArray, random: Random) -> AnyArray:
    if array.dtype.kind not in "iufb":
        return np.array(str(array)[: int(random.integers(1, 80))])
    return np.asarray(_ARRAY_WAYS[int(random.integers(len(_ARRAY_WAYS)))](array, random))


def _odd_values(array: AnyArray, random: Random) -> AnyArray:
    """A few values become odd ones."""
    made = array.astype(np.float64) if random.random() < 0.5 else array.copy()
    odd = (np.nan, np.inf, -np.inf, 1e308, -1e30, 0.0, 1e6) if made.dtype.kind == "f" else (0, 1, 127)
    flat = made.reshape(-1)
    if made.dtype.itemsize < 8 and made.dtype.kind == "f":
        odd = (np.nan, np.inf, -np.inf, 0.0, 3e4)
    for place in random.integers(0, max(flat.size, 1), int(random.integers(1, 4)) if flat.size else 0):
        flat[place] = odd[int(random.integers(len(odd)))]
    return made


def _scaled(array: AnyArray, random: Random) -> AnyArray:
    return np.asarray(array * random.choice([0.0, -1.0, 0.01, 0.0254, 100.0, 1000.0, 1.05]))


def _moved(array: AnyArray, random: Random) -> AnyArray:
    return np.asarray(array + random.choice([-1.0, 0.001, 5.0, 1e5]))


def _noisy(array: AnyArray, random: Random) -> AnyArray:
    return np.asarray(array + random.normal(scale=random.choice([1e-4, 1e-2, 1.0]), size=array.shape))


def _of_another_type(array: AnyArray, random: Random) -> AnyArray:
    with np.errstate(all="ignore"):
        return array.astype(random.choice(["f2", "f4", "f8", ">f4", "i2", "i4", "u1", "i8", "?"]))


def _fewer(array: AnyArray, random: Random) -> AnyArray:
    return array[: int(random.integers(0, len(array) + 1))] if array.ndim else array


def _longer(array: AnyArray, random: Random) -> AnyArray:
    return np.repeat(array, int(random.integers(2, 4)), axis=0) if array.ndim else np.stack([array, array])


def _shuffled(array: AnyArray, random: Random) -> AnyArray:
    return random.permutation(array, axis=int(random.integers(array.ndim))) if array.ndim else array


def _turned(array: AnyArray, random: Random) -> AnyArray:
    """Another order of axes, an axis more or one fewer."""
    way = int(random.integers(4))
    if way == 0:
        return array.T
    if way == 1:
        return array[None]
    if way == 2 and array.ndim:
        return array.reshape(len(array), -1)
    return array[..., ::-1] if array.ndim else array


_ARRAY_WAYS: Final[tuple[Callable[[AnyArray, Random], AnyArray], ...]] = (
    _odd_values, _scaled, _moved, _noisy, _noisy, _of_another_type, _of_another_type, _fewer, _longer, _shuffled,
    _turned,
)  # fmt: skip


def _changed_glb(content: bytes, random: Random) -> bytes:
    """A value of the JSON, or floats of the binary part."""
    length, _ = struct.unpack_from("<II", content, 12)
    document = json.loads(content[20 : 20 + length])
    binary = bytearray(content[28 + length :])
    if random.random() < 0.5 and len(binary) >= 8:
        _change_floats(binary, random)
    else:
        _change_value(document, random)
    text = json.dumps(document).encode()
    text += b" " * (-len(text) % 4)
    parts = struct.pack("<II", len(text), _JSON) + text + struct.pack("<II", len(binary), _BINARY) + binary
    return struct.pack("<III", 0x46546C67, 2, 12 + len(parts)) + parts


def _change_floats(binary: bytearray, random: Random) -> None:
    count = int(random.integers(1, 6))
    start = int(random.integers(0, len(binary) // 4)) * 4
    values = np.frombuffer(binary, dtype="<f4", count=min(count, (len(binary) - start) // 4), offset=start).copy()
    values *= random.choice([0.0, -1.0, 0.5, 1.01, 1e20])
    binary[start : start + values.nbytes] = values.tobytes()


def _change_value(document: dict[str, Any], random: Random) -> None:
    """Change, remove or copy one value somewhere in the document."""
    where: Any = document
    while True:
        keys = list(where) if isinstance(where, dict) else list(range(len(where)))
        if not keys:
            return
        key = keys[int(random.integers(len(keys)))]
        if isinstance(where[key], dict | list) and where[key] and random.random() < 0.85:
            where = where[key]
            continue
        break
    way = random.random()
    if way < 0.15:
        del where[key]
    elif way < 0.45 and isinstance(where[key], int | float):
        where[key] = where[key] + int(random.integers(-2, 3))
    elif way < 0.6:
        where[key] = where[keys[int(random.integers(len(keys)))]]
    else:
        where[key] = _ODD[int(random.integers(len(_ODD)))]
