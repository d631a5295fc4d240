import pytest

from monster.errors import InputError, TaskError
from monster.gallery.hits import check_direction, checked_k, checked_modality, parse_target
from monster.tasks import KINDS, SINGLE_KINDS, TASKS


@pytest.mark.parametrize(
    ("target", "kind"),
    [
        ("text", "t"), ("Motion", "m"), ("s", "s"), ("motion+scene", "ms"), ("scene + text", "st"), ("sm", "ms"),
        ("t+m", "mt"),
    ],
)  # fmt: skip
def test_targets_are_named_in_words_or_letters(target, kind):
    assert parse_target(target) == kind


@pytest.mark.parametrize("target", ["", "sound", "mm", "motion+motion", "text+motion+scene", "tms", "motion+", None, 3])
def test_other_targets_are_refused(target):
    with pytest.raises(TaskError, match="unknown target"):
        parse_target(target)


def test_a_search_goes_in_a_direction_of_a_task_or_within_one_modality():
    allowed = {(task.query, task.target) for task in TASKS} | {(kind, kind) for kind in SINGLE_KINDS}
    for query in KINDS:
        for target in KINDS:
            if (query, target) in allowed:
                check_direction(query, target)
            else:
                with pytest.raises(TaskError, match="overlaps the query"):
                    check_direction(query, target)


def test_k_and_modality():
    assert checked_k(3) == 3 and checked_modality("scene") == "scene"
    for k in (0, -1, False, 1.0, None):
        with pytest.raises(InputError):
            checked_k(k)
    with pytest.raises(TaskError):
        checked_modality("m")
