#!/usr/bin/env bash
# Installs aae_jax with its test tools into .venv and runs linters and fast tests.
# Further arguments go to pytest: `bash launch/test.sh -m slow`.
set -euo pipefail
cd "$(dirname "$0")/.."
source launch/venv.sh test
ruff check .
ruff format --check .
if [ $# -eq 0 ]; then set -- -m "not slow"; fi
python -m pytest "$@"
