"""What is said of a run's data, and how changed data is noticed."""

import dataclasses

import numpy as np
import pytest

from aae_jax import data, facts
from aae_jax.errors import UserError
from aae_jax.evaluate import evaluate
from aae_jax.train import train


@pytest.fixture
def config(toy):
    return toy.config(steps=2)


@pytest.fixture
def dataset(config):
    return data.load(config.data)


def changed(dataset, part, examples):
    split = dataclasses.replace(getattr(dataset, part), data=examples)
    return dataclasses.replace(dataset, **{part: split})


def test_facts_by_hand(config, dataset):
    found = facts.of(config, dataset)
    assert found["shape"] == [4, 4, 1]
    assert found["steps_per_epoch"] == 4
    assert (found["train_examples"], found["test_examples"]) == (
        len(dataset.train),
        len(dataset.test),
    )
    again = facts.of(config, data.load(config.data))
    assert again == found


@pytest.mark.parametrize("part", ["train", "test"])
def test_one_pixel_changes_the_digest_and_is_worth_a_warning(config, dataset, part, caplog):
    before = facts.of(config, dataset)
    examples = np.array(getattr(dataset, part).data)
    examples[-1, 0, 0, 0] ^= 1
    after = facts.of(config, changed(dataset, part, examples))
    assert {name for name in before if before[name] != after[name]} == {"digest"}
    facts.check("run", before, after)
    assert "not bit for bit what run was trained on" in caplog.text


def test_labels_and_the_validation_part_count(config, dataset):
    before = facts.of(config, dataset)
    label = (dataset.train.label + 1) % dataset.num_classes
    train = dataclasses.replace(dataset.train, label=label)
    after = facts.of(config, dataclasses.replace(dataset, train=train))
    assert {name for name in before if before[name] != after[name]} == {"digest"}
    after = facts.of(config, dataclasses.replace(dataset, validation=dataset.test))
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"validation_examples", "digest"}


def test_other_numbers_of_examples_are_refused(config, dataset):
    before = facts.of(config, dataset)
    fewer = changed(dataset, "test", dataset.test.data[:-1])
    with pytest.raises(UserError, match=r"run was trained: its test_examples was \d+ and is \d+"):
        facts.check("run", before, facts.of(config, fewer))


def test_a_checkpoint_that_says_less_is_believed(config, dataset, caplog):
    found = facts.of(config, dataset)
    facts.check("run", {name: found[name] for name in ("shape", "steps_per_epoch")}, found)
    assert caplog.text == ""


def test_evaluation_notices_too(tmp_path, config, dataset):
    train(config, tmp_path)
    fewer = changed(dataset, "test", dataset.test.data[:-1])
    with pytest.raises(UserError, match="the data has changed since workdir .* its test_examples"):
        evaluate(config, tmp_path, fewer)
    assert not (tmp_path / "evaluation.json").exists()
