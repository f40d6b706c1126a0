import json
import os
import struct
import subprocess
import sys
import time

import jax.numpy as jnp
import numpy as np
import pytest
from tensorboardX.proto.event_pb2 import Event

from aae_jax.errors import UserError
from aae_jax.metric_writer import MetricWriter, read_log


def lines(workdir):
    def refuse(constant):
        raise AssertionError(f"{constant} is not JSON")

    text = (workdir / "metrics.jsonl").read_text()
    return [json.loads(line, parse_constant=refuse) for line in text.splitlines()]


def events(workdir):
    """All TensorBoard events, files in the order of their names, as TensorBoard reads them."""
    found = []
    for path in sorted((workdir / "tensorboard").iterdir()):
        data, place = path.read_bytes(), 0
        while place < len(data):
            (length,) = struct.unpack_from("<Q", data, place)
            found.append(Event.FromString(data[place + 12 : place + 12 + length]))
            place += 12 + length + 4
    return found


def scalars(workdir):
    return [
        (value.tag, event.step, value.simple_value)
        for event in events(workdir)
        for value in event.summary.value
        if value.HasField("simple_value")
    ]


def test_lines(tmp_path):
    before = time.time()
    with MetricWriter(tmp_path / "new" / "run", tensorboard=False) as writer:
        writer.write(1, {"loss": 0.5, "images": 100})
        writer.write(2, {"error": jnp.float32(0.25), "count": np.int64(3)}, kind="evaluate")
    first, second = lines(tmp_path / "new" / "run")
    assert before <= first.pop("time") <= second.pop("time") <= time.time()
    assert first == {"step": 1, "kind": "train", "loss": 0.5, "images": 100}
    assert second == {"step": 2, "kind": "evaluate", "error": 0.25, "count": 3}
    assert isinstance(second["count"], int)
    assert not (tmp_path / "new" / "run" / "tensorboard").exists()


def test_values_that_are_not_finite_are_null(tmp_path):
    with MetricWriter(tmp_path, tensorboard=False) as writer:
        writer.write(1, {"a": float("nan"), "b": jnp.inf, "c": jnp.array([1.0, -jnp.inf])})
    (line,) = lines(tmp_path)
    assert (line["a"], line["b"], line["c"]) == (None, None, [1.0, None])


def test_lines_are_on_disk_before_closing(tmp_path):
    writer = MetricWriter(tmp_path, tensorboard=False)
    writer.write(7, {"loss": 1.0})
    assert [line["step"] for line in lines(tmp_path)] == [7]
    writer.close()


def test_trials(tmp_path):
    with MetricWriter(tmp_path, tensorboard=True) as writer:
        writer.write(3, {"loss": jnp.array([1.0, 2.0, 6.0])})
        writer.write(4, {"loss": [5.0]})
    assert [line["loss"] for line in lines(tmp_path)] == [[1.0, 2.0, 6.0], [5.0]]
    assert scalars(tmp_path) == [
        ("train/loss", 3, 3.0),
        ("train/loss/trial_0", 3, 1.0),
        ("train/loss/trial_1", 3, 2.0),
        ("train/loss/trial_2", 3, 6.0),
        ("train/loss", 4, 5.0),
        ("train/loss/trial_0", 4, 5.0),
    ]


def test_bfloat16(tmp_path):
    with MetricWriter(tmp_path, tensorboard=True) as writer:
        writer.write(1, {"loss": jnp.bfloat16(0.5), "losses": jnp.ones(2, jnp.bfloat16)})
    (line,) = lines(tmp_path)
    assert (line["loss"], line["losses"]) == (0.5, [1.0, 1.0])


@pytest.mark.parametrize("metrics", [{"loss": np.zeros((2, 2))}, {"step": 1}, {"time": 1.0}])
def test_bad_metrics_raise_and_write_nothing(tmp_path, metrics):
    with (
        MetricWriter(tmp_path, tensorboard=True) as writer,
        pytest.raises(ValueError, match="metric"),
    ):
        writer.write(1, metrics)
    assert lines(tmp_path) == []
    assert scalars(tmp_path) == []


def test_a_second_writer_appends(tmp_path):
    for step in (1, 2):
        with MetricWriter(tmp_path, tensorboard=False) as writer:
            writer.write(step, {"loss": 0.0})
    assert [line["step"] for line in lines(tmp_path)] == [1, 2]


def test_truncate(tmp_path):
    writer = MetricWriter(tmp_path, tensorboard=True)
    for step in (10, 20, 30):
        writer.write(step, {"loss": float(step)})
    writer.write(20, {"error": 0.5}, kind="evaluate")
    writer.truncate(20)
    assert [(line["step"], line["kind"]) for line in lines(tmp_path)] == [
        (10, "train"),
        (20, "train"),
        (20, "evaluate"),
    ]
    writer.write(30, {"loss": 31.0})
    writer.close()
    assert [line["step"] for line in lines(tmp_path)] == [10, 20, 20, 30]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["metrics.jsonl", "tensorboard"]
    # TensorBoard is told to drop step 21 and later before the new step 30 comes.
    told = []
    for event in events(tmp_path):
        if event.HasField("session_log"):
            told.append(("drop from", event.step))
        told += [(value.tag, value.simple_value) for value in event.summary.value]
    assert told == [
        ("train/loss", 10.0),
        ("train/loss", 20.0),
        ("train/loss", 30.0),
        ("evaluate/error", 0.5),
        ("drop from", 21),
        ("train/loss", 31.0),
    ]


def test_truncating_a_new_run_keeps_it_empty(tmp_path):
    with MetricWriter(tmp_path, tensorboard=False) as writer:
        writer.truncate(0)
        writer.write(1, {"loss": 0.0})
    assert [line["step"] for line in lines(tmp_path)] == [1]


def test_a_torn_last_line_is_removed(tmp_path):
    with MetricWriter(tmp_path, tensorboard=False) as writer:
        writer.write(1, {"loss": 0.0})
        writer.write(2, {"loss": 0.0})
    path = tmp_path / "metrics.jsonl"
    os.truncate(path, path.stat().st_size - 9)
    with MetricWriter(tmp_path, tensorboard=False) as writer:
        writer.truncate(5)
        writer.write(2, {"loss": 0.5})
    assert [(line["step"], line["loss"]) for line in lines(tmp_path)] == [(1, 0.0), (2, 0.5)]


@pytest.mark.parametrize("line", ["not json", "[1]", '{"kind": "train"}', '{"step": 2}'])
def test_a_foreign_line_is_reported_and_kept(tmp_path, line):
    path = tmp_path / "metrics.jsonl"
    row = '{"step": 1, "kind": "train"}\n'
    text = row + line + "\n" + row
    path.write_text(text)
    with (
        MetricWriter(tmp_path, tensorboard=False) as writer,
        pytest.raises(UserError, match=r"line 2 of .*metrics\.jsonl"),
    ):
        writer.truncate(1)
    assert path.read_text() == text


def test_reading_leaves_out_a_line_that_is_still_being_written(tmp_path):
    assert read_log(tmp_path) == []
    with MetricWriter(tmp_path, tensorboard=False) as writer:
        writer.write(1, {"loss": 0.25})
        writer.write(2, {"loss": [1.0, 2.0]}, "evaluate")
    with (tmp_path / "metrics.jsonl").open("a") as file:
        file.write('{"step": 3, "ki')
    rows = [(row["step"], row["kind"], row["loss"]) for row in read_log(tmp_path)]
    assert rows == [(1, "train", 0.25), (2, "evaluate", [1.0, 2.0])]


def test_a_kill_while_truncating_leaves_the_old_file(tmp_path, monkeypatch):
    writer = MetricWriter(tmp_path, tensorboard=False)
    for step in (1, 2):
        writer.write(step, {"loss": 0.0})

    def killed(descriptor):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", killed)
    with pytest.raises(KeyboardInterrupt):
        writer.truncate(1)
    assert [line["step"] for line in lines(tmp_path)] == [1, 2]


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
def test_images(tmp_path, dtype, channels):
    from io import BytesIO

    from PIL import Image

    image = np.zeros((4, 6, channels), np.uint8)
    image[0, 0] = 255
    image[1, 2] = 51
    given = image if dtype == np.uint8 else image.astype(np.float32) / 255.0
    with MetricWriter(tmp_path, tensorboard=True) as writer:
        writer.write_images(5, {"samples": given})
    ((tag, step, encoded),) = [
        (value.tag, event.step, value.image.encoded_image_string)
        for event in events(tmp_path)
        for value in event.summary.value
    ]
    assert (tag, step) == ("evaluate/samples", 5)
    decoded = np.asarray(Image.open(BytesIO(encoded)).convert("RGB"))
    np.testing.assert_array_equal(decoded, np.broadcast_to(image, (4, 6, 3)))


@pytest.mark.parametrize(
    "image", [np.zeros((4, 4)), np.zeros((4, 4, 2)), np.zeros((4, 4, 1), np.int32)]
)
def test_bad_images_raise(tmp_path, image):
    with (
        MetricWriter(tmp_path, tensorboard=False) as writer,
        pytest.raises(ValueError, match="image 'samples'"),
    ):
        writer.write_images(1, {"samples": image})


def test_needs_no_tensorflow(tmp_path):
    code = (
        "import sys; from aae_jax.metric_writer import MetricWriter; "
        "assert 'tensorboardX' not in sys.modules; "
        "writer = MetricWriter(sys.argv[1], tensorboard=True); writer.write(1, {'loss': 1.0}); "
        "print(*sorted({'jax', 'flax', 'tensorflow', 'tensorboard'} & set(sys.modules)))"
    )
    result = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert result.stdout.split() == []
