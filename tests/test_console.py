"""How programs end where they cannot go on."""

import pytest

from aae_jax import console


@pytest.mark.parametrize(
    "error",
    [
        MemoryError("Unable to allocate 1.00 TiB"),
        RuntimeError("RESOURCE_EXHAUSTED: Out of memory allocating 7 bytes\nand a trace"),
    ],
)
def test_too_little_memory_is_one_line(error, capfd):
    with pytest.raises(SystemExit) as ended, console.one_line("program"):
        raise error
    assert ended.value.code == 2
    (line,) = capfd.readouterr().err.splitlines()
    assert line.startswith("program: error: out of memory (")
    assert "lower batch_size" in line


def test_a_mistake_of_the_program_keeps_its_traceback():
    with pytest.raises(RuntimeError, match="no such thing"), console.one_line("program"):
        raise RuntimeError("no such thing")
