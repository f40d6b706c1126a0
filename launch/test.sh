#!/usr/bin/env bash
# Installs aae_jax with its test tools into .venv and runs linters and fast tests.
# Further arguments go to pytest: `bash launch/test.sh -m slow -n 1`.
set -euo pipefail
cd "$(dirname "$0")/.."
source launch/venv.sh test
ruff check .
ruff format --check .
# Tests of a file share what they have made and compiled, so a file stays with one worker. The
# order is that of tests/conftest.py, not that of how many tests a file has.
if [ $# -eq 0 ]; then
  set -- -m "not slow" -n auto --dist loadfile --no-loadscope-reorder
fi
python -m pytest "$@"
