# Sourced: makes .venv with aae_jax installed, and activates it. Argument: an extra, such as `test`.
PYTHON=${PYTHON:-python3}
if ! "$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
  echo "aae_jax needs Python 3.11 or newer: set PYTHON to one, as in PYTHON=python3.12" >&2
  return 2
fi
[ -e .venv/bin/python ] || "$PYTHON" -m venv .venv
source .venv/bin/activate
echo "installing into .venv"
python -m pip install --quiet --disable-pip-version-check --editable ".${1:+[$1]}"
