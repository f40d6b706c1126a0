"""One workdir, many runs: 12 processes claim it at once and 1 gets it; a dead one's lock is void.

It takes 3 rounds; in each the winner is killed, and the next round finds the workdir free.
"""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PROCESSES, ROUNDS = 12, 3

# Forks the processes, and asks each what became of its claim; prints the answers.
CONTENDERS = """
import json, os, signal, sys, time
from pathlib import Path
from aae_jax import workdir
from aae_jax.errors import UserError
from tests import toy_game

folder, count = Path(sys.argv[1]), int(sys.argv[2])
config = toy_game.config()
children = []
for _ in range(count):
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            with workdir.claim(config, folder):
                os.write(write, b"claimed")
                time.sleep(600)
        except UserError as error:
            os.write(write, str(error).encode())
        finally:
            os._exit(0)
    os.close(write)
    children.append((child, read))
answers = [os.read(read, 1000).decode() for _, read in children]
for child, _ in children:
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
print(json.dumps(answers))
"""


def test_one_of_many_gets_it_and_a_dead_one_does_not_keep_it(tmp_path):
    for _ in range(ROUNDS):
        done = subprocess.run(
            [sys.executable, "-c", CONTENDERS, str(tmp_path), str(PROCESSES)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        answers = json.loads(done.stdout)
        assert answers.count("claimed") == 1
        refusals = [answer for answer in answers if answer != "claimed"]
        assert all("another process is training in workdir" in answer for answer in refusals)
    print(f"{ROUNDS} rounds of {PROCESSES} processes, one claim in each")
