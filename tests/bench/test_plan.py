"""What a snapshot would take: by hand, from chains of known growth."""

from __future__ import annotations

from primacy.bench.chain import Chain, Stage
from primacy.bench.isolated import Cost
from primacy.bench.plan import plan


def stage(name, portion, works, cpu, memory, lake):
    return Stage(name, portion, works, 0.0, lake, 0.0, Cost(cpu, cpu, memory))


def chain(works, pull, match, memory, lake):
    return Chain(
        works,
        "jsonl",
        (
            stage("pull", 0, works, pull, 1024.0, lake),
            stage("match", None, works, match, memory, lake),
        ),
    )


def test_each_stage_goes_to_the_size_by_its_own_exponent():
    # The pull is linear and holds a GiB whatever the size; the match is a square, its memory linear.
    small, large = chain(100, 36.0, 1.0, 512.0, 102.4), chain(1_000, 360.0, 100.0, 5120.0, 1024.0)
    pull, match = plan([large, small], 10_000)
    assert (pull.stage, pull.measured_works, pull.exponent) == ("pull", 1_000, 1.0)
    assert (pull.cpu_hours, pull.hours) == (1.0, 0.5)  # two processors
    assert (pull.memory_gb, pull.disk_gb) == (1.0, 10.0)
    assert (match.exponent, match.cpu_hours) == (2.0, round(10_000 / 3600, 2))
    assert match.memory_gb == 50.0


def test_what_is_fixed_at_small_sizes_promises_nothing():
    (pull, _) = plan([chain(100, 30.0, 1.0, 1.0, 1.0), chain(1_000, 36.0, 1.0, 1.0, 1.0)], 100_000)
    assert pull.exponent == 1.0
    assert pull.cpu_hours == 1.0


def test_a_chain_that_has_not_ended_counts_as_far_as_it_came():
    begun = Chain(
        1_000, "jsonl", tuple(stage("pull", n, 100, 36.0 + n, 1.0, 10.24 * (n + 1)) for n in range(3))
    )
    (pull,) = plan([begun], 3_000)
    assert pull.measured_works == 300
    assert pull.exponent > 1  # each portion cost more than the one before
    assert pull.memory_gb == 0.0  # a MiB, in every portion
    assert pull.cpu_hours >= 111 * 10 / 3600 - 0.01
