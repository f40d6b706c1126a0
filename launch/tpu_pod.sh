#!/usr/bin/env bash
# One run on all hosts of a TPU pod slice, started from a machine with gcloud set up, in the clone:
#
#   bash launch/tpu_pod.sh my-tpu us-central2-b \
#     --config=configs/amm_svhn.py --workdir=/disk/amm_svhn
#
# Copies what is committed to ~/aae_jax on every host, installs it there, and runs the same command
# on all of them. The workdir must lie on a disk that every host sees. The same command again goes on
# with the run.
set -euo pipefail
cd "$(dirname "$0")/.."
if [ $# -lt 3 ]; then
  echo "usage: bash launch/tpu_pod.sh NAME ZONE --config=... --workdir=... [flags]" >&2
  exit 2
fi
name=$1 zone=$2
shift 2
tpu=(gcloud compute tpus tpu-vm)
# Only what is under version control: no runs, no virtual environments.
archive=$(mktemp)
trap 'rm -f "$archive"' EXIT
git archive --format=tar.gz HEAD > "$archive"
"${tpu[@]}" scp "$archive" "$name:aae_jax.tar.gz" --worker=all --zone="$zone"
install='mkdir -p aae_jax && tar -xzf aae_jax.tar.gz -C aae_jax && cd aae_jax'
install+=' && { [ -e .venv ] || python3 -m venv .venv; }'
install+=' && .venv/bin/pip install --quiet --editable . "jax[tpu]"'
"${tpu[@]}" ssh "$name" --worker=all --zone="$zone" --command="$install"
run="cd aae_jax && .venv/bin/python -m aae_jax.main --distributed=auto$(printf ' %q' "$@")"
"${tpu[@]}" ssh "$name" --worker=all --zone="$zone" --command="$run"
