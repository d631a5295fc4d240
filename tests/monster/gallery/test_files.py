import json
import os

import pytest

from monster.errors import GalleryError
from monster.gallery.files import Head, original_path, read_head, write_head, writer_lock


def test_a_head_comes_back(tmp_path):
    write_head(tmp_path, Head("fa4e", 256), {"items": 3})
    assert read_head(tmp_path) == Head("fa4e", 256)
    assert json.loads((tmp_path / "gallery.json").read_text())["counts"] == {"items": 3}
    assert [path.name for path in tmp_path.iterdir()] == ["gallery.json"]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[]", "format version"),
        ('{"format": true}', "format version"),
        ('{"format": 3}', "format 2 or older, got 3; was it made by a newer version"),
        ('{"format": 1, "dim": 8}', "fingerprint .* got None"),
        ('{"format": 1, "fingerprint": "../x", "dim": 8}', "fingerprint"),
        ('{"format": 1, "fingerprint": "fa", "dim": 0}', r"width \(dim\) .* got 0"),
        ("\udcff", "cannot be read"),
    ],
)
def test_a_corrupt_head_is_named(tmp_path, text, complaint):
    (tmp_path / "gallery.json").write_text(text, errors="surrogateescape")
    with pytest.raises(GalleryError, match=rf"gallery\.json: .*{complaint}"):
        read_head(tmp_path)


def test_the_error_names_the_actual_content(tmp_path):
    (tmp_path / "file").write_text("")
    for path, what in ((tmp_path, "a folder without it"), (tmp_path / "file", "a file"), (tmp_path / "no", "nothing")):
        with pytest.raises(GalleryError, match=f"got {what}"):
            read_head(path)


def test_the_lock_is_released_after_an_error(tmp_path):
    with pytest.raises(ZeroDivisionError), writer_lock(tmp_path):
        with pytest.raises(GalleryError, match=rf"process {os.getpid()}"), writer_lock(tmp_path):
            pass
        raise ZeroDivisionError
    with writer_lock(tmp_path):
        pass
    with pytest.raises(GalleryError, match="cannot be changed"), writer_lock(tmp_path / "no"):
        pass


def test_originals_are_named_by_number(tmp_path):
    assert original_path(tmp_path, "motion", 12) == tmp_path / "motions" / "00000012.npz"
