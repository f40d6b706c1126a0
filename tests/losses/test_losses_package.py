import subprocess
import sys

from aae_jax import losses


def test_imports_nothing_heavy():
    code = (
        "import sys, aae_jax.losses; "
        "heavy = {'flax', 'tensorflow', 'tensorflow_datasets', 'orbax', 'tensorboardX'}; "
        "print(*sorted(heavy & set(sys.modules)))"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert result.stdout.split() == []


def test_the_docstring_lists_every_export():
    words = set(losses.__doc__.replace(",", " ").split())
    assert [name for name in losses.__all__ if name not in words] == []
