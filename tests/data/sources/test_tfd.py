import numpy as np
import pytest
from scipy.io import savemat

from aae_jax.data import load
from tests.data.helpers import pictures, refusal, settings

N, UNLABELLED = 40, 20


def write(folder, **changes):
    """A file of the usual form: 20 unlabelled faces, then 20 labelled ones in five folds."""
    part = np.array([1] * 10 + [2] * 4 + [3] * 6)
    folds = np.zeros((N, 5), np.uint8)
    for fold in range(5):
        folds[UNLABELLED:, fold] = np.roll(part, 3 * fold)
    labelled = 1 + np.arange(N - UNLABELLED) % 7
    content = {
        "images": pictures(N, 48, 48)[..., 0],
        "labs_ex": np.concatenate([np.full(UNLABELLED, -1), labelled]).astype(np.int16)[:, None],
        "labs_id": np.ones((N, 1), np.int16),
        "folds": folds,
    }
    content = {name: value for name, value in (content | changes).items() if value is not None}
    savemat(folder / "TFD_48x48.mat", content, do_compression=True)
    return content


def test_reads_the_first_fold(tmp_path):
    content = write(tmp_path)
    for place in (tmp_path, tmp_path / "TFD_48x48.mat"):
        data = load(settings("tfd", dir=str(place), validation_split="valid"))
        for part, rows in (("train", (20, 30)), ("validation", (30, 34)), ("test", (34, 40))):
            split = getattr(data, part)
            np.testing.assert_array_equal(split.data[..., 0], content["images"][slice(*rows)])
            # Expression 1 is class 0.
            assert split.label.tolist() == [(i - 20) % 7 for i in range(*rows)]
        assert data.example_shape == (48, 48, 1)
        assert data.num_classes == 7


def test_unlabelled_faces_can_be_trained_on(tmp_path):
    content = write(tmp_path)
    data = load(settings("tfd", dir=str(tmp_path), train_split="unlabelled+train"))
    np.testing.assert_array_equal(data.train.data[..., 0], content["images"][:30])
    assert data.train.label is None
    assert data.test.label is not None
    other = load(settings("tfd", dir=str(tmp_path), train_split="train+unlabelled[:5]"))
    assert (len(other.train), other.train.label) == (15, None)


def test_other_folds(tmp_path):
    content = write(tmp_path)
    fields = {"train_split": "train_3", "validation_split": "valid_3", "test_split": "test_3"}
    data = load(settings("tfd", dir=str(tmp_path), **fields))
    for part, number in (("train", 1), ("validation", 2), ("test", 3)):
        expected = content["images"][content["folds"][:, 2] == number]
        np.testing.assert_array_equal(getattr(data, part).data[..., 0], expected)


@pytest.mark.parametrize(
    "fields",
    [
        {"train_split": "train_2"},
        {"train_split": "unlabelled+train_2[:5]", "test_split": "test_3"},
        {"validation_split": "valid_2"},
    ],
)
def test_folds_do_not_mix(tmp_path, fields):
    write(tmp_path)
    assert "name splits of one fold" in refusal("tfd", dir=str(tmp_path), **fields)


def test_an_absent_file_says_how_to_get_it(tmp_path):
    assert "data.dir is empty" in refusal("tfd")
    for place in (tmp_path, tmp_path / "absent.mat"):
        message = refusal("tfd", dir=str(place))
        assert f"data.dir='{place}' has no TFD_48x48.mat" in message
        assert "not public, ask its authors" in message


def test_a_damaged_file_is_named(tmp_path):
    write(tmp_path)
    path = tmp_path / "TFD_48x48.mat"
    whole = path.read_bytes()
    for content in (whole[: len(whole) // 2], b"", b"text" * 100):
        path.write_bytes(content)
        assert str(path) in refusal("tfd", dir=str(tmp_path))


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"folds": None}, "has no array 'folds'"),
        ({"labs_ex": None}, "has no array 'labs_ex'"),
        ({"images": None}, "has images ()"),
        ({"images": pictures(N - 1, 48, 48)[..., 0]}, "images (39, 48, 48), folds (40, 5)"),
        ({"images": np.zeros((N, 48 * 48))}, "images (40, 2304)"),
        ({"images": np.zeros((N, 48, 48))}, "pixels of type float64"),
        ({"labs_ex": np.full((N, 1), 9)}, "labels from 8 to 8, outside 0 to 6"),
        ({"folds": np.ones((N, 5))}, "no split 'test'"),
    ],
)
def test_other_content_is_refused(tmp_path, changes, says):
    write(tmp_path, **changes)
    assert says in refusal("tfd", dir=str(tmp_path))
