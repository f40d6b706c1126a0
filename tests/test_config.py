import pytest
from ml_collections import ConfigDict

from aae_jax import config as base_config
from aae_jax.data import load
from aae_jax.errors import UserError
from aae_jax.experiments import common
from tests import toy_game


def test_accepts_a_good_config():
    base_config.check(toy_game.config())


@pytest.mark.parametrize(
    ("field", "value", "line"),
    [
        ("batch_size", 0, "batch_size is 0: it must be at least 1"),
        ("steps", -3, "steps is -3: it must be at least 1"),
        ("trials", 0, "trials is 0: it must be at least 1"),
        ("seed", -1, "seed is -1: it must be at least 0"),
        ("seed", 2**31, "seed is 2147483648: it must be at most 2,147,483,6"),
        ("ema_decay", 1.0, "ema_decay is 1.0: it must be at least 0 and below 1"),
        ("ema_decay", -0.1, "ema_decay is -0.1"),
        ("ema_decay", float("nan"), "ema_decay is nan"),
        ("log.every", 0, "log.every is 0: it must be at least 1"),
        ("checkpoint.every", -1, "checkpoint.every is -1: it must be at least 0"),
        ("checkpoint.keep", 0, "checkpoint.keep is 0: it must be at least 1"),
        ("checkpoint.best_mode", "most", "checkpoint.best_mode is 'most': choose one of min, max"),
        ("evaluation.every", -1, "evaluation.every is -1"),
        ("evaluation.checkpoint", "last", "choose one of latest, best"),
        ("evaluation.checkpoint", "best", "none is kept: set checkpoint.best_metric"),
        ("evaluation.periodic_split", "train", "choose one of test, validation"),
        ("trials", 20_000, "trials is 20000: it must be at most 10,000"),
    ],
)
def test_refuses_impossible_values(field, value, line):
    config = toy_game.config()
    config.update_from_flattened_dict({field: value})
    with pytest.raises(UserError, match=line):
        base_config.check(config)


@pytest.mark.parametrize(("every", "periodic"), [(0, ("reconstruction",)), (2, ())])
def test_refuses_a_best_checkpoint_without_a_periodic_evaluation(every, periodic):
    config = toy_game.config()
    config.checkpoint.best_metric = "reconstruction_mse"
    base_config.check(config)
    config.evaluation.every, config.evaluation.periodic = every, periodic
    with pytest.raises(UserError, match="no periodic evaluation gives it"):
        base_config.check(config)


def test_refuses_the_best_of_evaluations_that_never_come():
    config = toy_game.config(steps=6)
    config.checkpoint.best_metric, config.evaluation.checkpoint = "reconstruction_mse", "best"
    config.evaluation.every = 6
    base_config.check(config)
    config.evaluation.every = 7
    with pytest.raises(UserError, match="no periodic evaluation would choose one"):
        base_config.check(config)


def _set(config, name, value):
    config.unlock()
    with config.ignore_type():
        config[name] = value
    return config


@pytest.mark.parametrize(
    ("make", "line"),
    [
        (lambda c: 3, "the config is a int: get_config.. must return"),
        (lambda c: ConfigDict(), r"the config has no \w+: start from aae_jax"),
        (lambda c: _set(c, "step", 5), "unknown field step: known are .*batch_size"),
        (lambda c: _set(c, "steps", 5.0), "steps is 5.0: it must be of type int"),
        (lambda c: _set(c, "steps", True), "steps is True: it must be of type int"),
        (lambda c: _set(c, "steps", None), "steps is None: it must be of type int"),
        (lambda c: _set(c, "data", 5), "data is 5: it must be a ConfigDict"),
        (lambda c: _set(c.data, "nam", 1) and c, "unknown field data.nam: known are cache"),
        (lambda c: _set(c, "game", {"f": len}) and c, "the config holds what JSON cannot"),
    ],
)
def test_refuses_what_a_config_file_may_get_wrong(make, line):
    with pytest.raises(UserError, match=line):
        base_config.check(make(toy_game.config()))


def test_takes_whole_numbers_for_real_ones():
    base_config.check(_set(toy_game.config(), "ema_decay", 0))


@pytest.mark.parametrize("fields", [{"validation_size": 5000}, {"validation_split": "train[9:]"}])
def test_random_data_keeps_the_parts_that_a_config_asks_for(fields):
    config = base_config.base()
    config.data.update({"labelled": 100, "standardise": True, **fields})
    common.use_random_data(config, image_size=8, channels=1)
    data = load(config.data)
    assert (len(data.train), len(data.validation), len(data.test)) == (24, 8, 32)
    assert len(data.labelled) == 10


def test_random_data_gives_no_part_that_a_config_does_not_ask_for():
    config = base_config.base()
    common.use_random_data(config, image_size=8, channels=1)
    data = load(config.data)
    assert (len(data.train), data.validation, data.labelled) == (32, None, None)


@pytest.mark.parametrize(
    ("epochs", "rhythm", "every"), [(400, 100, 4), (150, 100, 2), (100, 100, 1), (5, 100, 1)]
)
def test_a_run_has_no_more_evaluations_than_its_rhythm(epochs, rhythm, every):
    config = base_config.base()
    common.for_epochs(config, epochs, images=1000, rhythm=rhythm)  # 10 steps each
    assert config.steps == 10 * epochs
    assert config.evaluation.every == config.checkpoint.every == 10 * every
    assert config.steps / config.evaluation.every <= rhythm
