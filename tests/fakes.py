"""A model and data sets for tests of metrics and figures, simple enough to reason about."""

import numpy as np

from aae_jax.data import Dataset, Split
from aae_jax.data.aspects import Aspect, label_of
from aae_jax.data.captions import gather, make_vocabulary, words
from aae_jax.data.modes import Modes
from aae_jax.data.sources.points import ring_modes


def digits(test=500, held_out=300, value_range=(0.0, 1.0)):
    """The 1,797 handwritten 8x8 digits that come with scikit-learn."""
    from sklearn.datasets import load_digits

    data = load_digits()
    image = np.round(data.images[..., None] * (255 / 16)).astype(np.uint8)
    order = np.random.default_rng(0).permutation(len(image))
    image, label = image[order], data.target[order].astype(np.int32)

    def cut(name, start, stop):
        return Split(name, image[start:stop], label[start:stop], value_range)

    return Dataset(
        train=cut("train", test + held_out, None),
        validation=cut("validation", test, test + held_out) if held_out else None,
        test=cut("test", 0, test),
        name="digits",
        num_classes=10,
        note="The 8x8 digits of scikit-learn.",
    )


def split(data, label=None, name="test"):
    """Points [N, D], or images, as a split."""
    data = np.asarray(data)
    data = data if data.dtype == np.uint8 else data.astype(np.float32)
    return Split(name, data, None if label is None else np.array(label, np.int32), (0.0, 1.0))


def tiny(train, test, classes, validation=None):
    """A data set of hand-made splits."""
    return Dataset("tiny", train, validation, test, classes, "Made for a test.")


def points(n=400, seed=0):
    """Unlabelled points of the plane around two centres."""
    rng = np.random.default_rng(seed)
    data = rng.normal(size=(n, 2)).astype(np.float32) * 0.3
    data[::2] += np.array([[2.0, 0.0]], np.float32)
    return Dataset(
        name="points",
        train=Split("train", data[: n // 2], None, (0.0, 1.0)),
        validation=None,
        test=Split("test", data[n // 2 :], None, (0.0, 1.0)),
        num_classes=0,
        note="Made for a test.",
    )


def _of_modes(modes, n):
    """Points around the modes, as many of each in both splits."""
    label = np.arange(n) % len(modes.means)
    noise = np.random.default_rng(0).normal(size=(2, n, modes.means.shape[1]))
    train, test = (split(modes.means[label] + modes.std * part, label) for part in noise)
    return Dataset("modes", train, None, test, len(modes.means), "Made for a test.", modes=modes)


def ring(n=700):
    """Points of the ring of seven Gaussians, whose modes are known."""
    return _of_modes(ring_modes(), n)


def four_points(n=40):
    """The four unit vectors, each repeated."""
    return _of_modes(Modes(np.eye(4, dtype=np.float32), 0.0), n)


def captioned(n=60, *, embedded=True):
    """Images of one colour each, two captions a picture, embedded by what they name."""
    aspects = (Aspect("colour", ("red", "green", "blue")), Aspect("shape", ("dot", "bar")))
    colour, shape = np.arange(n) % 3, np.arange(n) // 3 % 2
    label = label_of(aspects, (colour, shape))
    image = np.full((n, 8, 8, 3), 60, np.uint8)
    image += np.random.default_rng(0).integers(20, size=image.shape, dtype=np.uint8)
    for i in range(n):
        image[i, 2:4, 2 : 7 if shape[i] else 4, colour[i]] = 240
    names = [
        (aspects[0].values[c], aspects[1].values[s]) for c, s in zip(colour, shape, strict=True)
    ]
    texts = [(f"a {c} {s}", f"this {s} is {c}") for c, s in names]
    vocabulary = make_vocabulary((text for pair in texts for text in pair), 100, 0)

    def embed(texts):
        said = [set(words(text)) for text in texts]
        numbers = [[[v in s for v in a.values].index(True) for s in said] for a in aspects]
        return np.eye(6, dtype=np.float32)[label_of(aspects, numbers)]

    captions = gather(texts, vocabulary)
    if embedded:
        captions = captions.with_values(embed(captions.texts))
    train, test = (Split(name, image, label, (0.0, 1.0), captions) for name in ("train", "test"))
    return Dataset(
        *("captioned", train, None, test, 6, "Made for a test."),
        vocabulary=vocabulary,
        embedder=embed if embedded else None,
        aspects=aspects,
    )


class FakeModel:
    """A linear autoencoder (principal components) with one Gaussian per component in its code.

    Args:
        dataset: the training data; its labels, or label modulo K, are the components.
        width: dimensions of z.
        components: K, 0 for a standard Gaussian prior and no clusters.
        with_y: the code has a part y too.
        conditioned: y is the label that the decoder reads, and z is what the label leaves open.
        absent: functions that the model does not have.
        local: dimensions of a local code n, which the decoder adds along the components after
            those of z.
    """

    step = 1200
    parameter_counts = {"encoder": 12_345, "decoder": 23_456, "discriminator": 345}  # noqa: RUF012

    def __init__(
        self,
        dataset,
        width=8,
        components=10,
        with_y=False,
        conditioned=False,
        absent=(),
        local=0,
    ):
        x = dataset.train.x()
        self.components = components
        self.conditioned = conditioned
        self.shape = x.shape[1:]
        self._range = dataset.train.value_range
        self._with_y = with_y or conditioned
        of_components = ("predict", "log_joint", "component_of", "axis")
        of_captions = ("caption_prior", "caption_nll")
        self._absent = {*absent, *(() if components else of_components)}
        self._absent |= set(of_captions if conditioned or dataset.vocabulary is None else ())
        flat = x.reshape(len(x), -1)
        self._mean = flat.mean(axis=0, keepdims=True)
        if conditioned:
            of_class = [dataset.train.label == k for k in range(dataset.num_classes)]
            self._class_mean = np.stack([flat[k].mean(axis=0) for k in of_class]) - self._mean
            flat = flat - self._class_mean[dataset.train.label]
        _, scale, axes = np.linalg.svd(flat - self._mean, full_matrices=False)
        # Not 0, where the label leaves nothing open.
        scale = np.maximum(scale / np.sqrt(len(x)), 1e-6)
        self._local = axes[width : width + local] * scale[width : width + local, None]
        scale = scale[:width]
        self._down = axes[:width].T / scale[None]  # codes of unit variance
        self._up = axes[:width] * scale[:, None]
        if components:
            z, label = self._z(flat), dataset.train.label % components
            group = [z[label == k] for k in range(components)]
            missing = np.full((1, width), 9.0)
            self._centre = np.stack([(g if len(g) else missing).mean(axis=0) for g in group])
            std = np.stack([g.std(axis=0) if len(g) > 1 else missing[0] for g in group])
            self._std = np.maximum(std, 1e-6)  # not 0, where a component is one point

    @property
    def code_shapes(self):
        y = {"y": (self.components,)} if self._with_y else {}
        n = {"n": (len(self._local),)} if len(self._local) else {}
        return y | {"z": (self._down.shape[1],)} | n

    def has(self, name):
        always = {"encode", "posterior", "decode", "prior", "predict", "log_joint"}
        others = {"component_of", "axis", "caption_prior", "caption_nll"}
        return name in (always | others) - self._absent

    def _n(self, n, seed):
        """The local code: its centre, or a draw that depends on nothing but the seed."""
        if not len(self._local):
            return {}
        shape = n, len(self._local)
        draw = (
            np.zeros(shape) if seed is None else np.random.default_rng([seed, 1]).normal(size=shape)
        )
        return {"n": draw.astype(np.float32)}

    def _z(self, x):
        return ((x.reshape(len(x), -1) - self._mean) @ self._down).astype(np.float32)

    def encode(self, x, seed=None, label=None):
        if self.conditioned:
            of_label = self._class_mean[label].reshape(x.shape)
            code = {"y": np.eye(len(self._class_mean), dtype=np.float32)[label]}
            code["z"] = z = self._z(x - of_label)
        else:
            z = self._z(x)
            code = {"y": self.predict(x), "z": z} if self._with_y else {"z": z}
        if seed is not None:
            noise = np.random.default_rng(seed).normal(size=z.shape)
            code["z"] = (z + 0.1 * noise).astype(np.float32)
        return code | self._n(len(x), seed)

    def decode(self, code):
        x = self._mean + code["z"] @ self._up
        if self.conditioned:
            x = x + code["y"] @ self._class_mean
        if len(self._local):
            x = x + code["n"] @ self._local
        if len(self.shape) == 3:
            x = np.clip(x, *self._range)
        return x.reshape(-1, *self.shape).astype(np.float32)

    def prior(self, n, seed, component=None):
        rng = np.random.default_rng(seed)
        width = self._down.shape[1]
        z = rng.normal(size=(n, width))
        code = {}
        if self.components:
            y = rng.integers(self.components, size=n) if component is None else [component] * n
            z = self._centre[y] + self._std[y] * z
            if self._with_y:
                code["y"] = np.eye(self.components, dtype=np.float32)[y]
        return code | {"z": z.astype(np.float32)} | self._n(n, seed)

    def sample(self, n, seed, component=None):
        return self.decode(self.prior(n, seed, component))

    def sample_captions(self, sentence, seed):
        """An image of the component whose entry of the embedding is the largest."""
        y, shape = sentence.argmax(axis=1), (len(sentence), self._down.shape[1])
        noise = np.random.default_rng(seed).normal(size=shape)
        return self.decode({"z": self._centre[y] + self._std[y] * noise})

    def caption_nll(self, tokens, other):
        return np.abs(tokens - other).mean(axis=1)

    def reconstruct(self, x, seed=None, label=None):
        return self.decode(self.encode(x, seed, label))

    def interpolate(self, x_a, x_b, steps):
        a, b = self._z(x_a), self._z(x_b)
        path = [self.decode({"z": a + (b - a) * t}) for t in np.linspace(0, 1, steps)]
        return np.stack(path, axis=1)

    def component_of(self, z):
        return self.log_joint(z).argmax(axis=1)

    def axis(self, u):
        """Straight from centre to centre of the components, the k-th in the middle of part k."""
        middle = (np.arange(self.components) + 0.5) / self.components
        z = np.stack([np.interp(u, middle, centre) for centre in self._centre.T], axis=1)
        return {"z": z.astype(np.float32)}

    def log_joint(self, z):
        distance = (z[:, None] - self._centre[None]) / self._std[None]
        log_density = -0.5 * (distance**2 + np.log(2 * np.pi * self._std**2)[None]).sum(axis=2)
        return log_density - np.log(self.components)

    def predict(self, x):
        joint = self.log_joint(self._z(x))
        p = np.exp(joint - joint.max(axis=1, keepdims=True))
        return (p / p.sum(axis=1, keepdims=True)).astype(np.float32)


class FakeExtractor(FakeModel):
    """Judges images by a few of their pixels, and by the labels of a linear autoencoder.

    Args:
        dataset: the images.
        width: number of features, 0 for all pixels.
        origin: what it is called.
    """

    def __init__(self, dataset, width=0, origin="a fake network"):
        super().__init__(dataset, components=dataset.num_classes)
        self.origin = origin
        self.width = width or dataset.train.data[0].size
        self.input_shape = dataset.example_shape
        self.input_range = dataset.test.value_range
        self.seen = 0  # images so far, whose features were asked for

    def features(self, x):
        self.seen += len(x)
        return x.reshape(len(x), -1)[:, : self.width]
