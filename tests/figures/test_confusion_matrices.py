import dataclasses

import numpy as np

from aae_jax.figures.confusion_matrices import confusion_matrices
from tests.fakes import FakeModel, digits


class OneOff(FakeModel):
    """An encoder that takes every class for the next one."""

    def predict(self, x):
        return np.roll(super().predict(x), 1, axis=1)


def counts(ax):
    """The numbers in the cells, by (row, column)."""
    return {
        (int(t.get_position()[1]), int(t.get_position()[0])): int(t.get_text()) for t in ax.texts
    }


def test_classes_are_not_mapped_and_both_classifiers_are_shown():
    data = digits(test=100, held_out=0)
    model = OneOff(data)
    encoder, bayes = confusion_matrices(model, data, 0).figure.axes
    by_rule = model.log_joint(model.encode(data.test.x())["z"]).argmax(axis=1)
    wrong = [(p != data.test.label).mean() for p in ((by_rule + 1) % 10, by_rule)]
    assert wrong[0] > 0.8 > wrong[1]
    assert encoder.get_title() == f"Prediction: test error {100 * wrong[0]:.2f} %"
    assert bayes.get_title() == f"Bayes' rule on the code: test error {100 * wrong[1]:.2f} %"
    for label in range(10):
        right = ((by_rule == label) & (data.test.label == label)).sum()
        assert counts(bayes).get((label, label), 0) == right
        assert counts(encoder).get((label, (label + 1) % 10), 0) == right


def test_classes_are_called_by_their_names():
    data = dataclasses.replace(digits(test=100, held_out=0), class_names=tuple("abcdefghij"))
    for ax in confusion_matrices(FakeModel(data), data, 0).figure.axes:
        assert [tick.get_text() for tick in ax.get_xticklabels()] == list("abcdefghij")
        assert [tick.get_text() for tick in ax.get_yticklabels()] == list("abcdefghij")


def test_one_classifier_alone():
    data = digits(test=100, held_out=0)
    only = confusion_matrices(FakeModel(data, absent=("log_joint",)), data, 0)
    assert len(only.figure.axes) == 1
    assert "On the right" not in only.caption
