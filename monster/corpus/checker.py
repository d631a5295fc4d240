"""The `Checker` protocol: how the engine asks whether captions are true, without importing the generator.

A checker belongs to one corpus. ``corpus.json`` names it (key ``checker``), and the package that contains it registers
an entry point of that name in the group ``monster.checkers``: a callable that takes the folder and the content of
``corpus.json`` and returns the checker. A claim is JSON that only its checker can read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from monster.arrays import AnyArray, BoolArray
from monster.errors import CorpusError
from monster.types import Item, Scene

if TYPE_CHECKING:
    from monster.corpus.storage import Corpus, ItemRecord

GROUP: Final = "monster.checkers"
DEFAULT_CHECKER: Final = "worlds"  # checker of corpora that were generated before corpus.json named one
Claim = Mapping[str, Any]
HardNegative = Mapping[str, Any]
Case = tuple[AnyArray, str]  # joints (frames, 22, 3) at 20 fps in a scene's coordinates, and that scene's id


class Checker(Protocol):
    """Decides from joints and from the geometry of a corpus's scenes what is true.

    Every method raises CorpusError for a scene without known geometry and for a claim that the checker cannot read.
    """

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of hard negatives that `hard_negatives` can make and `apply` can carry out."""

    def knows(self, scene: str) -> bool:
        """Whether the geometry of the scene is known."""

    def prove(self, claims: Sequence[Claim], cases: Iterable[Case]) -> BoolArray:
        """Which claims (rows) are true of which cases (columns); cases are consumed one by one."""

    def describe(self, joints: AnyArray, scene: str | None = None) -> list[dict[str, Any]]:
        """What the motion does, in order of time; without a scene only what needs no object.

        Each entry has "action", "start" and "end" in seconds and "objects" (a list of {"id", "category"}); a walk also
        has "metres", a turn "degrees" (positive to the left).
        """

    def hard_negatives(
        self,
        record: ItemRecord,
        joints: AnyArray,
        *,
        kinds: Sequence[str] = (),
        scenes: Sequence[str] = (),
        seed: int = 0,
    ) -> list[HardNegative]:
        """New hard negatives of the item, each proven false; of the given kinds, or of all.

        ``joints`` are those of its motion, ``scenes`` the others that it may be shown in. Empty for an item without
        claims.
        """

    def apply(self, negative: HardNegative, item: Item, scene_of: Callable[[str], Scene]) -> Item:
        """The item with its first caption and the change of the hard negative; what does not change is the same object.

        Raises InputError for an item without caption, motion or scene, and for an unknown kind.
        """

    def reprove(self, record: ItemRecord, motions: Iterable[AnyArray]) -> BoolArray:
        """Which captions of the item (rows) stay true of changed motions (columns): cropped, warped, noisy."""

    def is_scene_free(self, claim: Claim) -> bool:
        """Whether the claim names neither an object nor a kind of room."""

    def paraphrases(self, record: ItemRecord, joints: AnyArray) -> list[int]:
        """Numbers (from 1) of the captions that mean the same as the first: the same actions on the same objects."""

    def flagged(self, record: ItemRecord) -> ItemRecord:
        """The record of a corpus of an earlier version with the flags that today's corpora store.

        They are ``held_out`` (a list, one flag a caption) and, on hard negatives, ``held_out`` and ``of_motion``.
        """


def checker_name(folder: Path, info: Mapping[str, Any]) -> str | None:
    """The name of the checker of a corpus; None for a corpus without one."""
    if "checker" in info:
        return None if info["checker"] is None else str(info["checker"])
    generated = "generator" in info or (folder / "rooms.jsonl").exists()
    return DEFAULT_CHECKER if generated else None


def open_checker(folder: Path, info: Mapping[str, Any]) -> Checker | None:
    """The checker that a corpus names; None if it names none. Raises CorpusError if it is not installed."""
    from importlib.metadata import entry_points

    name = checker_name(folder, info)
    if name is None:
        return None
    found = list(entry_points(group=GROUP, name=name))
    if not found:
        raise CorpusError(
            f"{folder}: expected the checker {name!r} that corpus.json names, got no entry point of that name in the"
            f" group {GROUP}: install the package that contains it (worlds comes with monster-retrieval)"
        )
    checker: Checker = found[0].load()(folder, info)
    return checker


def checker_of(corpus: Corpus) -> Checker:
    """The checker of a corpus. Raises CorpusError if the corpus has none or it is not installed."""
    checker = corpus.checker
    if checker is None:
        raise CorpusError(
            f"{corpus}: expected a corpus with a checker, got one whose corpus.json names none;"
            " `monster corpus generate` makes one"
        )
    return checker


def flagged(corpus: Corpus, records: Iterable[ItemRecord]) -> list[ItemRecord]:
    """The records with the flags of what is held out of training: as stored, else as the checker adds them.

    Without a checker nothing is added.
    """
    result = []
    for record in records:
        checker = None if record.is_flagged else corpus.checker
        result.append(record if checker is None else checker.flagged(record))
    return result
