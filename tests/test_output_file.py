"""Files of results: written whole, and what is no file left as it is."""

import os
import stat
import threading

import pytest

from aae_jax import output_file


def test_a_file_is_replaced_and_nothing_left_beside_it(tmp_path):
    path = tmp_path / "results.json"
    path.write_text("old")
    output_file.write(path, "new: ±\n")
    assert path.read_text(encoding="utf-8") == "new: ±\n"
    assert list(tmp_path.iterdir()) == [path]


def test_two_processes_may_write_the_same_file(tmp_path, monkeypatch):
    path, sync, own = tmp_path / "results.json", os.fsync, os.getpid()

    def another(descriptor):
        """Writes the file as another process, while this one is about to move its own in place."""
        monkeypatch.setattr(os, "fsync", sync)
        monkeypatch.setattr(os, "getpid", lambda: own + 1)
        output_file.write(path, "theirs")
        assert path.read_text() == "theirs"

    monkeypatch.setattr(os, "fsync", another)
    output_file.write(path, "ours")
    assert path.read_text() == "ours"
    assert list(tmp_path.iterdir()) == [path]


def test_what_cannot_be_written_leaves_the_old_file(tmp_path):
    path = tmp_path / "results.json"
    path.write_text("old")
    with pytest.raises(UnicodeEncodeError):
        output_file.write(path, "\ud800")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_pipe_is_written_to_and_stays_one(tmp_path):
    pipe, read = tmp_path / "pipe", []
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: read.append(pipe.read_text()))
    reader.start()
    output_file.write(pipe, "numbers\n")
    reader.join(timeout=10)
    assert read == ["numbers\n"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)
