"""Command line: `python -m aae_jax.main --config=configs/amm_svhn.py`."""

import difflib
import re
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from absl import app, flags
from ml_collections import config_flags

from aae_jax import console
from aae_jax.errors import UserError

_CONFIG = config_flags.DEFINE_config_file(
    "config",
    None,
    "Config file of the experiment; --config.x.y=z changes a field.",
    lock_config=True,
)
_WORKDIR = flags.DEFINE_string(
    "workdir", None, "Folder of the run; default: runs/<name of the config file>."
)
_MODE = flags.DEFINE_enum(
    "mode",
    "train",
    ["train", "evaluate", "export"],
    "train: train or go on training, then evaluate; evaluate: only evaluate the checkpoint; "
    "export: write its model to --export_dir, as programs that run without this package's models. "
    "The config may be left out then: the workdir has it.",
)
_EXPORT_DIR = flags.DEFINE_string("export_dir", None, "New folder that --mode=export writes to.")
_TRIAL = flags.DEFINE_integer("trial", 0, "Which of the run's trials --mode=export writes.")
_OVERWRITE = flags.DEFINE_bool(
    "overwrite", False, "Let --mode=export replace an earlier export in --export_dir."
)

_DISTRIBUTED = flags.DEFINE_string(
    "distributed",
    None,
    "Train with several processes, each started with the same command: auto under SLURM, Open MPI "
    "or on a TPU pod, else host:port,processes,process, the address being that of process 0.",
)
_DRY_RUN = flags.DEFINE_bool(
    "dry_run", False, "Make every check, say what training would do, and do none of it."
)

_PACKAGE = Path(__file__).parent


def _main(argv: Sequence[str]) -> None:
    console.refuse_arguments(argv)
    if _MODE.value == "export":
        _export()
        return
    refuse_export_flags()
    if _CONFIG.value is None:
        raise UserError("no experiment given: add --config=configs/<name>.py")
    # Imported late: --help and mistyped flags answer at once.
    import jax

    from aae_jax import config as config_lib
    from aae_jax import cpu_devices, data, distributed, dry_run, scorer, sentences
    from aae_jax import workdir as workdir_lib
    from aae_jax.evaluate import evaluate
    from aae_jax.train import train

    console.set_up()
    # Until and after the training, which has a gentler way to stop.
    console.stop_on_sigterm()
    if _DRY_RUN.value and _MODE.value != "train":
        raise UserError(f"--dry_run tells of a training: leave it out with --mode={_MODE.value}")
    config = _CONFIG.value
    workdir = _workdir()
    # What is quick to refuse comes before the data, which may take minutes to read.
    config_lib.check(config)
    workdir_lib.check_same(config, workdir)
    first = True
    if _DISTRIBUTED.value:
        if _MODE.value == "evaluate":
            raise UserError("--mode=evaluate works in one process: leave out --distributed")
        distributed.join(_DISTRIBUTED.value)
        first = jax.process_index() == 0
        if not first:
            console.hush()
    elif _MODE.value == "train":
        cpu_devices.deal_out(config)
    scorer.check(config)
    sentences.check(config)
    dataset = data.load(config.data)
    if _DRY_RUN.value:
        told = dry_run.describe(config, workdir, dataset)
        if first:
            print(told)
        return
    if _MODE.value == "train":
        train(config, workdir, dataset)
    if _DISTRIBUTED.value:
        distributed.leave()
    if first:
        evaluate(config, workdir, dataset)
        print(f"report: {workdir / 'report.html'}")


def refuse_export_flags() -> None:
    """Raises a UserError where a flag is given that only an export heeds."""
    for flag in (_EXPORT_DIR, _TRIAL, _OVERWRITE):
        if flag.present:
            raise UserError(f"--{flag.name} is for --mode=export: leave it out, or add that")


def _export() -> None:
    """Exports the model in a workdir, with the config in it or the one given."""
    if _DRY_RUN.value or _DISTRIBUTED.value:
        raise UserError("--mode=export works in one process: leave out --distributed and --dry_run")
    if _EXPORT_DIR.value is None:
        raise UserError("no folder to export to given: add --export_dir=exported/<name>")
    if _CONFIG.value is None and _WORKDIR.value is None:
        raise UserError("no run to export given: add --workdir=runs/<name>")
    from aae_jax import config as config_lib
    from aae_jax import library
    from aae_jax.inference import load_trained

    console.set_up()
    source: Any = _WORKDIR.value
    if _CONFIG.value is not None:  # whose evaluation.checkpoint may be another than the workdir's
        config_lib.check(_CONFIG.value)
        source = load_trained(_CONFIG.value, _workdir(), _TRIAL.value)
    # No shell expands ~ after an equals sign.
    folder = Path(_EXPORT_DIR.value).expanduser()
    library.export(source, folder, _TRIAL.value, overwrite=_OVERWRITE.value)
    print(f"exported: {folder}")


def _workdir() -> Path:
    name = Path(flags.FLAGS["config"].config_filename).stem
    return Path(_WORKDIR.value or Path("runs") / name).expanduser()


def arguments(given: Sequence[str]) -> list[str]:
    """The command line, its config file found."""
    arguments: list[str] = []
    rest = iter(given)
    for argument in rest:
        if argument in ("--config", "-config"):  # the form with a blank
            argument = f"{argument}={next(rest, '')}"
        flag, _, path = argument.partition("=")
        if flag in ("--config", "-config"):
            argument = f"{flag}={_find_config(path)}"
        arguments.append(argument)
    return arguments


def _find_config(path: str) -> str:
    """Points configs/x.py at the installed configs where there is no such file here."""
    file, colon, choice = path.partition(":")
    if Path(file).is_file():
        return path
    # In a checkout the configs lie beside the package, in an installed package inside it.
    for root in (_PACKAGE, _PACKAGE.parent):
        if Path(file).parts[:1] == ("configs",) and (root / file).is_file():
            return f"{root / file}{colon}{choice}"
    names = sorted(
        f"configs/{config.name}"
        for root in (_PACKAGE, _PACKAGE.parent)
        for config in (root / "configs").glob("[!_]*.py")
    )
    near = difflib.get_close_matches(file, names) or names[:3]
    raise UserError(
        f"no config file {file!r}; the nearest of the package's {len(names)} are "
        f"{', '.join(near)}, and the README lists all"
    )


def parse(argv: Sequence[str]) -> list[str]:
    """Parses the flags; anything that a config file raises becomes one line.

    Modules that a config imports or names may lie beside it.
    """
    for argument in argv:
        flag, _, path = argument.partition("=")
        if flag == "--config":
            sys.path.append(str(Path(path.partition(":")[0]).resolve().parent))
    try:
        rest = flags.FLAGS(argv)
        # A config file that raised OSError is kept aside until someone asks for a field.
        getattr(_CONFIG.value, "steps", None)
    except Exception as error:  # A config file is a program and may raise anything.
        raise UserError(_explain(error, argv)) from error
    return rest


def _explain(error: Exception, argv: Sequence[str]) -> str:
    """One line on why the flags or the config file cannot be used."""
    text = str(error)
    if isinstance(error, SyntaxError):
        return f"line {error.lineno} of {error.filename}: {error.msg}"
    files = [a.partition("=")[2].partition(":")[0] for a in argv if a.startswith("--config=")]
    trace = "".join(traceback.format_exception(error))  # ml_collections puts a trace into `text`
    places = re.findall(r'File "(.*)", line (\d+)', trace)
    places = [f"line {number} of {file}" for file, number in places if file in files]
    if places:
        last = next(line for line in reversed(text.splitlines() or [""]) if line or not text)
        name = "" if "Traceback" in text else f"{type(error).__name__}: "
        return f"{places[-1]}: {name}{last}"
    text = " ".join(text.split())
    text = re.sub(
        r"invalid literal for int\(\) with base 10: ('.*?')", r"\1 is no whole number", text
    )
    if unknown := re.search(r"Unknown command line flag '(\w+)'", text):
        from aae_jax.config import base  # late: --help answers at once

        if (field := unknown[1]) in base():
            return f"there is no flag --{field}: --config.{field}= sets that field of the config"
    if "no attribute 'get_config'" in text:
        file = files[0] if files else "the config file"
        return f"{file} has no get_config(): define one that returns the config"
    if isinstance(error, (KeyError, AttributeError)):
        if guess := re.search(r'Did you mean "(.+)" instead of "(.+)"', text):
            return f"the config has no field {guess[2]!r}: did you mean {guess[1]!r}?"
        return f"the config file gives no {text.strip(chr(34))}: see it for its fields"
    return f"{text} (see --help, and the config file for its fields)"


def run() -> None:
    """Runs the command line; what cannot go on ends as `console.one_line` says."""
    with console.one_line("aae_jax"):
        app.run(_main, argv=[sys.argv[0], *arguments(sys.argv[1:])], flags_parser=parse)


if __name__ == "__main__":
    run()
