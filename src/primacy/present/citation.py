"""How to cite a result: as BibTeX, as a Citation File (CFF 1.2), and as a sentence.

A citation names the table, a digest of its rows, the version of the lake and of the code, so that a reader can tell
whether another copy is the same. It has no date unless one is given: the same results have the same citation.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from primacy._version import __version__
from primacy.errors import UsageError
from primacy.present.origin import Origin, Source
from primacy.technologies.technology import Technology

__all__ = ["STYLES", "Citation", "Style", "day"]

Style = Literal["text", "bibtex", "cff"]
STYLES: tuple[Style, ...] = get_args(Style)
SOFTWARE = "primacy: who leads each critical technology, how far and how surely"


def day(text: str | None) -> str | None:
    """Return a date given by a user, checked.

    Raises
    ------
    UsageError
        It is no date of the form 2026-11-24.
    """
    if text is None:
        return None
    try:
        return datetime.date.fromisoformat(text).isoformat() if len(text) == 10 else _no_date(text)
    except ValueError:
        return _no_date(text)


def _no_date(text: str) -> str:
    raise UsageError(f"--published {text}: give a date such as 2026-11-24")


@dataclass(frozen=True)
class Citation:
    """What is cited.

    Attributes
    ----------
    origins
        The tables; none for the program itself.
    technology
        The technology whose rows are meant; all where None.
    published
        A date, ISO 8601.
    """

    origins: Sequence[Origin] = ()
    technology: Technology | None = None
    published: str | None = None

    def __str__(self) -> str:
        return self.text()

    def render(self, style: Style) -> str:
        """Return the citation in a style; ends with a line break."""
        ways: Mapping[Style, Callable[[], str]] = {"text": self.text, "bibtex": self.bibtex, "cff": self.cff}
        return ways[style]()

    @property
    def title(self) -> str:
        """What is cited, as a title."""
        if not self.origins:
            return SOFTWARE
        if len(self.origins) == 1:
            whole = self.origins[0].title
        else:
            studies = list(dict.fromkeys(o.study for o in self.origins))
            of = f"{studies[0]} study" if len(studies) == 1 else f"studies {', '.join(studies)}"
            whole = f"primacy, {len(self.origins)} result tables of the {of}{self._mark}"
        if self.technology is not None:
            whole += f", {self.technology.name} (definition {self.technology.version})"
        return whole

    @property
    def simulated(self) -> bool:
        """Whether any of the tables is of a made-up world."""
        return any(o.simulated for o in self.origins)

    @property
    def version(self) -> str:
        """The version of what is cited: a digest of the rows, or the version of the program."""
        if len(self.origins) == 1:
            return self.origins[0].version
        digests = ";".join(f"{o.table}:{o.sha256}" for o in self.origins)
        return hashlib.sha256(digests.encode()).hexdigest()[:12] if digests else __version__

    @property
    def semantic_version(self) -> str:
        """The program's version with the digest of the rows as its build: what formats that want three numbers get."""
        return f"{__version__}+{self.version}" if self.origins else __version__

    @property
    def sources(self) -> list[Source]:
        """Whose data it stands on."""
        return list(dict.fromkeys(s for o in self.origins for s in o.sources))

    @property
    def key(self) -> str:
        """The key of the BibTeX entry."""
        if not self.origins:
            return f"primacy_{__version__.replace('.', '_')}"
        names = [self.origins[0].table if len(self.origins) == 1 else "results", self.version]
        if self.technology is not None:
            names.insert(1, self.technology.id)
        return re.sub(r"[^A-Za-z0-9]+", "_", "primacy_" + "_".join(names))

    @property
    def _mark(self) -> str:
        return " (SIMULATED DATA)" if self.simulated else ""

    @property
    def _versions(self) -> str:
        if not self.origins:
            return f"version {__version__}"
        codes = sorted({f"{o.primacy} ({o.source})" for o in self.origins})
        lakes = sorted({o.lake_version for o in self.origins if o.lake_version is not None})
        parts = [f"computed with primacy {', '.join(codes)}", *(f"lake version {v}" for v in lakes)]
        parts.append(f"rows {self.version}")
        return ", ".join(parts)

    def text(self) -> str:
        """Return one sentence."""
        when = f" ({self.published[:4]})" if self.published else ""
        whole = f"{self.title}{when}. {self._versions[:1].upper()}{self._versions[1:]}."
        data = "; ".join(s.reference or f"{s.title}, {s.url}" for s in self.sources)
        return f"{whole} Data: {data}.\n" if data else f"{whole}\n"

    def bibtex(self) -> str:
        """Return a BibTeX entry, and one for each source that has a reference."""
        fields = {
            "author": "{primacy contributors}",
            "title": "{" + _tex(self.title) + "}",
            "version": _tex(self.version),
            "note": _tex(self._versions + self._mark),
        }
        if self.published:
            fields["year"], fields["month"], fields["day"] = self.published.split("-")
        kind = "misc" if self.origins else "software"
        lines = [f"@{kind}{{{self.key},", *(f"  {k} = {{{v}}}," for k, v in fields.items()), "}", ""]
        for source in self.sources:
            lines += [
                f"@misc{{{re.sub('[^a-z0-9]+', '_', source.title.casefold())},",
                f"  title = {{{_tex(source.title)}}},",
                f"  howpublished = {{\\url{{{source.url}}}}},",
                *([f"  note = {{{_tex(source.reference)}}},"] if source.reference else []),
                "}",
                "",
            ]
        return "\n".join(lines)

    def cff(self) -> str:
        """Return a Citation File; strings are written as JSON, which YAML contains."""
        lines = [
            "cff-version: 1.2.0",
            f"message: {_yaml('If you use these numbers, please cite them as below.')}",
            f"type: {'dataset' if self.origins else 'software'}",
            f"title: {_yaml(self.title)}",
            f"abstract: {_yaml(self._versions + self._mark)}",
            f"version: {_yaml(self.version)}",
            "authors:",
            f"  - name: {_yaml('primacy contributors')}",
        ]
        if self.published:
            lines.append(f"date-released: {self.published}")
        if not self.origins:
            lines.append("license: Apache-2.0")
        if self.sources:
            lines.append("references:")
        for source in self.sources:
            lines += [
                "  - type: data",
                f"    title: {_yaml(source.title)}",
                "    authors:",
                f"      - name: {_yaml(source.title)}",
                f"    url: {_yaml(source.url)}",
            ]
            if source.licence:
                lines.append(f"    license: {source.licence}")
            if source.reference:
                lines.append(f"    notes: {_yaml(source.reference)}")
        return "\n".join([*lines, ""])


def _yaml(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


_TEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\{",
        "}": r"\}",
        "&": r"\&",
        "%": r"\%",
        "$": r"\$",
        "#": r"\#",
        "_": r"\_",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        "\n": " ",
    }
)


def _tex(text: str) -> str:
    return text.translate(_TEX)
