"""What an action costs: in a process of its own, with all that it starts."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

from primacy.bench.isolated import isolated
from primacy.errors import InputError, PrimacyError

BURN = "import time; b = time.process_time()\nwhile time.process_time() - b < 0.3: pass"


def burn():
    exec(BURN)
    return "burnt"


def burn_below():
    subprocess.run([sys.executable, "-c", BURN], check=True)


def hold():
    data = bytearray(200 << 20)
    data[::4096] = b"x" * len(data[::4096])
    time.sleep(0.2)


def wait():
    time.sleep(0.3)


def fail():
    raise InputError("file: is wrong")


def vanish():
    sys.exit(3)


def test_processor_time_is_counted_and_waiting_is_not():
    cost, result = isolated(burn)
    assert result == "burnt"
    assert 0.29 < cost.cpu_seconds < 1.5
    idle, _ = isolated(wait)
    assert idle.wall_seconds > 0.29
    assert idle.cpu_seconds < 0.2


def test_what_other_processes_do_counts():
    assert isolated(burn_below)[0].cpu_seconds > 0.29


def test_memory_is_the_most_that_was_held():
    assert 200 < isolated(hold)[0].memory_mb < 800


def test_errors_come_through():
    with pytest.raises(InputError, match="file: is wrong"):
        isolated(fail)
    with pytest.raises(PrimacyError, match="process of vanish ended with exit code 3"):
        isolated(vanish)
