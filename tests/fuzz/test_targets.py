"""Every target on what once was a finding, then on inputs made of the words of its language."""

from __future__ import annotations

import functools
import random
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.seeds import CORPUS, FRAGMENTS, beginnings
from tests.fuzz.targets import TARGETS

EXAMPLES = {"arguments": 15, "technology": 60, "settings": 60}


@pytest.mark.parametrize(
    "path", sorted(p for p in CORPUS.glob("*/*") if p.is_file()), ids=lambda p: f"{p.parent.name}-{p.name}"
)
def test_a_finding_stays_settled(path):
    TARGETS[path.parent.name](path.read_bytes())


@pytest.mark.parametrize("name", list(TARGETS))
def test_the_beginnings_pass(name):
    for data in beginnings(name):
        TARGETS[name](data)


@pytest.mark.parametrize("name", list(TARGETS))
def test_inputs_made_of_its_words(name):
    pieces = st.sampled_from([f.encode("utf-8" if name != "packed" else "latin-1") for f in FRAGMENTS[name]])
    piece = st.one_of(pieces, pieces, st.binary(max_size=6))
    glue = b"\n" if name == "arguments" else b" " if name == "query" else b""

    @settings(max_examples=EXAMPLES.get(name, 200), suppress_health_check=list(HealthCheck))
    @given(st.one_of(st.lists(piece, max_size=40).map(glue.join), st.integers(0, 2**32).map(_mutated(name))))
    def holds(data):
        TARGETS[name](data)

    holds()


def _mutated(name):
    """Return a function that hurts a good input, another way for each number."""
    originals = beginnings(name)

    @functools.wraps(_mutated)
    def mutate(seed):
        chance = random.Random(seed)
        data = bytearray(chance.choice(originals))
        for _ in range(chance.randint(1, 4)):
            at = chance.randrange(len(data) + 1)
            kind = chance.randrange(4)
            if kind == 0:
                del data[at : at + chance.randint(1, 20)]
            elif kind == 1:
                data[at:at] = chance.choice(FRAGMENTS[name]).encode("latin-1", "replace")
            elif kind == 2:
                data[at:at] = bytes(data[at : at + chance.randint(1, 60)]) * chance.randint(1, 8)
            elif at < len(data):
                data[at] = chance.randrange(256)
        return bytes(data)

    return mutate


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("query", b"laser OR "),
        ("query", b"(a AND topic:T1) OR "),
        ("query", b"NOT "),
        ("query", b'"a b c" NEAR/3 (x OR y) AND '),
        ("query", b"("),
        ("query", b"a*"),
        ("technology", b"["),
        ("technology", b"x = [1, 2]\n"),
        ("settings", b"[a]\n"),
        ("settings", b"a = {b = "),
        ("records", b"{"),
        ("records", b"[" * 50 + b"\n"),
        ("records", b'{"id":"W1","publication_year":1,"type":"x","cited_by_count":0,"authorships":[]}\n'),
        ("records", b"\n"),
        ("packed", b"\x1f\x8b"),
        ("page", b'{"authorships":['),
    ],
)
def test_time_grows_with_the_length(name, unit):
    """Up to a hundred kilobytes of the same; a target says itself where it takes too long."""
    taken = []
    for size in (25_000, 100_000):
        begun = time.process_time()
        TARGETS[name](unit * (size // len(unit)))
        taken.append(time.process_time() - begun)
    assert taken[1] < 8 * taken[0] + 0.5, taken


@pytest.mark.parametrize("name", ["technology", "settings"])
def test_a_file_that_is_too_long_to_be_read_in_time_is_not_read(name):
    """The time of a dotted key grows with the square of its length; 200 KB of it took six seconds."""
    begun = time.process_time()
    TARGETS[name](b"a.b.c.d." * 25_000)
    assert time.process_time() - begun < 0.5
