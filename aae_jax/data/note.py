"""Where the examples of a run come from, in one sentence that stands beside every result."""

from ml_collections import ConfigDict

from aae_jax.data import slices
from aae_jax.data.dataset import Split
from aae_jax.data.images import Fit
from aae_jax.data.sources.base import Source

# Sizes as published. A copy that differs is said to, next to every figure.
_PUBLISHED = {
    "mnist": {"train": 60_000, "test": 10_000},
    "cifar10": {"train": 50_000, "test": 10_000},
    "svhn_cropped": {"train": 73_257, "test": 26_032, "extra": 531_131},
    "celeb_a": {"train": 162_770, "validation": 19_867, "test": 19_962},
}


def provenance_note(
    config: ConfigDict,
    source: Source,
    parts: dict[str, list[slices.Interval]],
    splits: dict[str, Split],
    fit: Fit,
) -> str:
    """One sentence: source, slices, sizes, what was done to the examples, and what to beware of.

    Args:
        config: a run's `config.data`.
        source: where the examples come from.
        parts: "train", "test" and "validation" -> the intervals that the config names for it.
        splits: what was made of them, by part.
        fit: how images were fitted to the network.
    """
    shape = splits["train"].data.shape
    what = fit.describe(shape[1:]) if len(shape) == 4 else f"{shape[1]}-D points"
    tested = f"{len(splits['test']):,}"
    held = [tested] if "test" not in parts else []
    held += [f"{config.validation_size:,}"] if config.validation_size else []
    held = f" less {' and '.join(held)} held out" if held else ""
    clauses = [
        f"{config.name} from {source.origin}",
        f"trained on '{config.train_split}'{held} ({shape[0]:,} {what})",
        f"tested on '{config.test_split}' ({tested})"
        if "test" in parts
        else f"tested on {tested} of '{config.train_split}', held out at random",
    ]
    if config.validation_split:
        size = sum(map(len, parts["validation"]))
        clauses.append(f"validated on '{config.validation_split}' ({size:,})")
    if config.labelled:
        kind = "balanced" if config.labelled_balanced else "random"
        clauses.append(f"{config.labelled:,} labels ({kind})")
    if source.captions is not None:
        captions = splits["train"].captions
        clauses.append(f"{len(captions.texts):,} captions of the training images")
    if config.standardise:
        clauses.append("each pixel less its mean, over its standard deviation in the training part")
    if source.lossy:
        clauses.append("stored as JPEG, so lossy")
    published = _PUBLISHED.get(config.name, {})
    for name in sorted({part.split for intervals in parts.values() for part in intervals}):
        size = source.splits[name]
        if published.get(name, size) != size:
            clauses.append(
                f"this copy's '{name}' has {size:,} images where the published one has "
                f"{published[name]:,}, so figures are not comparable with published ones"
            )
    for role in ("train", "validation"):
        shared = slices.overlap(parts.get(role, []), parts.get("test", []))
        if shared:
            clauses.append(f"{role} and test parts share {shared:,} examples")
    return "; ".join(clauses) + "."
