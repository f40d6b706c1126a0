"""What is said of the code, the versions and the machine."""

import re
import subprocess

import jax

from aae_jax import provenance


def git(folder, *arguments):
    identity = ("-c", "user.name=a", "-c", "user.email=a@b")
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


def test_a_commit_and_its_changes(tmp_path):
    assert provenance.commit(tmp_path) is None
    git(tmp_path, "init")
    assert provenance.commit(tmp_path) is None  # no commit yet
    (tmp_path / "file").write_text("one")
    git(tmp_path, "add", "file")
    git(tmp_path, "commit", "-m", "first")
    clean = provenance.commit(tmp_path)
    assert re.fullmatch("[0-9a-f]{40}", clean)
    (tmp_path / "other").write_text("untracked, so no part of the code")
    assert provenance.commit(tmp_path) == clean
    (tmp_path / "file").write_text("two")
    assert provenance.commit(tmp_path) == clean + "+changes"


def test_where_git_cannot_say(tmp_path, monkeypatch):
    (tmp_path / ".git").mkdir()  # of no repository
    assert provenance.commit(tmp_path) is None
    monkeypatch.setenv("PATH", "")
    assert provenance.commit(tmp_path) is None


def test_here():
    here = provenance.here()
    assert here["versions"]["jax"] == jax.__version__
    assert here["hardware"].endswith("cores")
    assert set(here) == {"commit", "versions", "hardware"}
