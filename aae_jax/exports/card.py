"""The model card of an exported folder: what it is, what was measured, how to load it."""

import math
from collections.abc import Sequence
from typing import Any

from aae_jax import evaluated
from aae_jax.exports.layout import program_file
from aae_jax.exports.programs import Program
from aae_jax.methods import get_method
from aae_jax.metrics import VALUES
from aae_jax.report import result_text
from aae_jax.trained_model import TrainedModel


def as_markdown(model: TrainedModel, programs: Sequence[Program]) -> str:
    """The card as Markdown.

    Args:
        model: the model of a workdir, whose evaluation.json, if it is there, gives the numbers.
        programs: its exported functions.

    Raises:
        UserError: evaluation.json is damaged.
    """
    method, paper = get_method(model.config.method).named(model.config)
    title = f"{method} on {model.config.data.name}"
    source = f", the method of “{paper}”" if paper else ""
    return f"""# {title}

{method}{source}, trained with aae_jax.

This folder holds its inference functions as programs, and its weights. Neither the code that
trained it nor any pickle is needed to run it.

## Training

{_training(model)}

## Numbers

{_numbers(model)}

## Loading

With aae_jax, which checks what the model is given and makes batches of its own:

```python
import aae_jax

model = aae_jax.load(".")  # this folder
print(model)
{_use(model)}
```

With jax, flatbuffers (for `jax.export`) and safetensors alone:

```python
{snippet(programs)}
```

## Functions

Each is called as `program.call(weights, key, *inputs)`: all arrays of `model.safetensors` by their
names, a key as uint32 (2,), which functions that draw read, and the inputs here. N is the number of
examples.

{_functions(programs)}

{_remarks(model)}

## Licence

The code that made this model, and the programs made of it, are under the Apache License 2.0. The
data that it was trained on keep their own licence.
"""


def snippet(programs: Sequence[Program]) -> str:
    """Ten lines of Python that call one function without this package."""
    program = next((p for p in programs if p.name == "decode"), programs[0])
    return f'''from pathlib import Path

import jax
import jax.export
import numpy as np
from safetensors.numpy import load_file

weights = load_file("model.safetensors")
content = Path("{program_file(program.name, program.size)}").read_bytes()
program = jax.export.deserialize(bytearray(content))
{_inputs(program)}
key = jax.random.key_data(jax.random.key(0, impl="threefry2x32"))
output = program.call(weights, key, *inputs)
'''.rstrip()


def _inputs(program: Program) -> str:
    """A line of Python that makes inputs of zeros."""
    n = program.size or 4

    def zeros(spec: Any) -> str:
        if isinstance(spec, dict):
            return "{" + ", ".join(f'"{name}": {zeros(part)}' for name, part in spec.items()) + "}"
        shape = (n, *spec.shape[1:])
        text = f"({n},)" if len(shape) == 1 else str(shape)
        return f"np.zeros({text}, np.{spec.dtype.name})"

    return f"inputs = ({', '.join(map(zeros, program.inputs))},)"


def _training(model: TrainedModel) -> str:
    config, data = model.config, model.config.data
    averaged = f", averaged with decay {config.ema_decay:g}" if config.ema_decay else ""
    held = f", {data.validation_size:,} of it held out" if data.validation_size else ""
    labels = f", {data.labelled:,} labels" if data.labelled else ""
    parameters = ", ".join(f"{name} {count:,}" for name, count in model.parameter_counts.items())
    rows = {
        "Data": f"`{data.name}`, part `{data.train_split}`{held}{labels}",
        "Examples": f"{_describe_examples(model)}",
        "Steps": f"{model.step:,} of {config.batch_size} examples",
        "Seed": f"{config.seed + model.trial}",
        "Trial": f"{model.trial} of {config.trials}" if config.trials > 1 else "the only one",
        "Parameters": f"{parameters}{averaged}",
    }
    if model.class_names:
        rows["Labels"] = model.labels_in_words
    return _table(("what", ""), rows.items()) + "\n\n`config.json` holds every setting."


def _describe_examples(model: TrainedModel) -> str:
    shape = ", ".join(map(str, model.example_shape))
    if model.value_range:
        return "images ({}), values from {:g} to {:g}".format(shape, *model.value_range)
    return (
        f"standardised images ({shape})" if len(model.example_shape) == 3 else f"points ({shape})"
    )


def _remarks(model: TrainedModel) -> str:
    remarks = []
    if model.value_range:
        lo, hi = model.value_range
        remarks.append(f"Pixel values 0 to 255 of images become {lo:g} to {hi:g}.")
    if model.has("prior"):
        remarks.append("`prior` takes the component to draw from, -1 for any.")
    if model.conditioned:
        remarks.append(
            "`condition` takes labels, and gives the part of a code that they stand for."
        )
    return "\n".join(remarks)


def _numbers(model: TrainedModel) -> str:
    """What evaluation.json says of this model, and of all trials where there are several."""
    found = evaluated.read(model.origin)
    if found is None:
        return "Not evaluated."
    if found["step"] != model.step:
        return (
            f"The run was evaluated at step {found['step']:,}, not at this model's {model.step:,}."
        )
    head = ("what", "this model", f"mean ± deviation of {found['trials']} trials")
    judges = found.get("judges", {})
    rows = []
    for name, metric in found["metrics"].items():
        if name not in VALUES:  # a number that this version no longer knows
            continue
        numbers = [math.nan if value is None else value for value in metric["trials"]]
        judge = f", by {judges[name]}" if name in judges else ""
        better = f"; {VALUES[name].better} is better" if VALUES[name].better else ""
        cells = [
            f"{VALUES[name].description} (`{name}`{judge}{better})",
            result_text(numbers[model.trial : model.trial + 1], VALUES[name]),
            result_text(numbers, VALUES[name]),
        ]
        rows.append(cells)
    if not rows:
        return "The evaluation of the run asks for no numbers."
    columns = 3 if found["trials"] > 1 else 2
    return _table(head[:columns], [row[:columns] for row in rows])


def _functions(programs: Sequence[Program]) -> str:
    rows = [
        (
            f"`{program_file(program.name, program.size)}`",
            ", ".join(map(_describe, program.inputs)),
            _describe(program.output),
            ", ".join(program.platforms),
        )
        for program in programs
    ]
    return _table(("program", "inputs", "output", "runs on"), rows)


def _describe(tree: Any) -> str:
    """Shapes and dtypes for a reader, as in `{y: float32 (N, 10), z: float32 (N, 2)}`."""
    if isinstance(tree, dict):
        return "{" + ", ".join(f"{name}: {_describe(part)}" for name, part in tree.items()) + "}"
    shape = tuple(map(str, tree.shape))
    return f"{tree.dtype.name} ({', '.join(shape)}{',' if len(shape) == 1 else ''})"


def _use(model: TrainedModel) -> str:
    if "sample" in model.calls:
        return "x = model.sample(16, seed=0)"
    return f"# calls: {', '.join(model.calls)}"


def _table(head: Sequence[str], rows: Any) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
