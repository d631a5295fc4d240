"""Reads pickles as plain data: arrays, text, numbers, lists, tuples and dicts, and nothing else.

Generators write ``results.npy`` and data sets ``.pkl`` as pickles. Unpickling may run any code, so no file is
unpickled: `pickletools.genops` (documented to execute nothing) splits the file into instructions, and those that
plain data needs are executed below. A name in the file ("numpy.dtype") is text that is compared with a short list;
nothing is imported or called by it. The memory that an instruction may allocate is limited by the size of the file.
"""

from __future__ import annotations

import io
import math
import pickletools
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np

from monster.errors import FileFormatError, InputError
from monster.io.sources import FileLike, Source, opened, short

MAX_BYTES: Final = 4 << 30
MAX_STEPS: Final = 5_000_000
_SPARE: Final = 64 << 20  # bytes that any file may take on top of a few times its own size
_DTYPE: Final = re.compile(r"[<>|=]?(b1|[iu][1248]|f[248]|[SU][1-9]\d{0,5}|O8?)")
_BROKEN: Final = (
    ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, MemoryError, RecursionError,
)  # fmt: skip
_PLAIN: Final = (str, bytes, bytearray, int, float, bool, type(None), np.generic)

_VALUES: Final = frozenset(
    ("INT", "BININT", "BININT1", "BININT2", "LONG", "LONG1", "LONG4", "FLOAT", "BINFLOAT", "STRING", "BINSTRING",
     "SHORT_BINSTRING", "BINBYTES", "SHORT_BINBYTES", "BINBYTES8", "BYTEARRAY8", "UNICODE", "BINUNICODE",
     "SHORT_BINUNICODE", "BINUNICODE8")
)  # fmt: skip
_CONSTANTS: Final = {"NONE": None, "NEWTRUE": True, "NEWFALSE": False}
_COUNTS: Final = {"TUPLE1": 1, "TUPLE2": 2, "TUPLE3": 3}
_NUMPY: Final = ("numpy.core.", "numpy._core.")


def load_pickle(file: FileLike) -> Any:
    """The content of a ``.pkl`` file: arrays, text, numbers, lists, tuples and dicts.

    Raises FileFormatError if the file is damaged or asks for anything else; no code of the file runs.
    """
    with opened(file) as source:
        _check_size(source)
        return _loaded(source.read(), source.path)


def load_object_array(file: FileLike) -> Any:
    """The content of a ``.npy`` file with an object array; the value itself where the array has no dimension.

    Raises like ``load_pickle``.
    """
    with opened(file) as source:
        _check_size(source)
        stream = source.file
        try:
            version = np.lib.format.read_magic(stream)
            read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
            read(stream)
        except (ValueError, EOFError, SyntaxError, OSError) as error:
            raise FileFormatError(
                f"{source.name}: expected an array of objects, got something else ({short(error)})"
            ) from None
        value = _loaded(stream.read(), source.path)
    return value[()] if isinstance(value, np.ndarray) and value.shape == () else value


def _check_size(source: Source) -> None:
    if source.size > MAX_BYTES:
        raise FileFormatError(f"{source.name}: expected a pickle of at most {MAX_BYTES >> 30} GiB, got a larger one")


def _loaded(content: bytes, path: Path) -> Any:
    try:
        value = _Machine(len(content)).run(content)
        _check_plain(value)
    except InputError as error:
        raise FileFormatError(f"{path.name}: {error}") from None
    except _BROKEN as error:
        raise FileFormatError(
            f"{path.name}: expected a pickle, got a damaged one ({short(error)}); was a download or copy cut short?"
        ) from None
    return value


@dataclass(frozen=True)
class _Name:
    """Something that the file refers to by name; it is never looked up."""

    text: str


@dataclass
class _Dtype:
    """The code of an array's type ("f4") and its byte order, which the file gives later."""

    code: str
    order: str = "="

    def real(self) -> np.dtype[Any]:
        return np.dtype(f"{self.order if self.order in '<>' else '='}{self.code.lstrip('<>|=')}")


@dataclass
class _Pending:
    """An array whose content comes later, and its slots in the memo."""

    slots: list[int] = field(default_factory=list)


class _Mark:
    """Marks the start of a run of items on the stack."""


class _Machine:
    """Executes the instructions of one file on a stack of plain values."""

    def __init__(self, size: int) -> None:
        self.stack: list[Any] = []
        self.memo: dict[int, Any] = {}
        self.left = 8 * size + _SPARE
        self.steps: dict[str, Callable[[], None]] = {
            "MARK": lambda: self.stack.append(_Mark()),
            "POP": lambda: self._drop(),
            "POP_MARK": lambda: self._drop_run(),
            "EMPTY_LIST": lambda: self.stack.append([]),
            "EMPTY_TUPLE": lambda: self.stack.append(()),
            "EMPTY_DICT": lambda: self.stack.append({}),
            "LIST": lambda: self.stack.append(self._run()),
            "TUPLE": lambda: self.stack.append(tuple(self._run())),
            "DICT": lambda: self._fill({}, self._run()),
            "APPEND": lambda: self._extend([self.stack.pop()]),
            "APPENDS": lambda: self._extend(self._run()),
            "SETITEM": lambda: self._set([self.stack.pop(-2), self.stack.pop()]),
            "SETITEMS": lambda: self._set(self._run()),
            "MEMOIZE": lambda: self._put(len(self.memo)),
            "STACK_GLOBAL": lambda: self.stack.append(_Name(f"{self.stack.pop(-2)}.{self.stack.pop()}")),
            "REDUCE": self._reduce,
            "BUILD": self._build,
        }

    def run(self, content: bytes) -> Any:
        """The value that the instructions leave."""
        for count, (code, value, _) in enumerate(pickletools.genops(io.BytesIO(content))):
            if count > MAX_STEPS:
                raise InputError(f"expected a pickle of arrays, got one of more than {MAX_STEPS} single values")
            name = code.name
            if name in _VALUES:
                self.stack.append(value)
            elif name in _CONSTANTS:
                self.stack.append(_CONSTANTS[name])
            elif name in _COUNTS:
                self.stack.append(tuple(self._take(_COUNTS[name])))
            elif name in ("PUT", "BINPUT", "LONG_BINPUT"):
                self._put(_slot(value))
            elif name in ("GET", "BINGET", "LONG_BINGET"):
                self.stack.append(self.memo[_slot(value)])
            elif name == "GLOBAL":
                self.stack.append(_Name(str(value).replace(" ", ".", 1)))
            else:
                self._step(name)
        return self.stack.pop()

    def _step(self, name: str) -> None:
        if name in self.steps:
            self.steps[name]()
        elif name not in ("PROTO", "FRAME", "STOP"):
            raise _refused(f"the instruction {name}")

    def _take(self, count: int) -> list[Any]:
        if len(self.stack) < count:
            raise IndexError("too few values")
        items = self.stack[-count:]
        del self.stack[-count:]
        return items

    def _run(self) -> list[Any]:
        """Remove the last mark and the items above it; returns the items."""
        start = next(i for i in range(len(self.stack) - 1, -2, -1) if i < 0 or isinstance(self.stack[i], _Mark))
        if start < 0:
            raise IndexError("no mark")
        items = self.stack[start + 1 :]
        del self.stack[start:]
        return items

    def _drop(self) -> None:
        self.stack.pop()

    def _drop_run(self) -> None:
        self._run()

    def _extend(self, items: list[Any]) -> None:
        if type(self.stack[-1]) is not list:
            raise TypeError("items for something that is no list")
        self.stack[-1].extend(items)

    def _set(self, items: list[Any]) -> None:
        self._fill(self.stack.pop(), items)

    def _fill(self, target: Any, items: list[Any]) -> None:
        if type(target) is not dict or len(items) % 2:
            raise TypeError("entries for something that is no dict")
        for key, value in zip(items[::2], items[1::2], strict=True):
            if not isinstance(key, str | bytes | int | float | None):
                raise _refused(f"a dict with a {type(key).__name__} for a key")  # hashing nested tuples may never end
            target[key] = value
        self.stack.append(target)

    def _put(self, slot: int) -> None:
        self.memo[slot] = self.stack[-1]
        if isinstance(self.stack[-1], _Pending):
            self.stack[-1].slots.append(slot)

    def _reduce(self) -> None:
        given, name = self.stack.pop(), self.stack.pop()
        text = name.text if isinstance(name, _Name) else type(name).__name__
        for prefix in _NUMPY:
            text = text.replace(prefix, "numpy:", 1) if text.startswith(prefix) else text
        makers: dict[str, Callable[..., Any]] = {
            "numpy:multiarray._reconstruct": self._reconstruct,
            "numpy:multiarray.scalar": self._scalar,
            "numpy:numeric._frombuffer": self._frombuffer,
            "numpy.dtype": self._dtype,
            "_codecs.encode": self._encode,
            "builtins.bytes": self._no_bytes,
            "__builtin__.bytes": self._no_bytes,
        }
        maker = makers.get(text)
        if maker is None or type(given) is not tuple:
            raise _refused(text.replace("numpy:", "numpy."))
        self.stack.append(maker(*given))

    def _reconstruct(self, kind: object, shape: object, code: object) -> _Pending:
        if kind != _Name("numpy.ndarray"):
            raise _refused(f"an array of the kind {kind}")
        return _Pending()

    def _dtype(self, code: object, align: object = False, copy: object = True) -> _Dtype:
        if not isinstance(code, str) or not _DTYPE.fullmatch(code):
            raise _refused(f"an array of the type {str(code)[:40]!r}")
        return _Dtype(code)

    def _scalar(self, dtype: object, content: object) -> Any:
        return self._array((), dtype, content)[()]

    def _frombuffer(self, content: object, dtype: object, shape: object, order: object) -> Any:
        return self._array(shape, dtype, content, fortran=order == "F")

    def _encode(self, text: str, coding: object) -> bytes:
        if coding not in ("latin1", "latin-1") or not isinstance(text, str):
            raise _refused(f"text in the coding {str(coding)[:20]!r}")
        self._spend(len(text))
        return text.encode("latin-1")

    def _no_bytes(self, *given: object) -> bytes:
        if given:
            raise _refused("bytes of something")
        return b""

    def _build(self) -> None:
        state, target = self.stack.pop(), self.stack[-1]
        if isinstance(target, _Dtype):
            if len(state) < 5 or state[1] not in ("<", ">", "|", "=") or any(part is not None for part in state[2:5]):
                raise _refused("an array of records")
            target.order = state[1]
        elif isinstance(target, _Pending):
            _, shape, dtype, fortran, content = state
            self.stack[-1] = self._array(shape, dtype, content, fortran=bool(fortran))
            for slot in target.slots:
                self.memo[slot] = self.stack[-1]
        else:
            raise _refused(f"settings for a {type(target).__name__}")

    def _array(self, shape: Any, dtype: Any, content: Any, *, fortran: bool = False) -> Any:
        """An array whose shape, type and content agree; content that is there already is the only memory it takes."""
        if not isinstance(dtype, _Dtype) or type(shape) is not tuple:
            raise TypeError("an array without a shape or a type")
        if not all(type(side) is int and side >= 0 for side in shape):
            raise ValueError("an array of an impossible shape")
        real, count = dtype.real(), math.prod(shape)
        if real.kind == "O":
            if type(content) is not list or len(content) != count:
                raise ValueError(f"an array of shape {shape} with other content")
            self._spend(8 * count)
            objects = np.empty(count, dtype=object)
            for place, item in enumerate(content):
                objects[place] = item
            return objects.reshape(shape, order="F" if fortran else "C")
        if isinstance(content, str):  # written by Python 2
            self._spend(len(content))
            content = content.encode("latin-1")
        if not isinstance(content, bytes | bytearray) or len(content) != count * real.itemsize:
            raise ValueError(f"an array of shape {shape} with content of another size")
        return np.ndarray(shape, real, buffer=content, order="F" if fortran else "C")

    def _spend(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            raise InputError("expected a pickle of arrays, got one that unpacks to many times its size")


def _slot(value: object) -> int:
    """A slot of the memo: text in old protocols, a number in others."""
    return int(str(value))


def _refused(what: str) -> InputError:
    return InputError(
        f"expected a pickle of arrays, text and numbers alone, got {what[:80]}, which may run code and is not opened; "
        "save the arrays with numpy.save or numpy.savez"
    )


def _check_plain(value: Any) -> None:
    """Raise InputError unless everything inside is plain data (a damaged file may leave stand-ins behind)."""
    seen: set[int] = set()
    left = [value]
    while left:
        item = left.pop()
        if isinstance(item, _PLAIN) or id(item) in seen:
            continue
        seen.add(id(item))
        if type(item) is dict:
            left.extend(item.values())
        elif type(item) in (list, tuple):
            left.extend(item)
        elif isinstance(item, np.ndarray):
            left.extend(item.ravel() if item.dtype.kind == "O" else ())
        else:
            raise _refused(f"a {type(item).__name__.lstrip('_').lower()} left over")
