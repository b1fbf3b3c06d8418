"""Fuzz one target guided by coverage, with atheris where it is installed::

    python -m tests.fuzz.run query -max_total_time=600

Options are libFuzzer's. What is found is written to ``crash-*``; put it into ``tests/fuzz/corpus/TARGET``.
"""

from __future__ import annotations

import sys
import tempfile


def main() -> None:
    """Fuzz the target that the first argument names."""
    import atheris  # no dependency of the tests, which read this module for its examples

    with atheris.instrument_imports(include=["primacy", "lark"]):
        from tests.fuzz import seeds, targets
    name = sys.argv[1]
    with tempfile.TemporaryDirectory() as corpus, tempfile.NamedTemporaryFile("w", suffix=".dict") as words:
        seeds.write(name, corpus)
        for word in seeds.FRAGMENTS[name]:
            escaped = "".join(f"\\x{byte:02x}" for byte in word.encode())
            words.write(f'"{escaped}"\n' if word else "")
        words.flush()
        own = ["-timeout=30", "-rss_limit_mb=3000", "-max_len=4096", "-len_control=0", f"-dict={words.name}"]
        atheris.Setup([sys.argv[0], *own, *sys.argv[2:], corpus], targets.TARGETS[name])
        atheris.Fuzz()


if __name__ == "__main__":
    main()
