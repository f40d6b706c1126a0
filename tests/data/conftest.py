"""Keeps the tests away from the caches and data sets of whoever runs them."""

import pytest


@pytest.fixture(autouse=True)
def _own_places(tmp_path_factory, monkeypatch):
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("AAE_JAX_CACHE", str(home / "cache"))
    monkeypatch.delenv("TFDS_DATA_DIR", raising=False)
