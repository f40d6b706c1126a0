import pytest

from aae_jax import progress
from aae_jax.progress import Progress, duration


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.2, "0 s"),
        (59.4, "59 s"),
        (59.6, "1 min 00 s"),
        (185, "3 min 05 s"),
        (3600, "1 h 00 min"),
        (7620, "2 h 07 min"),
        (200_000, "55 h 33 min"),
    ],
)
def test_durations(seconds, text):
    assert duration(seconds) == text


@pytest.fixture
def clock(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: now[0])
    return now


def test_reports_rate_and_time_left(clock):
    run = Progress(start=500, total=1500, batch_size=100)
    clock[0] += 50
    assert run.report(600) == (
        "step 600/1,500 (40.0 %), 2 steps/s, 200 examples/s, 7 min 30 s left",
        2.0,
    )
    clock[0] += 10
    assert run.report(700)[1] == 10.0  # since the last report


def test_leaves_pauses_out(clock):
    run = Progress(start=0, total=100, batch_size=1)
    clock[0] += 15
    run.pause(10)
    assert run.report(10)[1] == 2.0


def test_has_no_rate_before_the_second_step(clock):
    assert Progress(1, 10, 1).report(1) == ("step 1/10", 0.0)


def test_is_overdue_a_minute_after_the_last_report_pauses_left_out(clock):
    run = Progress(start=0, total=100, batch_size=1)
    clock[0] += 59
    assert not run.overdue
    clock[0] += 2
    assert run.overdue
    run.report(10)
    assert not run.overdue
    clock[0] += 100
    run.pause(50)
    assert not run.overdue
