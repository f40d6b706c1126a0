"""A disk that takes no more: 7 times the system refuses to let a file grow.

They meet the config, a checkpoint, the report, the log or the events, and the checkpoint after a
whole one. Each run ends in one line, without a traceback and without hanging, and leaves its last
whole checkpoint; with room again, the same command ends as if nothing had happened. Two sizes that
meet the first checkpoint, as one of the others does, are left to the slow tests.
"""

import pytest

from tests.helpers import final_state, log, same_bits
from tests.reliability.tools import one_line, run_all


@pytest.mark.parametrize(
    "sizes", [(200, 8_000, 50_000), pytest.param((2_000, 20_000), marks=pytest.mark.slow)]
)
def test_a_file_that_cannot_grow(tmp_path, sizes):
    orders = [{"arguments": ["--workdir=undisturbed"]}]
    for size in sizes:
        workdir = {"arguments": [f"--workdir={size}"]}
        orders += [{**workdir, "largest_file": size}, workdir]
    first, *rest = run_all(tmp_path, orders)
    assert first["status"] == 0, first["output"]
    lines = []
    for i, size in enumerate(sizes):
        stopped, resumed = rest[2 * i : 2 * i + 2]
        lines.append(one_line(stopped, 2, "aae_jax: error: "))
        assert "File too large" in lines[-1]
        assert resumed["status"] == 0, (size, resumed["output"])
        assert same_bits(final_state(tmp_path / str(size)), final_state(tmp_path / "undisturbed"))
        assert log(tmp_path / str(size)) == log(tmp_path / "undisturbed"), size
        assert (tmp_path / str(size) / "report.html").exists()
    print("\n".join(f"{size} bytes: {line}" for size, line in zip(sizes, lines, strict=True)))
    assert any("checkpoint" in line for line in lines)


def test_a_log_that_cannot_grow(tmp_path):
    """The run would hang at the next events, were they written by a thread."""
    rhythms = [f"--config.{name}.every=0" for name in ("checkpoint", "evaluation")]
    order = {"arguments": [*rhythms, "--config.steps=40", "--workdir=run"]}
    stopped, resumed = run_all(tmp_path, [{**order, "largest_file": 3_000}, order])
    line = one_line(stopped, 2, "aae_jax: error: ")
    print(line)
    assert "File too large; mend that and run the same command to go on" in line
    assert resumed["status"] == 0, resumed["output"]
    assert [row["step"] for row in log(tmp_path / "run")] == list(range(1, 41))


def test_the_checkpoint_before_is_whole(tmp_path):
    order = {"arguments": ["--workdir=run"]}
    longer = {"arguments": ["--workdir=run", "--config.steps=6"]}
    whole, stopped = run_all(tmp_path, [order, {**longer, "largest_file": 8_000}])
    assert whole["status"] == 0, whole["output"]
    line = one_line(stopped, 2, "aae_jax: error: cannot write a checkpoint to ")
    print(line)
    assert "that of step 4 is whole; once that is mended" in line
    assert int(final_state(tmp_path / "run").step) == 4
