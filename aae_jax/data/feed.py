"""Feeds a run with batches, by one of two roads that give the same batches.

Device road: the training split lives on every device as uint8, and a step receives only indices.
Host road: a background thread gathers the uint8 rows and a step receives those. Either way the
step calls `feed.fetch(arrays, item)` to get its float batch.
"""

import queue
import threading
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from aae_jax import checks
from aae_jax.data.batching import Batches
from aae_jax.data.dataset import Dataset, ValueRange, to_float
from aae_jax.errors import UserError

_DEVICE_LIMIT = 512 * 2**20  # bytes of training data up to which 'auto' takes the device road
_PREFETCH = 2
_CAPTIONS = ("caption", "caption_other")

Arrays = Mapping[str, Any]


class Feed:
    """An endless iterator over the items of steps start_step, start_step + 1, ...

    Attributes:
        location: 'device' or 'host'.
        arrays: numpy arrays to be placed, whole, on every device and handed to `fetch`; {} on the
            host road.
    """

    location: str

    def __init__(
        self, dataset: Dataset, batches: Batches, start_step: int, rows: slice, devices: int
    ):
        self.arrays: dict[str, np.ndarray] = {}
        self._dataset = dataset
        self._batches = batches
        self._step = start_step
        self._rows = rows
        self._devices = devices

    def __iter__(self) -> Iterator[dict[str, np.ndarray]]:
        return self

    def __next__(self) -> dict[str, np.ndarray]:
        """The next step's item: leaves [local devices, (trials,) rows per device, ...].

        There is no trials axis when there is exactly one trial.
        """
        raise NotImplementedError

    def fetch(self, arrays: Arrays, item: Arrays) -> dict[str, jax.Array]:
        """One device's and one trial's part of a batch; pure, made to be traced in the step.

        Args:
            arrays: `feed.arrays`, on the device.
            item: the item without its leading device and trial axes.

        Returns:
            'x' float32 [b, ...] in the set's value range; 'label' int32 [b] if the set has labels;
            'x_labelled' and 'label_labelled' likewise if it has a labelled subset; 'caption' and
            'caption_other' [b, ...] if it has captions: two draws of the examples' captions.
        """
        raise NotImplementedError

    def close(self) -> None:
        """Ends the feed; the next `next` raises StopIteration."""
        raise NotImplementedError

    def _captions(self, step: int) -> dict[str, np.ndarray]:
        """Rows of the training captions by name in the batch, laid out as `_indices`."""
        rows = self._batches.caption_rows(step)
        return {} if rows is None else dict(zip(_CAPTIONS, map(self._layout, rows), strict=True))

    def _indices(self, step: int) -> dict[str, np.ndarray]:
        """Indices into train by stream, int32 [local devices, (trials,) rows per device]."""
        streams = {"": self._batches.indices(step)}
        if self._batches.labelled is not None:
            streams["_labelled"] = self._batches.labelled_indices(step)
        return {stream: self._layout(index) for stream, index in streams.items()}

    def _layout(self, index: np.ndarray) -> np.ndarray:
        index = index[:, self._rows]
        index = index.reshape(len(index), self._devices, -1).swapaxes(0, 1)
        return np.ascontiguousarray(index[:, 0] if index.shape[1] == 1 else index)


class _DeviceFeed(Feed):
    location = "device"

    def __init__(self, dataset: Dataset, *args: Any) -> None:
        super().__init__(dataset, *args)
        self.arrays = {"x": dataset.train.data}
        if dataset.train.label is not None:
            self.arrays["label"] = dataset.train.label
        if dataset.train.captions is not None:
            self.arrays["captions"] = dataset.train.captions.values
        self._closed = False

    def __next__(self) -> dict[str, np.ndarray]:
        if self._closed:
            raise StopIteration
        streams, captions = self._indices(self._step), self._captions(self._step)
        self._step += 1
        return {f"index{stream}": index for stream, index in streams.items()} | captions

    def fetch(self, arrays: Arrays, item: Arrays) -> dict[str, jax.Array]:
        def rows(key: str, index: jax.Array) -> jax.Array:
            # Indices are those of the split's own rows, so no bounds need checking.
            return jnp.asarray(arrays[key]).at[index].get(mode="promise_in_bounds")

        batch = {}
        for name, index in item.items():
            if name in _CAPTIONS:
                batch[name] = rows("captions", index)
                continue
            stream = name.removeprefix("index")
            for key in ("x", "label"):
                if key in arrays:
                    batch[key + stream] = rows(key, index)
        return _finish(batch, self._dataset.train.value_range)

    def close(self) -> None:
        self._closed = True


class _HostFeed(Feed):
    location = "host"

    def __init__(self, dataset: Dataset, *args: Any) -> None:
        super().__init__(dataset, *args)
        self._queue: queue.Queue[Any] = queue.Queue(_PREFETCH)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._gather, name="aae_jax-feed", daemon=True)
        self._thread.start()

    def __next__(self) -> dict[str, np.ndarray]:
        if self._stop.is_set():
            raise StopIteration
        item = self._queue.get()
        if isinstance(item, BaseException):
            self.close()
            raise item
        return item

    def fetch(self, arrays: Arrays, item: Arrays) -> dict[str, jax.Array]:
        del arrays
        return _finish(dict(item), self._dataset.train.value_range)

    def close(self) -> None:
        self._stop.set()
        self._thread.join()

    def _gather(self) -> None:
        train = self._dataset.train
        while not self._stop.is_set():
            try:
                item = {}
                for stream, index in self._indices(self._step).items():
                    item["x" + stream] = train.data[index]
                    if train.label is not None:
                        item["label" + stream] = train.label[index]
                for name, rows in self._captions(self._step).items():
                    item[name] = train.captions.values[rows]
                self._step += 1
            except BaseException as error:  # handed to the reader, which raises it
                item = error
            self._put(item)
            if isinstance(item, BaseException):
                return

    def _put(self, item: Any) -> None:
        """Waits for room in the queue, but no longer than until the feed is closed."""
        while not self._stop.is_set():
            try:
                return self._queue.put(item, timeout=0.1)
            except queue.Full:
                continue
        return None


def _finish(batch: dict[str, Any], value_range: ValueRange) -> dict[str, jax.Array]:
    return {
        key: to_float(jnp.asarray(values), value_range) if key.startswith("x") else values
        for key, values in batch.items()
    }


def make_feed(
    dataset: Dataset,
    *,
    batch_size: int,
    seeds: Sequence[int],
    location: str = "auto",
    start_step: int = 0,
    local_devices: int = 1,
    num_devices: int = 1,
    first_device: int = 0,
) -> Feed:
    """Makes the feed of a run, or of one process of it.

    Device d of all devices gets rows [d*b, (d+1)*b) of every batch, b = batch_size / num_devices.

    Args:
        dataset: the loaded set.
        batch_size: examples per step over all devices, for each trial.
        seeds: one per trial.
        location: 'device', 'host', or 'auto': device where the training data is under 512 MiB.
        start_step: updates already made; the feed goes on as if it had delivered them.
        local_devices: devices of this process.
        num_devices: devices of all processes.
        first_device: number of this process's first device.

    Raises:
        UserError: batch_size does not divide over the devices or exceeds the training split.
    """
    if batch_size % num_devices:
        raise UserError(
            f"batch_size={batch_size} cannot be divided over {num_devices} devices: use a multiple"
        )
    if location == "auto":
        location = "device" if dataset.train.data.nbytes < _DEVICE_LIMIT else "host"
    roads = {"device": _DeviceFeed, "host": _HostFeed}
    checks.choice("data.location", location, ("auto", *roads))
    each = batch_size // num_devices
    rows = slice(first_device * each, (first_device + local_devices) * each)
    batches = Batches(dataset, batch_size, seeds)
    return roads[location](dataset, batches, start_step, rows, local_devices)
