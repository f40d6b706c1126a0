import pytest

from aae_jax.data.slices import Interval, overlap, parse
from aae_jax.errors import UserError

SIZES = {"train": 1000, "test": 15}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("train", [("train", 0, 1000)]),
        ("train[:]", [("train", 0, 1000)]),
        ("train[:550]", [("train", 0, 550)]),
        ("train[550:]", [("train", 550, 1000)]),
        ("train[-100:]", [("train", 900, 1000)]),
        ("train[:-100]", [("train", 0, 900)]),
        ("train[10:20]", [("train", 10, 20)]),
        ("train[10%:]", [("train", 100, 1000)]),
        ("train[-10%:]", [("train", 900, 1000)]),
        ("train[5%:-5%]", [("train", 50, 950)]),
        ("test[:50%]", [("test", 0, 8)]),  # 7.5, to the even neighbour as in TFDS
        ("test[:10%]", [("test", 0, 2)]),  # 1.5
        ("train+test", [("train", 0, 1000), ("test", 0, 15)]),
        (" train[:5] + test[ 1 : 3 ] ", [("train", 0, 5), ("test", 1, 3)]),
    ],
)
def test_slices_mean_what_they_mean_in_tfds(text, expected):
    assert parse(text, SIZES, "data.train_split", "here") == [Interval(*e) for e in expected]


@pytest.mark.parametrize(
    "text", ["train[10%:]", "test[:50%]", "test[:10%]", "test[-30%:-5%]", "test[-3:-1]"]
)
def test_percentages_agree_with_tfds(text):
    import tensorflow_datasets as tfds

    infos = {
        name: tfds.core.SplitInfo(
            name=name,
            shard_lengths=[size],
            num_bytes=0,
            filename_template=tfds.core.ShardedFileTemplate(
                data_dir="/", dataset_name="d", split=name, filetype_suffix="array_record"
            ),
        )
        for name, size in SIZES.items()
    }
    [theirs] = tfds.core.ReadInstruction.from_spec(text).to_absolute(infos)
    [ours] = parse(text, SIZES, "data.train_split", "here")
    assert (ours.start, ours.stop) == (theirs.from_ or 0, theirs.to or SIZES[ours.split])


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("valid", "no split 'valid', only 'train' (1,000), 'test' (15)"),
        ("train[:2000]", "goes beyond split 'train'"),
        ("train[-2000:]", "goes beyond split 'train'"),
        ("train[5:5]", "no examples"),
        ("train[20:10]", "no examples"),
        ("train[10%:500]", "mixes a percentage with a count"),
        ("train[5]", "is not a split"),
        ("train[:x]", "is not a split"),
        ("train+", "is not a split"),
        ("", "is not a split"),
    ],
)
def test_bad_slices_are_refused(text, says):
    with pytest.raises(UserError) as caught:
        parse(text, SIZES, "data.train_split", "here")
    assert says in str(caught.value)
    assert "data.train_split" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_overlap_counts_shared_examples():
    def part(text):
        return parse(text, SIZES, "f", "here")

    assert overlap(part("train[:600]"), part("train[500:]")) == 100
    assert overlap(part("train"), part("test")) == 0
    assert overlap(part("train[:10]+test"), part("train[5:7]+test[:3]")) == 5
