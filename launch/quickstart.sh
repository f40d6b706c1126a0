#!/usr/bin/env bash
# Installs aae_jax into .venv and runs AMM on the embedded digits; prints where the report is.
# Further arguments go to aae_jax.main: `bash launch/quickstart.sh --config.seed=1`.
set -euo pipefail
cd "$(dirname "$0")/.."
source launch/venv.sh ""  # no extra: without an argument it would read this script's own
python -m aae_jax.main --config=configs/amm_digits.py "$@"
