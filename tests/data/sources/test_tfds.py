"""Against miniature TFDS folders, written here as TFDS writes them but without TensorFlow."""

import io
import json
import shutil

import numpy as np
import pytest
from array_record.python.array_record_module import ArrayRecordWriter
from PIL import Image
from tensorflow_datasets.proto import tf_example_pb2

from aae_jax.data import load
from tests.data.helpers import pictures, refusal, settings

FEATURES = "tensorflow_datasets.core.features."


def example(image, label, kind):
    file = io.BytesIO()
    Image.fromarray(image[..., 0] if image.shape[-1] == 1 else image).save(file, kind)
    made = tf_example_pb2.Example()
    made.features.feature["image"].bytes_list.value.append(file.getvalue())
    made.features.feature["label"].int64_list.value.append(label)
    made.features.feature["id"].bytes_list.value.append(b"some id")
    return made.SerializeToString()


def write_info(folder, name, splits, shape, kind="png", file_format="array_record"):
    info = {
        "name": name,
        "version": folder.name,
        "fileFormat": file_format,
        "moduleName": "__main__",
        "splits": [
            {
                "filepathTemplate": "{DATASET}-{SPLIT}.{FILEFORMAT}-{SHARD_X_OF_Y}",
                "name": split,
                "numBytes": "1",
                "shardLengths": [str(length) for length in lengths],
            }
            for split, lengths in splits.items()
        ],
    }
    dimensions = ["-1" if axis is None else str(axis) for axis in shape]
    features = {
        "id": {"pythonClassName": f"{FEATURES}text_feature.Text", "text": {}},
        "image": {
            "pythonClassName": f"{FEATURES}image_feature.Image",
            "image": {
                "dtype": "uint8",
                "encodingFormat": kind,
                "shape": {"dimensions": dimensions},
            },
        },
        "label": {
            "pythonClassName": f"{FEATURES}class_label_feature.ClassLabel",
            "classLabel": {"numClasses": "10"},  # their names are in a file, if anywhere
        },
    }
    (folder / "dataset_info.json").write_text(json.dumps(info))
    (folder / "features.json").write_text(
        json.dumps(
            {
                "pythonClassName": f"{FEATURES}features_dict.FeaturesDict",
                "featuresDict": {"features": features},
            }
        )
    )


def shards(name, splits, file_format):
    for split, lengths in splits.items():
        for i, length in enumerate(lengths):
            yield split, length, f"{name}-{split}.{file_format}-{i:05}-of-{len(lengths):05}"


def write(root, splits=None, *, name="mnist", version="3.0.1", kind="png", shape=(28, 28, 1)):
    """Writes a set of splits {name: lengths of its shards}; returns {split: (images, labels)}."""
    splits = splits or {"train": [30, 20], "test": [15]}
    folder = root / name / version
    folder.mkdir(parents=True)
    write_info(folder, name, splits, shape, kind)
    written = {}
    for seed, (split, length, file) in enumerate(shards(name, splits, "array_record")):
        images, label = pictures(length, *shape, seed=seed), np.arange(length) % 10
        writer = ArrayRecordWriter(str(folder / file), "group_size:1")
        for one, k in zip(images, label, strict=True):
            writer.write(example(one, k, kind))
        writer.close()
        written.setdefault(split, []).append((images, label))
    return {
        split: tuple(np.concatenate(parts) for parts in zip(*shards, strict=True))
        for split, shards in written.items()
    }


def test_reads_all_shards_in_order(tmp_path):
    written = write(tmp_path)
    data = load(settings("mnist", dir=str(tmp_path)))
    for split, theirs in (("train", data.train), ("test", data.test)):
        np.testing.assert_array_equal(theirs.data, written[split][0])
        np.testing.assert_array_equal(theirs.label, written[split][1])
    assert data.num_classes == 10
    assert "TFDS mnist 3.0.1" in data.note
    assert "lossy" not in data.note
    assert data.class_names == ()


def test_names_of_classes_come_with_the_set(tmp_path):
    write(tmp_path)
    names = [f"animal {k}" for k in range(10)]
    (tmp_path / "mnist" / "3.0.1" / "label.labels.txt").write_text("\n".join(names))
    assert load(settings("mnist", dir=str(tmp_path))).class_names == tuple(names)


@pytest.mark.parametrize("place", ["mnist", "mnist/3.0.1"])
def test_dir_may_be_the_set_or_the_version(tmp_path, place):
    write(tmp_path)
    assert len(load(settings("mnist", dir=str(tmp_path / place))).train) == 50


def test_default_places(tmp_path, monkeypatch):
    write(tmp_path)
    monkeypatch.setenv("TFDS_DATA_DIR", str(tmp_path))
    assert len(load(settings("mnist")).train) == 50
    monkeypatch.delenv("TFDS_DATA_DIR")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    shutil.copytree(tmp_path / "mnist", tmp_path / "home" / "tensorflow_datasets" / "mnist")
    assert len(load(settings("mnist")).train) == 50


def test_newest_version_wins(tmp_path):
    write(tmp_path, {"train": [3], "test": [3]}, version="2.9.0")
    write(tmp_path, {"train": [4], "test": [3]}, version="2.10.0")
    assert len(load(settings("mnist", dir=str(tmp_path))).train) == 4


def test_slices_cross_shards_and_blocks(tmp_path, monkeypatch):
    monkeypatch.setattr("aae_jax.data.sources.tfds._BLOCK", 7)
    written = write(tmp_path)
    fields = {"train_split": "train[10:-5]+test[:3]", "test_split": "test[3:]"}
    data = load(settings("mnist", dir=str(tmp_path), **fields))
    expected = np.concatenate([written["train"][0][10:45], written["test"][0][:3]])
    np.testing.assert_array_equal(data.train.data, expected)
    np.testing.assert_array_equal(data.test.label, written["test"][1][3:])


def test_an_unknown_set_of_jpegs_with_any_name(tmp_path):
    write(tmp_path, name="flowers", version="1.0.0", kind="jpeg", shape=(12, 16, 3))
    data = load(settings("flowers", dir=str(tmp_path), image_size=8, resize="bilinear", channels=1))
    assert data.train.data.shape == (50, 8, 8, 1)
    assert "lossy" in data.note


def test_second_load_comes_from_the_cache(tmp_path, monkeypatch):
    written = write(tmp_path)
    load(settings("mnist", dir=str(tmp_path)))

    def fail(*args):
        raise AssertionError("decoded again")

    monkeypatch.setattr("aae_jax.data.images.decode", fail)
    data = load(settings("mnist", dir=str(tmp_path)))
    np.testing.assert_array_equal(data.train.data, written["train"][0])
    with pytest.raises(AssertionError, match="decoded again"):
        load(settings("mnist", dir=str(tmp_path), train_split="train[:40]"))
    with pytest.raises(AssertionError, match="decoded again"):
        load(settings("mnist", dir=str(tmp_path), cache=False))


def test_missing_split_names_those_that_exist(tmp_path):
    write(tmp_path, {"test": [20]}, name="svhn_cropped", version="3.1.0", shape=(32, 32, 3))
    assert "no split 'train', only 'test' (20)" in refusal("svhn_cropped", dir=str(tmp_path))
    fields = {"train_split": "test[:15]", "test_split": "test[15:]"}
    data = load(settings("svhn_cropped", dir=str(tmp_path), **fields))
    assert (len(data.train), len(data.test)) == (15, 5)
    assert "'test' has 20 images where the published one has 26,032" in data.note


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (lambda path: path.unlink(), "is missing"),
        (lambda path: path.write_bytes(b""), "holds 0 examples where dataset_info.json says 30"),
        (lambda path: path.write_bytes(path.read_bytes()[:9000]), "copy it again"),
    ],
)
def test_damaged_shards_are_named(tmp_path, damage, says):
    write(tmp_path)
    path = tmp_path / "mnist" / "3.0.1" / "mnist-train.array_record-00000-of-00002"
    damage(path)
    message = refusal("mnist", dir=str(tmp_path))
    assert str(path) in message
    assert says in message


def test_flipped_bytes_are_noticed(tmp_path):
    write(tmp_path)
    path = tmp_path / "mnist" / "3.0.1" / "mnist-train.array_record-00000-of-00002"
    content = bytearray(path.read_bytes())
    content[9000:9200] = bytes(200)
    path.write_bytes(content)
    assert "is damaged" in refusal("mnist", dir=str(tmp_path))


def test_damaged_description_is_named(tmp_path):
    write(tmp_path)
    info = tmp_path / "mnist" / "3.0.1" / "dataset_info.json"
    info.write_text(info.read_text()[:40])
    assert f"{info} is damaged" in refusal("mnist", dir=str(tmp_path))


def as_tfrecord(root, record_writer=None):
    """Rewrites the miniature MNIST's description, and its records given TensorFlow's writer."""
    folder = root / "mnist" / "3.0.1"
    splits = {"train": [30, 20], "test": [15]}
    for path in folder.glob("*.array_record-*"):
        path.unlink()
    write_info(folder, "mnist", splits, (28, 28, 1), file_format="tfrecord")
    for seed, (_, length, file) in enumerate(shards("mnist", splits, "tfrecord")):
        if record_writer is None:
            (folder / file).write_bytes(b"")
            continue
        with record_writer(str(folder / file)) as writer:
            for k, image in enumerate(pictures(length, seed=seed)):
                writer.write(example(image, k % 10, "png"))


def test_tfrecord_without_tensorflow_says_what_to_install(tmp_path, monkeypatch):
    write(tmp_path)
    as_tfrecord(tmp_path)
    monkeypatch.setattr("aae_jax.data.sources.tfds.has_tensorflow", lambda: False)
    message = refusal("mnist", dir=str(tmp_path))
    assert "pip install 'aae_jax[prepare]'" in message
    assert "tfrecord" in message


def test_tfrecord_with_tensorflow(tmp_path):
    tf = pytest.importorskip("tensorflow")
    written = write(tmp_path)
    as_tfrecord(tmp_path, tf.io.TFRecordWriter)
    data = load(settings("mnist", dir=str(tmp_path), train_split="train[5:45]"))
    np.testing.assert_array_equal(data.train.data, written["train"][0][5:45])
    np.testing.assert_array_equal(data.train.label, written["train"][1][5:45])
