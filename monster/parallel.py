"""Maps a function over tasks in child processes: results in order, few at a time, and a crash costs only its task."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from multiprocessing import get_context
from typing import Final, Generic, TypeVar

from monster.errors import MonsterError

T = TypeVar("T")
R = TypeVar("R")
_AHEAD: Final = 4  # tasks a process that are given out before the first result is taken


class ProcessCrash(MonsterError):
    """The child process that worked on a task ended without a result."""

    def __init__(self, task: object) -> None:
        super().__init__(f"{task}: the process that worked on it ended without a result")


def map_ordered(
    function: Callable[[T], R],
    tasks: Iterable[T],
    *,
    workers: int,
    prepare: Callable[[], object] | None = None,
) -> Iterator[R | ProcessCrash]:
    """The results of ``function`` in the order of the tasks, or the ProcessCrash of a task that ended its process.

    ``workers`` child processes work; with 0 this process does. The function, the tasks and the results are pickled.
    ``prepare`` is called once in each process. At most ``4 * workers`` tasks are given out at a time.
    """
    if workers < 1:
        if prepare is not None:
            prepare()
        yield from map(function, tasks)
        return
    window = _Window(function, workers, prepare)
    remaining = iter(tasks)
    try:
        for task in islice(remaining, _AHEAD * workers):
            window.give(task)
        while window.given:
            yield window.take()
            for task in islice(remaining, 1):
                window.give(task)
    finally:
        window.close()


class _Window(Generic[T, R]):
    """The tasks that were given to a pool and whose results were not taken yet."""

    def __init__(self, function: Callable[[T], R], workers: int, prepare: Callable[[], object] | None) -> None:
        self._function, self._workers, self._prepare = function, workers, prepare
        self.given: deque[tuple[T, Future[R]]] = deque()
        self._pool = self._opened(workers)

    def give(self, task: T) -> None:
        """Add a task."""
        try:
            self.given.append((task, self._pool.submit(self._function, task)))
        except BrokenProcessPool:
            self._restart()
            self.given.append((task, self._pool.submit(self._function, task)))

    def take(self) -> R | ProcessCrash:
        """The result of the first task. After a crash it runs alone, which shows whether it was the cause."""
        task, future = self.given.popleft()
        try:
            return future.result()
        except BrokenProcessPool:
            result = self._alone(task)
        self._restart()
        return result

    def close(self) -> None:
        """End the processes; tasks without a result are dropped."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _alone(self, task: T) -> R | ProcessCrash:
        with self._opened(1) as pool:
            try:
                return pool.submit(self._function, task).result()
            except BrokenProcessPool:
                return ProcessCrash(task)

    def _restart(self) -> None:
        """A new pool, and the tasks without a result given to it."""
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._pool = self._opened(self._workers)
        waiting, self.given = self.given, deque()
        for task, future in waiting:
            is_done = future.done() and not future.cancelled() and future.exception() is None
            self.given.append((task, future if is_done else self._pool.submit(self._function, task)))

    def _opened(self, workers: int) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(workers, get_context("spawn"), initializer=self._prepare)
