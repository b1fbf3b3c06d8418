"""What can be said against a technology's queries without reading its hits.

``python -m primacy.technologies.lint [DIR | FILE]…`` prints the findings of a portfolio's files.

Checks (each is the name of a finding):

``file``
    The file cannot be used; an error.
``dead``
    A term that another one of the same OR-group covers: ``battery`` beside ``batter*``.
``repeated``
    A term that stands twice in one OR-group.
``acronym``
    A short word (four letters or fewer, or up to six capitals) that admits a work all alone.
``complement``
    A query that holds wherever something is absent: it matches nearly every text.
``prefix``
    A prefix of fewer than three letters.
``wildcard``
    ``?``, ``$`` or ``#`` in a term: other languages' wildcards, here a space.
``twin``
    Two technologies with the same query, or with the same term that admits a work all alone in both strict ones.
``escape``
    On given texts, works that the strict query finds and the broad one does not.
``accepted``
    An ``[[accepted]]`` entry that accepts nothing.
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from primacy.errors import InputError
from primacy.technologies.portfolio import DEFAULT, portfolio_files
from primacy.technologies.query import And, Near, Node, Not, Or, QuerySyntaxError, Within, Words, children
from primacy.technologies.technology import VARIANTS, Technology, Variant, load_technology

Hits: TypeAlias = Mapping[tuple[str, Variant], npt.NDArray[np.int64]]
"""Works by technology id and variant."""

CHECKS = frozenset(
    {"file", "dead", "repeated", "acronym", "complement", "prefix", "wildcard", "twin", "escape"}
)

Member: TypeAlias = tuple[Node, str]
"""A member of an OR-group and where it must hold: text, title or abstract."""

SHORT = 4
CAPITALS = 6
SHORTEST_PREFIX = 3


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that lint found.

    Attributes
    ----------
    technology
        Its id, or the file's name where it could not be loaded.
    query
        The variant; empty where the finding is about the whole technology.
    check
        Its name; see the module's description.
    term
        The term, as written; empty where there is none.
    message
        What is wrong.
    level
        ``error``, or ``warning``.
    reason
        Why it is meant, where the technology's file accepts it.
    """

    technology: str
    query: Variant | Literal[""]
    check: str
    term: str
    message: str
    level: Literal["error", "warning"] = "warning"
    reason: str = ""

    def __str__(self) -> str:
        place = f"{self.technology}, {self.query}" if self.query else self.technology
        return f"{place}: {self.check}: {self.message}"


def load_files(files: Iterable[Path]) -> tuple[list[Technology], list[Finding]]:
    """Load what can be loaded of some files; a file that cannot is a finding."""
    technologies: list[Technology] = []
    findings: list[Finding] = []
    for file in files:
        try:
            technologies.append(load_technology(file))
        except InputError as error:
            caret = f"\n{error.__cause__.caret()}" if isinstance(error.__cause__, QuerySyntaxError) else ""
            findings.append(Finding(file.stem, "", "file", "", f"{error}{caret}", "error"))
    return technologies, findings


def lint(technologies: Iterable[Technology], hits: Hits | None = None) -> list[Finding]:
    """Check technologies.

    Parameters
    ----------
    technologies
        A portfolio, or a part of it.
    hits
        For each id and variant, the works that the query finds in some texts: for the check ``escape``.

    Returns
    -------
    list of Finding
        By technology; those that a technology's file accepts carry its reason.
    """
    listed = sorted(technologies, key=lambda technology: technology.id)
    findings = [finding for technology in listed for finding in _of_one(technology)]
    findings += _twins(listed)
    if hits is not None:
        findings += _escapes(listed, hits)
    checked = CHECKS if hits is not None else CHECKS - {"escape"}
    return [finding for technology in listed for finding in _accept(technology, findings, checked)]


def _of_one(technology: Technology) -> Iterator[Finding]:
    for variant in VARIANTS:
        root = technology.query(variant).root

        def found(check: str, term: str, message: str, variant: Variant = variant) -> Finding:
            return Finding(technology.id, variant, check, term, message)

        if _holds_of_nothing(root):
            yield found(
                "complement", "", "holds of a text without any of its words, so it matches nearly all"
            )
        for words in alone(root):
            if len(words.words) == 1 and not words.prefix and _is_short(words):
                yield found(
                    "acronym",
                    words.written,
                    f"{words.written} admits a work all alone; guard it with context",
                )
        for node in _nodes(root):
            if isinstance(node, Words):
                if words_look_wild(node):
                    yield found(
                        "wildcard", node.written, f"{node.written} holds a character that is a space here"
                    )
                if node.prefix and len(node.words) == 1 and len(node.words[0]) < SHORTEST_PREFIX:
                    yield found("prefix", node.written, f"{node.written} begins very many words")
        for members, near in _groups(root):
            for term, check, other in _covered_in(members, near=near):
                verb = "stands twice in" if check == "repeated" else f"is covered by {other} in"
                yield found(check, term, f"{term} {verb} one OR-group")


def words_look_wild(words: Words) -> bool:
    """Whether a term holds a character that other query languages take for a wildcard."""
    return re.search(r"\w[?$#]|[?$#]\w", words.written) is not None


def alone(node: Node) -> Iterator[Words]:
    """Yield the terms that admit a work all alone: no AND, NEAR or field asks for anything else."""
    match node:
        case Words():
            yield node
        case Or(parts):
            for part in parts:
                yield from alone(part)
        case And(parts):
            held = [part for part in parts if not isinstance(part, Not)]
            if len(held) == 1:
                yield from alone(held[0])
        case Within(_, part):
            yield from alone(part)
        case _:
            return


def _is_short(words: Words) -> bool:
    word = words.words[0]
    return len(word) <= SHORT or (words.written.isupper() and len(word) <= CAPITALS)


def _holds_of_nothing(node: Node) -> bool:
    """Whether a query holds of a text that has none of its words."""
    match node:
        case And(parts):
            return all(map(_holds_of_nothing, parts))
        case Or(parts):
            return any(map(_holds_of_nothing, parts))
        case Not(part):
            return not _holds_of_nothing(part)
        case Within(_, part):
            return _holds_of_nothing(part)
        case _:
            return False


def _nodes(node: Node) -> Iterator[Node]:
    yield node
    for child in children(node):
        yield from _nodes(child)


# ---- terms that other terms cover -----------------------------------------------------------------------


def _groups(node: Node, place: str = "text", near: bool = False) -> Iterator[tuple[list[Member], bool]]:
    """Yield each OR-group, with the groups inside it as one; and whether it is a side of a NEAR."""
    if isinstance(node, Or):
        members = list(_members(node, place))
        yield members, near
        for member, inner in members:
            yield from _groups(member, inner)
        return
    inner = node.field if isinstance(node, Within) else place
    for child in children(node):
        yield from _groups(child, inner, isinstance(node, Near))


def _members(node: Node, place: str) -> Iterator[Member]:
    match node:
        case Or(parts):
            for part in parts:
                yield from _members(part, place)
        case Within(field, part) if isinstance(part, Words | Or):
            yield from _members(part, field)
        case _:
            yield node, place


class _Index:
    """The terms of an OR-group, by what they cover.

    Beside a NEAR a term covers only terms of as many words: a longer one reaches farther.
    """

    def __init__(self, members: Iterable[Member], *, near: bool) -> None:
        self.near = near
        self.exact: dict[tuple[str, tuple[str, ...]], list[Words]] = defaultdict(list)
        self.prefix: dict[tuple[str, tuple[str, ...]], list[Words]] = defaultdict(list)
        for node, place in members:
            if isinstance(node, Words):
                (self.prefix if node.prefix else self.exact)[place, node.words].append(node)

    def covering(self, words: Words, place: str, *, other_than_itself: bool) -> Words | None:
        """Return a term that matches wherever this one does."""
        for where in dict.fromkeys((place, "text")):
            for first in range(len(words.words)):
                for last in range(first + 1, len(words.words) + 1):
                    if self.near and last - first < len(words.words):
                        continue
                    part = words.words[first:last]
                    if last < len(words.words) or not words.prefix:
                        for other in self.exact.get((where, part), ()):
                            if not other_than_itself or other != words or where != place:
                                return other
                    for size in range(1, len(part[-1]) + 1):
                        for other in self.prefix.get((where, (*part[:-1], part[-1][:size])), ()):
                            if not other_than_itself or other != words or where != place:
                                return other
        return None

    def covering_all(self, node: Node, place: str) -> Words | None:
        """Return a term that matches wherever a part of a group does."""
        match node:
            case Words():
                return self.covering(node, place, other_than_itself=False)
            case Or(parts):
                others = [self.covering_all(part, place) for part in parts]
                return others[0] if all(others) else None
            case And(parts):
                return next(filter(None, (self.covering_all(part, place) for part in parts)), None)
            case Near(left, right):
                return self.covering_all(left, place) or self.covering_all(right, place)
            case Within(field, part):
                return self.covering_all(part, field)
            case _:
                return None


def _covered_in(members: list[Member], *, near: bool) -> Iterator[tuple[str, str, str]]:
    """Yield (term, check, covering term) of what an OR-group would not miss."""
    index = _Index(members, near=near)
    seen: set[Member] = set()
    for node, inner in members:
        if (node, inner) in seen:
            yield _short(node), "repeated", ""
            continue
        seen.add((node, inner))
        if isinstance(node, Words):
            other = index.covering(node, inner, other_than_itself=True)
        else:
            other = index.covering_all(node, inner)
        if other is not None:
            yield _short(node), "dead", other.written


def _short(node: Node) -> str:
    if isinstance(node, Words):
        return " ".join(node.written.split())
    first = next(leaf for leaf in _nodes(node) if isinstance(leaf, Words))
    return f"the group with {first.written}"


# ---- several technologies -------------------------------------------------------------------------------


def _twins(technologies: list[Technology]) -> Iterator[Finding]:
    roots: dict[Node, list[str]] = defaultdict(list)
    terms: dict[Words, list[str]] = defaultdict(list)
    for technology in technologies:
        for root in dict.fromkeys((technology.strict.root, technology.broad.root)):
            roots[root].append(technology.id)
        for words in dict.fromkeys(alone(technology.strict.root)):
            terms[words].append(technology.id)
    for owners in roots.values():
        if len(owners) > 1:
            yield Finding(owners[0], "", "twin", "", f"has a query in common with {', '.join(owners[1:])}")
    for words, owners in terms.items():
        if len(owners) > 1:
            message = f"{words.written} alone admits a work to this one and to {', '.join(owners[1:])}"
            yield Finding(owners[0], "strict", "twin", words.written, message)


def _escapes(technologies: list[Technology], hits: Hits) -> Iterator[Finding]:
    for technology in technologies:
        strict, broad = (hits[technology.id, variant] for variant in VARIANTS)
        missed = int(np.isin(strict, broad, invert=True).sum())
        if missed:
            message = f"broad misses {missed:,} of the {len(strict):,} works that strict finds"
            yield Finding(technology.id, "", "escape", "", message)


def _accept(technology: Technology, findings: list[Finding], checked: frozenset[str]) -> Iterator[Finding]:
    """Yield the findings on a technology; those that its file accepts with the reason."""
    used = set()
    for finding in findings:
        if finding.technology != technology.id:
            continue
        for accepted in technology.accepted:
            if accepted.check == finding.check and accepted.term in ("", finding.term):
                used.add(accepted)
                finding = replace(finding, reason=accepted.reason)
        yield finding
    for accepted in technology.accepted:
        if accepted not in used and (accepted.check in checked or accepted.check not in CHECKS):
            named = f"{accepted.check} {accepted.term}".strip()
            yield Finding(technology.id, "", "accepted", accepted.term, f"{named} is accepted but not found")


def main(arguments: list[str]) -> int:
    """Check the directories and files that are named; without any, the bundled portfolio."""
    files: list[Path] = []
    for target in map(Path, arguments or [str(DEFAULT)]):
        files += portfolio_files(target) if target.is_dir() else [target]
    technologies, findings = load_files(files)
    findings += lint(technologies)
    open_ = [finding for finding in findings if not finding.reason]
    for finding in open_:
        sys.stdout.write(f"{finding}\n")
    errors = sum(finding.level == "error" for finding in findings)
    explained = len(findings) - len(open_)
    sys.stdout.write(
        f"{len(files)} files: {errors} errors, {len(open_) - errors} warnings, {explained} explained\n"
    )
    return 1 if errors else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
