"""The benchmark's own output, in its shortest run."""

import importlib.util
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def benchmark(*arguments, script="benchmark"):
    return subprocess.run(
        [sys.executable, f"launch/{script}.py", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
    )


def test_times_a_step_and_counts_its_operations(tmp_path):
    file = tmp_path / "speed.json"
    done = benchmark("--configs=aae_mnist", "--rounds=1", "--seconds=0.05", f"--json={file}")
    assert done.returncode == 0, done.stderr
    (result,) = json.loads(file.read_text())
    assert f"{result['ms_per_step']['ours']:.2f} ms per step" in done.stdout
    # Matrix products of 100 images: the weights of encoder, decoder and discriminator, and how
    # often each is passed, forwards, back to its input (not to the images) and back to itself.
    first, encoder = 784 * 1000, 784 * 1000 + 1000 * 1000 + 1000 * 2
    critic = 2 * 1000 + 1000 * 1000 + 1000
    by_phase = {
        "reconstruction": 6 * encoder - first,
        "discriminator": encoder + 2 * (3 * critic - 2 * 1000),
        "generator": 2 * critic + 2 * encoder - first,
    }
    products = 2 * 100 * sum(by_phase.values())
    assert result["operations"] == pytest.approx(products, rel=0.02)
    seconds = result["ms_per_step"]["ours"] / 1000
    assert result["operations_per_second"] == pytest.approx(result["operations"] / seconds)
    assert 0 < result["share_of_peak"] < 1.5


def test_trials_stand_beside_one_alone(tmp_path):
    file = tmp_path / "speed.json"
    arguments = ("--configs=iae_ring", "--trials=2", "--rounds=1", "--seconds=0.05")
    done = benchmark(*arguments, f"--json={file}")
    assert done.returncode == 0, done.stderr
    (result,) = json.loads(file.read_text())
    times = result["ms_per_step"]
    share = times["ours"] / times["one trial alone"]
    assert result["time_over"]["one trial alone"] == pytest.approx(share)
    assert f"2 trials take {2 * share:.1f} times as long as one" in done.stdout


def test_a_profile_of_a_step():
    done = benchmark("--configs=iae_ring", "--seconds=0.05", "--most=100", script="profile_step")
    assert done.returncode == 0, done.stderr
    name, *lines = done.stdout.splitlines()
    assert name == "iae_ring:"
    shares = {line.split()[2]: float(line.split()[0]) for line in lines}
    assert sum(shares.values()) == pytest.approx(100, abs=0.1 * len(shares))
    assert shares["dot_general"] > 0


def test_a_profile_refuses_flags_of_the_benchmark_that_do_nothing():
    done = benchmark("--configs=iae_ring", "--peer=torch", script="profile_step")
    assert done.returncode == 2
    message = "profile_step: error: --peer is for launch/benchmark.py: leave it out"
    assert done.stderr.splitlines() == [message]


def test_the_parzen_window_beside_the_peak():
    arguments = ("--points=200", "--blocks=1", "--rounds=1", "--seconds=0.01")
    done = benchmark(*arguments, script="benchmark_parzen")
    assert done.returncode == 0, done.stderr
    rate, share, minutes = map(
        float,
        re.search(r"([\d.]+) GFLOP/s, (\d+) %[^\n]*\n.* take ([\d.]+) min", done.stdout).groups(),
    )
    assert 0 < share < 150
    # 200 points, 10 million samples, 784 dimensions, a multiplication and an addition of each.
    assert minutes * 60 * rate * 1e9 == pytest.approx(2 * 200 * 1e7 * 784, rel=0.2)


def test_every_experiment_has_images_and_a_peer():
    pytest.importorskip("torch")
    code = """if True:
        from absl import flags
        from aae_jax import data
        from launch import benchmark
        from tests.peers import make_peer

        flags.FLAGS(["benchmark", "--batch_size=5"])
        for name, shape in benchmark.EXPERIMENTS.items():
            config = benchmark.config_of(name)
            config.data.size = 10
            assert config.batch_size == 5, name
            assert data.load(config.data).example_shape == shape, name
            make_peer(config, shape, 1)
            print(name)
    """
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.split()) > 5


@pytest.mark.parametrize(
    ("file", "message"),
    [
        ("absent/x.json", "--json=absent/x.json: there is no folder absent"),
        ("x" * 300, "File name too long"),
    ],
)
def test_a_file_that_cannot_be_is_refused_in_one_line(file, message):
    done = benchmark("--configs=nothing", f"--json={file}")
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert line.startswith("benchmark: error: ")
    assert message in line


@pytest.mark.parametrize("script", ["benchmark", "benchmark_parzen", "profile_step"])
@pytest.mark.parametrize(
    ("argument", "message"),
    [
        ("--rounds=0", "flag --rounds=0: 0 is not a positive integer (see --help)"),
        ("aim_grid", "unexpected argument 'aim_grid': flags start with --"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(script, argument, message):
    done = benchmark(argument, script=script)
    assert done.returncode == 2
    assert done.stderr.splitlines() == [f"{script}: error: {message}"]


@pytest.mark.skipif(importlib.util.find_spec("torch") is not None, reason="torch is installed")
def test_a_peer_that_is_not_installed_is_refused_in_one_line():
    done = benchmark("--configs=aae_mnist", "--peer=torch")
    assert done.returncode == 2
    message = "--peer=torch needs PyTorch: pip install torch"
    assert done.stderr.splitlines() == [f"benchmark: error: {message}"]


def test_refuses_what_it_does_not_know():
    done = benchmark("--configs=nothing")
    assert done.returncode == 2
    assert "benchmark: error: no experiment 'nothing' here: choose of aae_mnist" in done.stderr
