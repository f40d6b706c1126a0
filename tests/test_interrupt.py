import os
import signal
import threading

import pytest

from aae_jax.interrupt import Interrupt


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_is_noted_and_the_next_would_kill(number, capfd):
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    with Interrupt() as interrupt:
        assert interrupt.signal_number is None
        os.kill(os.getpid(), number)
        assert interrupt.signal_number == number
        assert signal.getsignal(signal.SIGINT) == signal.SIG_DFL
        assert signal.getsignal(signal.SIGTERM) == signal.SIG_DFL
    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before
    assert "a second signal kills at once" in capfd.readouterr().err


def test_handlers_come_back_after_an_exception():
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(KeyError), Interrupt():
        raise KeyError
    assert signal.getsignal(signal.SIGTERM) == before


def test_does_nothing_in_another_thread():
    seen = []

    def work():
        with Interrupt() as interrupt:
            seen.append((interrupt.signal_number, signal.getsignal(signal.SIGTERM)))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [(None, signal.getsignal(signal.SIGTERM))]
