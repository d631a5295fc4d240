"""Tasks in child processes: order, bounds and crashes."""

from __future__ import annotations

from collections.abc import Iterator

from crashing_format import double

from monster.parallel import ProcessCrash, map_ordered


def test_results_come_in_the_order_of_the_tasks() -> None:
    assert list(map_ordered(double, range(20, 40), workers=2)) == list(range(40, 80, 2))


def test_without_workers_this_process_works() -> None:
    assert list(map_ordered(lambda number: number + 1, range(3), workers=0)) == [1, 2, 3]


def test_a_crash_costs_only_its_task() -> None:
    results = list(map_ordered(double, range(12), workers=2))
    assert isinstance(results[7], ProcessCrash) and str(results[7]).startswith("7: ")
    assert [result for result in results if not isinstance(result, ProcessCrash)] == [
        2 * number for number in range(12) if number != 7
    ]


def test_few_tasks_are_given_out_before_their_results_are_taken() -> None:
    given: list[int] = []

    def tasks() -> Iterator[int]:
        for number in range(100, 200):
            given.append(number)
            yield number

    results = map_ordered(double, tasks(), workers=1)
    next(results)
    assert len(given) <= 5
    results.close()  # type: ignore[attr-defined]
