"""The 22 joints of SMPL: a tree whose parents come first, and a mirror image that keeps it."""

from __future__ import annotations

from monster.skeleton import BONES, INDEX, JOINT_COUNT, JOINTS, MIRROR, PARENTS


def test_every_joint_has_a_name_and_a_parent_before_it() -> None:
    assert JOINT_COUNT == len(JOINTS) == len(PARENTS) == len(set(JOINTS)) == 22
    assert PARENTS[0] == -1
    assert all(0 <= parent < joint for joint, parent in enumerate(PARENTS) if joint)
    assert [JOINTS[index] for index in INDEX.values()] == list(INDEX) == list(JOINTS)


def test_chains_end_at_the_extremities() -> None:
    def chain(name: str) -> list[str]:
        names = [name]
        while PARENTS[INDEX[names[-1]]] >= 0:
            names.append(JOINTS[PARENTS[INDEX[names[-1]]]])
        return names

    assert chain("left_foot") == ["left_foot", "left_ankle", "left_knee", "left_hip", "pelvis"]
    assert chain("right_wrist")[:4] == ["right_wrist", "right_elbow", "right_shoulder", "right_collar"]
    assert chain("head") == ["head", "neck", "spine3", "spine2", "spine1", "pelvis"]
    ends = set(range(JOINT_COUNT)) - set(PARENTS)
    assert {JOINTS[joint] for joint in ends} == {"left_foot", "right_foot", "head", "left_wrist", "right_wrist"}


def test_bones_join_each_joint_to_its_parent() -> None:
    assert list(BONES) == [(PARENTS[child], child) for child in range(1, JOINT_COUNT)]


def test_the_mirror_swaps_sides_and_keeps_the_tree() -> None:
    assert [JOINTS[MIRROR[INDEX[name]]] for name in ("left_knee", "right_wrist", "neck")] == [
        "right_knee", "left_wrist", "neck",
    ]  # fmt: skip
    for joint, other in enumerate(MIRROR):
        assert MIRROR[other] == joint
        if joint:
            assert PARENTS[other] == MIRROR[PARENTS[joint]]
