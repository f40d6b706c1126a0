"""Progress of a long run in words: how far, how fast, how long still."""

import time

# Seconds without a line after which whoever watches a run of slow steps wonders.
PATIENCE = 60.0


def duration(seconds: float) -> str:
    """Writes seconds as people do: "42 s", "3 min 05 s", "2 h 07 min"."""
    seconds = round(seconds)
    if seconds < 60:
        return f"{seconds} s"
    if seconds < 3600:
        return f"{seconds // 60} min {seconds % 60:02d} s"
    return f"{seconds // 3600} h {seconds % 3600 // 60:02d} min"


class Progress:
    """Rate and time left of a run of known length.

    Args:
        start: steps made before this process.
        total: steps in all.
        batch_size: examples per step.
    """

    def __init__(self, start: int, total: int, batch_size: int) -> None:
        self._total = total
        self._batch_size = batch_size
        self._mark(start)

    def _mark(self, step: int) -> None:
        self._step, self._time = step, time.monotonic()

    def pause(self, seconds: float) -> None:
        """Leaves out time that was not spent on steps (an evaluation, say)."""
        self._time += seconds

    @property
    def overdue(self) -> bool:
        """Whether the last report was longer than `PATIENCE` ago, pauses left out."""
        return time.monotonic() - self._time > PATIENCE

    def report(self, step: int) -> tuple[str, float]:
        """Returns the line for `step`, and the steps per second since the last report."""
        elapsed = max(time.monotonic() - self._time, 1e-9)
        rate = (step - self._step) / elapsed
        self._mark(step)
        if rate <= 0:
            return f"step {step:,}/{self._total:,}", 0.0
        left = duration((self._total - step) / rate)
        return (
            f"step {step:,}/{self._total:,} ({100 * step / self._total:.1f} %), "
            f"{rate:.3g} steps/s, {rate * self._batch_size:,.0f} examples/s, {left} left",
            rate,
        )
