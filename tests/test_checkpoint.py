import asyncio
import contextlib
import gc
import shutil

import jax
import numpy as np
import pytest

from aae_jax import damaged, quiet_loops
from aae_jax.checkpoint import Checkpoints
from aae_jax.errors import UserError
from aae_jax.state import TrainState, make_init
from tests import toy_game
from tests.helpers import same_bits


@pytest.fixture(scope="module")
def initial():
    return jax.device_get(make_init(toy_game.game(), seed=0, trials=1, ema=True)())


def at(state: TrainState, step: int) -> TrainState:
    return state.replace(step=np.int32(step))


def save(workdir, states, **options):
    checkpoints = Checkpoints(workdir, **options)
    for state in states:
        checkpoints.save(state, {"seconds": float(state.step)})
    checkpoints.close()


def test_gives_back_every_bit_and_the_facts(tmp_path, initial):
    save(tmp_path, [at(initial, 7)])
    checkpoints = Checkpoints(tmp_path, read_only=True)
    assert checkpoints.latest_step() == 7
    assert checkpoints.best_step() is None
    shapes = jax.eval_shape(lambda: initial)
    assert same_bits(checkpoints.restore(shapes), at(initial, 7))
    assert checkpoints.info("latest") == {"seconds": 7.0}


def test_says_which_checkpoint_there_is_none_of(tmp_path, initial):
    with pytest.raises(UserError, match="no best checkpoint in .*: train first"):
        Checkpoints(tmp_path, read_only=True).restore(initial, "best")
    save(tmp_path, [at(initial, 7)])
    with pytest.raises(UserError, match="no periodic evaluation has given a finite number yet"):
        Checkpoints(tmp_path, read_only=True).restore(initial, "best")


def test_keeps_the_latest(tmp_path, initial):
    save(tmp_path, [at(initial, step) for step in (1, 2, 3, 4)], keep=2)
    assert sorted(p.name for p in (tmp_path / "checkpoints/latest").iterdir()) == ["3", "4"]
    assert Checkpoints(tmp_path).path(4) == tmp_path / "checkpoints/latest/4"


def test_a_state_may_change_while_it_is_written(tmp_path, initial):
    checkpoints = Checkpoints(tmp_path)
    step = jax.jit(lambda s: jax.tree.map(lambda a: a + 1, s), donate_argnums=0)
    state = jax.device_put(at(initial, 1))
    info = {"seconds": 1.0}
    checkpoints.save(state, info)
    info["seconds"] = 2.0
    for _ in range(20):
        state = step(state)
    checkpoints.close()
    reader = Checkpoints(tmp_path, read_only=True)
    assert same_bits(reader.restore(initial), at(initial, 1))
    assert reader.info("latest") == {"seconds": 1.0}


@pytest.mark.parametrize(("mode", "best"), [("min", 2), ("max", 3)])
def test_keeps_the_best_over_restarts(tmp_path, initial, mode, best):
    values = {1: 0.5, 2: 0.25, 3: 0.75, 4: float("nan"), 5: 0.6}
    for step, value in values.items():
        checkpoints = Checkpoints(tmp_path, best_metric="nmi", best_mode=mode)
        checkpoints.save_best(at(initial, step), {}, value)
        checkpoints.close()
    assert [p.name for p in (tmp_path / "checkpoints/best").iterdir()] == [str(best)]
    # Who only reads need not know the metric.
    reader = Checkpoints(tmp_path, read_only=True)
    assert reader.best_step() == best
    assert int(reader.restore(initial, "best").step) == best


def test_a_best_by_another_metric_gives_way(tmp_path, initial):
    for step, metric, value in ((1, "nmi", 0.9), (2, "ari", 0.1), (3, "ari", 0.05)):
        checkpoints = Checkpoints(tmp_path, best_metric=metric, best_mode="max")
        checkpoints.save_best(at(initial, step), {}, value)
        checkpoints.close()
    assert Checkpoints(tmp_path, read_only=True).best_step() == 2


def test_reading_makes_nothing(tmp_path, initial):
    reader = Checkpoints(tmp_path / "none", read_only=True)
    assert reader.latest_step() is None
    for which in ("latest", "best"):
        with pytest.raises(UserError, match=f"no {which} checkpoint in .*: train first"):
            reader.restore(initial, which)
        with pytest.raises(UserError, match="train first"):
            reader.info(which)
    reader.close()
    assert not (tmp_path / "none").exists()


def cut(path):
    for file in path.rglob("*"):
        if file.is_file() and file.name != "_CHECKPOINT_METADATA":
            file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def flip(path):
    for file in (path / "state").rglob("d/*"):
        content = bytearray(file.read_bytes())
        content[len(content) // 2] ^= 0xFF
        file.write_bytes(content)


@pytest.mark.parametrize(
    "damage",
    [
        cut,
        flip,
        lambda path: shutil.rmtree(path / "state"),
        lambda path: shutil.rmtree(path / "info"),
        lambda path: (path / "info" / "metadata").write_text("{"),
        lambda path: (path / "info" / "metadata").write_text("[]"),
        lambda path: (path / "info" / "metadata").write_text("{}"),
        lambda path: (path / "state" / "_METADATA").unlink(),
    ],
    ids=[
        "cut",
        "a bit flipped",
        "no state",
        "no info",
        "info damaged",
        "info of another kind",
        "info empty",
        "no metadata",
    ],
)
def test_damage_is_one_clear_line(tmp_path, initial, damage):
    save(tmp_path, [at(initial, 3)])
    damage(tmp_path / "checkpoints/latest/3")

    def read():
        checkpoints = Checkpoints(tmp_path, read_only=True)
        return checkpoints.info("latest"), checkpoints.restore(initial)

    with pytest.raises(UserError, match="it is damaged") as caught:
        read()
    assert "\n" not in str(caught.value)
    assert str(tmp_path / "checkpoints/latest/3") in str(caught.value)


DAMAGED_SCORES = {
    "cut": lambda file: file.write_text('{"of": "min'),
    "empty": lambda file: file.write_text(""),
    "of another kind": lambda file: file.write_text("[]"),
    "no number": lambda file: file.write_text('{"of": "min nmi", "score": null}'),
    "missing": lambda file: shutil.rmtree(file.parent),
}


@pytest.mark.parametrize("kind", DAMAGED_SCORES)
def test_a_best_without_its_score_is_one_line_and_can_be_set_aside(tmp_path, initial, kind):
    def open_one(**options):
        return Checkpoints(tmp_path, best_metric="nmi", **options)

    with contextlib.closing(open_one()) as checkpoints:
        checkpoints.save(at(initial, 3), {"seconds": 1.0})
        checkpoints.save_best(at(initial, 3), {"seconds": 1.0}, 0.5)
    DAMAGED_SCORES[kind](tmp_path / "checkpoints/best/3/metrics/metrics")
    reader = open_one(read_only=True)
    with pytest.raises(UserError, match="it is damaged.* set evaluation.checkpoint=latest"):
        reader.restore(initial, "best")
    assert int(reader.restore(initial).step) == 3  # the latest is none the worse

    damaged.set_aside(tmp_path, damaged.best(tmp_path), "best")
    assert (tmp_path / "checkpoints/damaged/best-3/state").is_dir()
    with contextlib.closing(open_one()) as checkpoints:
        checkpoints.save_best(at(initial, 4), {"seconds": 1.0}, 0.75)
    assert open_one(read_only=True).best_step() == 4
    assert damaged.best(tmp_path) == ()


def test_failures_after_the_first_are_not_printed(caplog):
    """Arrays are read at once, and which of several damaged ones fails first is chance."""

    async def fail():
        raise ValueError("damaged")

    with quiet_loops.used():
        loop = asyncio.new_event_loop()
    tasks = [loop.create_task(fail()) for _ in range(2)]
    with pytest.raises(ValueError, match="damaged"):
        loop.run_until_complete(asyncio.gather(*tasks))
    tasks.append(loop.create_task(fail()))
    loop.run_until_complete(asyncio.sleep(0))
    tasks.clear()
    loop.close()
    gc.collect()
    assert "never retrieved" not in "".join(r.message for r in caplog.records if r.levelno > 10)


def test_a_checkpoint_of_another_game_is_refused(tmp_path, initial):
    save(tmp_path, [at(initial, 3)])
    params = {**initial.params, "third": initial.params["critic"]}
    with pytest.raises(UserError, match="of another config"):
        Checkpoints(tmp_path, read_only=True).restore(initial.replace(params=params))
    wider = jax.tree.map(lambda a: np.zeros((*a.shape, 2), a.dtype), initial)
    with pytest.raises(UserError, match="of another config"):
        Checkpoints(tmp_path, read_only=True).restore(wider)
