"""Kills and concurrent processes: a gallery keeps every completed `add` and no incomplete one."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from threading import Thread

import pytest
from fakes import FakeModel, item_of, motion_of, text_of

from monster.gallery import Gallery
from monster.types import Query

TESTS = Path(__file__).parents[2]
KILLS = int(os.environ.get("MONSTER_KILLS", "4"))
ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join((str(TESTS), str(TESTS.parent))), "OMP_NUM_THREADS": "1"}
ADDING = """
import sys
from fakes import FakeModel, item_of
from monster.gallery import Gallery
with Gallery.open(sys.argv[1], FakeModel()) as gallery:
    start = len(gallery)
    for n in range(start, start + 100_000, 5):
        gallery.add([item_of(key, scene=key // 20) for key in range(n, n + 5)])
        if n % 10 == 0:
            gallery.remove([f"item-{n}"])
            gallery.add([item_of(n, scene=n // 20)])
        print(n + 5, flush=True)
"""
ENDLESS = """
import itertools, sys
from fakes import FakeModel, item_of
from monster.gallery import Gallery
with Gallery.open(sys.argv[1], FakeModel()) as gallery:
    gallery.add((item_of(key) for key in itertools.count()), progress=lambda done: print(done, flush=True))
"""


def start(script, folder):
    return subprocess.Popen(
        [sys.executable, "-c", script, str(folder)], stdout=subprocess.PIPE, env=ENVIRONMENT, text=True
    )


def killed_after(process, seconds):
    """The last whole line that a process printed before it was killed."""
    first = process.stdout.readline()
    time.sleep(seconds)
    process.send_signal(signal.SIGKILL)
    rest = process.communicate()[0]
    return [line for line in (first + rest).splitlines(keepends=True) if line.endswith("\n")][-1].strip()


def test_added_items_survive_a_kill(tmp_path):
    folder = tmp_path / "gallery"
    Gallery.create(folder, FakeModel()).close()
    chance = random.Random(0)
    for _ in range(KILLS):
        reported = int(killed_after(start(ADDING, folder), 0.05 + 0.3 * chance.random()))
        with Gallery.open(folder, FakeModel()) as gallery:
            ids = set(gallery.ids())
            assert {f"item-{n}" for n in range(reported)} <= ids
            # A kill between a remove and the add after it leaves one out of five; nothing else is ever half.
            assert len(ids) % 5 in (0, 4)
            if len(ids) % 5:
                gallery.add([item_of(n, scene=n // 20) for n in range(len(ids) + 1) if f"item-{n}" not in ids])
            assert len(gallery.search(Query(text="walk"), "motion", 10**6)) == len(gallery)
            for key in (0, reported - 1):
                assert gallery.search(Query(text=text_of(key)), "motion", 1)[0].id == f"item-{key}"
                assert gallery.item(f"item-{key}").scene is not None


def test_an_add_that_is_killed_leaves_nothing(tmp_path):
    folder = tmp_path / "gallery"
    Gallery.create(folder, FakeModel()).close()
    assert int(killed_after(start(ENDLESS, folder), 0.1)) >= 64
    with Gallery.open(folder, FakeModel()) as gallery:
        assert set(gallery.counts().values()) == {0} and gallery.search(Query(text="x"), "motion") == []
        gallery.add([item_of(7), item_of(8)])  # its files take the place of what the killed one left
        assert abs(gallery.motion("item-8").joints - motion_of(8).joints).max() == 0


def test_a_reader_sees_complete_changes_while_a_writer_adds(tmp_path):
    folder = tmp_path / "gallery"
    Gallery.create(folder, FakeModel()).close()
    process = start(ADDING, folder)
    try:
        assert process.stdout.readline() == "5\n"
        seen = set()
        with Gallery.open(folder, FakeModel()) as reader:
            until = time.monotonic() + 30
            while len(seen) < 10 and time.monotonic() < until:
                hits = reader.search(Query(text=text_of(3)), "motion+scene", 10**6)
                assert len(hits) % 5 in (0, 4) and hits[0].items
                seen.add(len(hits))
    finally:
        process.kill()
        process.communicate()
    assert len(seen) == 10


def test_threads_search_while_one_adds(tmp_path):
    wrong = []
    with Gallery.create(tmp_path / "gallery", FakeModel()) as gallery:
        gallery.add([item_of(0)])

        def look():
            for _ in range(60):
                hits = gallery.search(Query(text=text_of(0)), "motion", 5)
                if not hits or hits[0].id != "item-0":
                    wrong.append(hits)

        readers = [Thread(target=look) for _ in range(4)]
        for thread in readers:
            thread.start()
        for key in range(1, 40):
            gallery.add([item_of(key)])
        for thread in readers:
            thread.join()
        assert not wrong and len(gallery.search(Query(text="x"), "motion", 99)) == 40


def test_a_closed_gallery_is_a_folder_that_can_be_copied(tmp_path):
    with Gallery.create(tmp_path / "gallery", FakeModel()) as gallery:
        gallery.add(item_of(key) for key in range(5))
    names = {path.name for path in (tmp_path / "gallery").iterdir()}
    assert names == {"gallery.json", "items.sqlite", "lock", "motions", "scenes", "indexes"}
    shutil.copytree(tmp_path / "gallery", tmp_path / "copy")
    with Gallery.open(tmp_path / "copy", FakeModel()) as copy:
        assert copy.search(Query(motion=motion_of(3)), "scene", 1)[0].id == "room-3"


def test_a_gallery_in_a_read_only_folder_is_readable(tmp_path, monkeypatch):
    folder = tmp_path / "gallery"
    with Gallery.create(folder, FakeModel()) as gallery:
        gallery.add(item_of(key) for key in range(5))
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    folder.chmod(0o555)
    try:
        with Gallery.open(folder, FakeModel()) as gallery:
            assert gallery.search(Query(motion=motion_of(3)), "scene", 1)[0].id == "room-3"
            assert not list(folder.glob("*-wal"))
    finally:
        folder.chmod(0o755)


@pytest.mark.parametrize("seconds", [0.0, 0.02])
def test_a_killed_writer_leaves_no_lock(tmp_path, seconds):
    folder = tmp_path / "gallery"
    Gallery.create(folder, FakeModel()).close()
    killed_after(start(ADDING, folder), seconds)
    with Gallery.open(folder, FakeModel()) as gallery:
        gallery.add([item_of(10**6)])
        assert "item-1000000" in gallery
