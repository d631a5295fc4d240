import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexes import IndexSpec, SpecError, StorageError, VectorIndex, read_head

OLD = Path(__file__).parent / "data" / "format-1"


def made(count: int = 5, dim: int = 3) -> VectorIndex:
    index = VectorIndex(IndexSpec(dim))
    index.add([f"clip/{n} ü\n" for n in range(count)], np.arange(count * dim, dtype=np.float32).reshape(count, dim))
    index.tag = "state 4"
    return index


def same(a: VectorIndex, b: VectorIndex) -> bool:
    return a.ids() == b.ids() and a.spec == b.spec and all(np.array_equal(a.get(id), b.get(id)) for id in a)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.text(min_size=1, alphabet=st.characters(exclude_categories=["Cs"])), unique=True), st.data())
def test_a_loaded_index_equals_the_saved_one(tmp_path_factory, ids, data):
    index = VectorIndex(IndexSpec(2))
    index.add(ids, np.arange(len(ids) * 2, dtype=np.float32).reshape(-1, 2))
    index.remove(data.draw(st.sets(st.sampled_from(ids))) if ids else [])
    folder = tmp_path_factory.mktemp("index")
    index.save(folder)
    again = VectorIndex.load(folder, IndexSpec(2))
    assert same(index, again)
    again.add(["one more" * 9], [[1.0, 2.0]])
    assert len(again) == len(index) + 1


def test_the_tag_and_the_head_are_kept(tmp_path):
    made().save(tmp_path)
    assert VectorIndex.load(tmp_path).tag == "state 4"
    assert (read_head(tmp_path).count, read_head(tmp_path).spec) == (5, IndexSpec(3))


def test_saving_again_replaces_all_files(tmp_path):
    made().save(tmp_path)
    made(7).save(tmp_path)
    assert len(VectorIndex.load(tmp_path)) == 7
    assert len(list(tmp_path.iterdir())) == 3


def test_other_settings_are_an_error_that_names_both(tmp_path):
    made().save(tmp_path)
    with pytest.raises(SpecError, match=r"dim=4.*got .*dim=3"):
        VectorIndex.load(tmp_path, IndexSpec(4))


def test_an_index_of_the_first_format_still_loads():
    index = VectorIndex.load(OLD)
    assert index.ids() == ["walk", "sit", "wave"] and index.tag == "12"
    assert index.search([0.0, 1.0], 1).ids == [["sit"]]


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-3])


def put(**values: object):
    def change(path: Path) -> None:
        path.write_text(json.dumps({**json.loads(path.read_text()), **values}))

    return change


@pytest.mark.parametrize(
    ("file", "damage", "text"),
    [
        ("index.json", Path.unlink, "not found"),
        ("index.json", cut, "cannot be read as JSON"),
        ("index.json", lambda path: path.write_text("[]"), "expected the head of an index"),
        ("index.json", put(format=99), "format 1 or older, got 99.*newer version"),
        ("index.json", put(spec={"dim": 3}), "corrupt head"),
        ("index.json", put(count="many"), "corrupt head"),
        ("index.json", put(rows="../rows-1.npy"), "names of files in the same folder"),
        ("index.json", put(count=6), "expected a list of 6 ids"),
        ("ids-1.json", Path.unlink, "not found"),
        ("ids-1.json", cut, "cut short"),
        ("ids-1.json", lambda path: path.write_text('["a", "a", "b", "c", "d"]'), "1 twice"),
        ("ids-1.json", lambda path: path.write_text('["a", "b", "c", "d", 5]'), "expected a list of 5 ids"),
        ("rows-1.npy", Path.unlink, "cannot be read"),
        ("rows-1.npy", cut, "cut short"),
        ("rows-1.npy", lambda path: np.save(path, np.ones((5, 4), np.float32)), r"got float32 \(5, 4\)"),
        ("rows-1.npy", lambda path: np.save(path, np.array([{}]), allow_pickle=True), "cannot be read"),
    ],
)
def test_a_corrupt_index_names_its_file(tmp_path, file, damage, text):
    made().save(tmp_path)
    damage(tmp_path / file)
    with pytest.raises(StorageError, match=text) as caught:
        VectorIndex.load(tmp_path)
    named = str(caught.value).split(":")[0]
    assert named in (str(tmp_path / file), str(tmp_path / "ids-1.json"))


def test_a_failed_write_is_a_storage_error(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="cannot save the index"):
        made().save(tmp_path / "file")


SAVING = """
import sys, numpy as np
from indexes import IndexSpec, VectorIndex
index = VectorIndex(IndexSpec(8))
for n in range(10**6):
    index.add([str(n)], np.full((1, 8), n, np.float32))
    index.save(sys.argv[1])
    if n == 5:
        print("going", flush=True)
"""


def test_a_kill_while_saving_leaves_a_complete_index(tmp_path):
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "OMP_NUM_THREADS": "1"}
    process = subprocess.Popen(
        [sys.executable, "-c", SAVING, str(tmp_path)], stdout=subprocess.PIPE, env=environment, text=True
    )
    try:
        assert process.stdout is not None and process.stdout.readline() == "going\n"
        time.sleep(0.3)
    finally:
        process.send_signal(signal.SIGKILL)
        process.communicate()
    index = VectorIndex.load(tmp_path)
    assert index.ids() == [str(n) for n in range(len(index))] and len(index) > 5
    assert all(np.array_equal(index.get(id), np.full(8, float(id), np.float32)) for id in index)
