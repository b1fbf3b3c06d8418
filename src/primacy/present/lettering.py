"""Which letters the renderer of charts carries itself, and how to make it use no others.

The renderer holds Liberation Sans. Where the system has fonts as well it prefers those, and opens their files anew for
each letter that it measures or draws: four times slower, and a chart's bytes then depend on the machine. A process that
draws many charts is therefore started in :func:`own_fonts`; what :func:`covered` says it cannot write goes to a process
that has the system's fonts.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

__all__ = ["covered", "own_fonts"]

_BEYOND = re.compile(
    "[^\n\x20-\x7e\xa0-\u017f"
    "\u0386\u0388-\u038a\u038c\u038e-\u03a1\u03a3-\u03ce\u0400-\u045f"
    "\u200b\u2013-\u2015\u2018-\u201e\u2020-\u2022\u2026\u2032\u2033\u20ac\u2122\u2190-\u2193\u2212\u2264\u2265]"
)
"""What Liberation Sans may lack: all but Latin, Greek and Cyrillic letters and the signs that texts use."""
_NO_FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig><dir>{directory}</dir></fontconfig>
"""


def covered(text: str) -> bool:
    """Return whether the renderer can write a text with the font that it carries.

    Examples
    --------
    >>> covered("Universität Łódź, Αθήνα, Москва – 20 %"), covered("清华大学")
    (True, False)
    """
    return _BEYOND.search(text) is None


@contextmanager
def own_fonts() -> Iterator[Mapping[str, str]]:
    """Yield the environment for a process whose renderer knows no fonts but its own."""
    with TemporaryDirectory(prefix="primacy-fonts-") as made:
        nothing = Path(made) / "none"
        nothing.mkdir()
        configuration = Path(made) / "fonts.conf"
        configuration.write_text(_NO_FONTS.format(directory=nothing), encoding="utf-8")
        yield {**os.environ, "FONTCONFIG_FILE": str(configuration)}
