"""``primacy.toml``: the settings of a workspace."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from primacy.errors import InputError, UsageError
from primacy.measures.method import Method, Window
from primacy.sources.openalex.release import MAX_SHRINK
from primacy.studies.institutions.choices import Choices

__all__ = ["FILE", "TEMPLATE", "Settings"]

FILE = "primacy.toml"
LONGEST = 64 << 10
"""How many bytes the file may have: reading TOML takes time that grows with the square of a key's length."""

TEMPLATE = """\
# Settings of this workspace. Every line that starts with # states a default.

# The technologies: a directory of ID.toml files. The 74 critical technologies where it is left out.
# portfolio = "portfolio"

# How shares are computed. `primacy shares --help` explains each.
[method]
# top = 0.10                    # 0.01, 0.05, 0.10 or 0.25 of each cell's works count as highly cited
# ties = "fractional"           # include, exclude
# scope = "year"                # window
# counting = "fractional"       # full, first, corresponding
# split = "institution"         # affiliation
# missing = "renormalise"       # lose
# types = ["article", "review", "conference-paper"]
# territories = "merge"         # separate: Hong Kong and Macao apart from China
# rollup = false                # institutions count as their topmost ancestors
# exclude_domestic = false      # citations from the cited work's own countries do not count
# include_xpac = false          # OpenAlex's expansion set counts too
# thresholds = "fixed"          # recomputed: found anew in every replicate
# replicates = 1000             # of the bootstrap; 0: no intervals
# seed = 0

# The years over which shares are summed. Five-year windows back from the last year where left out.
[research]
# windows = ["2015-2019", "2020-2024"]

# Whose articles count in the institutions study, and whose they are; docs/institutions.md explains each.
[institutions]
# basket = "nature-index-178"   # nature-index-82, nature-index-145; or a file "basket.csv"
# split = "institution"         # affiliation
# rollup = "none"               # parents, systems: institutions count as their topmost ancestors
# division = "before"           # after: with a roll-up, divide among units rather than institutions
# attribution = "mine.csv"      # exceptions to the roll-up, in place of those that ship
# denominators = "heads.csv"    # unit, year and columns to relate Shares to, such as researchers
# compare = ["nature-index-82"] # other lists to compare with; all that ship where left out

# Where `primacy pull openalex` finds OpenAlex.
[openalex]
# s3_endpoint = "https://s3.example.org"  # the server of s3:// addresses; AWS where left out
# api = "https://api.openalex.org"        # of --api
# mailto = "you@example.org"              # told to the API, so that OpenAlex can reach you

# How the assessment joins the other studies; docs/assessment.md has the file that ships.
[assessment]
# definition = "assessment.toml"

# What a pull may take away: a release that looks broken is refused, unless forced.
[lake]
# max_shrink = 0.1              # the share of the works, or of another entity

# What computes: DuckDB in this process, or Spark Connect.
[engine]
# name = "duckdb"               # spark
# remote = "sail"               # a local Sail server; or "sc://host:port"
# copy = "s3://bucket/lake"     # the lake's directory as the Spark server sees it; the same path where left out
# threads = 2                   # of DuckDB; all cores where left out
"""


@dataclass(frozen=True)
class EngineSettings:
    """What computes: ``name`` duckdb or spark; ``remote`` and ``copy`` for spark; ``threads`` for duckdb."""

    name: str = "duckdb"
    remote: str | None = None
    threads: int | None = None
    copy: str | None = None


@dataclass(frozen=True)
class OpenAlexSettings:
    """Where OpenAlex is found.

    Parameters
    ----------
    s3_endpoint
        The server of ``s3://`` addresses; AWS where None.
    api
        The address of the API; OpenAlex's own where None.
    mailto
        An e-mail address told to the API; that in ``OPENALEX_MAILTO`` where None.
    """

    s3_endpoint: str | None = None
    api: str | None = None
    mailto: str | None = None


@dataclass(frozen=True)
class InstitutionSettings:
    """The institutions study.

    Parameters
    ----------
    basket
        Id of a shipped basket, or a file; None: the newest that ships, or the simulated world's own.
    choices
        How credit is given; replicates and seed are those of the method.
    attribution
        A file of exceptions to the roll-up; those that ship where None.
    denominators
        A file of what Shares are related to.
    compare
        Ids or files of other baskets; None: all that ship.
    """

    basket: str | Path | None = None
    choices: Choices = field(default_factory=Choices)
    attribution: Path | None = None
    denominators: Path | None = None
    compare: tuple[str | Path, ...] | None = None


@dataclass(frozen=True)
class Settings:
    """The settings of a workspace.

    Parameters
    ----------
    portfolio
        Directory of technology files; the project's 74 where None.
    method
        How shares are computed.
    windows
        Windows of the research study; None: five-year windows back from the last year.
    institutions
        The basket and the choices of the institutions study.
    openalex
        Where OpenAlex is found.
    assessment
        A file that defines the assessment; the one that ships where None.
    max_shrink
        The share of an entity that a pull may take away.
    engine
        What computes.
    """

    portfolio: Path | None = None
    method: Method = field(default_factory=Method)
    windows: tuple[Window, ...] | None = None
    institutions: InstitutionSettings = field(default_factory=InstitutionSettings)
    openalex: OpenAlexSettings = field(default_factory=OpenAlexSettings)
    assessment: Path | None = None
    max_shrink: float = MAX_SHRINK
    engine: EngineSettings = field(default_factory=EngineSettings)

    @classmethod
    def read(cls, path: Path) -> Settings:
        """Read a settings file.

        Raises
        ------
        InputError
            It is no TOML, or a key or a value is wrong; the text names the file and the key.
        """
        try:
            if path.stat().st_size > LONGEST:
                raise InputError(f"{path}: has more than {LONGEST >> 10} KiB; settings need no more")
            raw = tomllib.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise InputError(f"{path}: not valid TOML ({error})") from error
        except RecursionError as error:
            raise InputError(f"{path}: not valid TOML (nested too deeply)") from error
        except OSError as error:
            raise InputError(f"{path}: cannot be read ({error.strerror})") from error
        readers: dict[str, Callable[[Any], Any]] = {
            "portfolio": lambda v: path.parent / _text(v, "portfolio"),
            "method": lambda v: Method.from_options(_section(v, "method")),
            "research": _windows,
            "institutions": lambda v: _institutions(v, path.parent),
            "openalex": _openalex,
            "assessment": lambda v: _assessment(v, path.parent),
            "lake": _max_shrink,
            "engine": _engine,
        }
        names = {"research": "windows", "lake": "max_shrink"}
        values: dict[str, Any] = {}
        for key, value in raw.items():
            if key not in readers:
                raise InputError(f"{path}: unknown key '{key}'; there are {', '.join(sorted(readers))}")
            try:
                values[names.get(key, key)] = readers[key](value)
            except UsageError as error:
                raise InputError(f"{path}: [{key}] {error}") from error
        return cls(**values)


def _text(value: object, key: str) -> str:
    if not isinstance(value, str) or not value:
        raise UsageError(f"{key} {value!r}: takes a text")
    return value


def _section(value: object, key: str, *known: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise UsageError(f"{value!r}: write it as a section, [{key}]")
    for name in value:
        if known and name not in known:
            raise UsageError(f"unknown key '{name}'; there are {', '.join(known)}")
    return value


def _windows(value: object) -> tuple[Window, ...] | None:
    section = _section(value, "research", "windows")
    if "windows" not in section:
        return None
    given = section["windows"]
    if not isinstance(given, list) or not given or not all(isinstance(w, str) for w in given):
        raise UsageError(f'windows {given!r}: takes a list such as ["2015-2019", "2020-2024"]')
    return tuple(sorted({Window.parse(w) for w in given}))


def _institutions(value: object, directory: Path) -> InstitutionSettings:
    choices = ("split", "rollup", "division")
    section = _section(value, "institutions", "basket", *choices, "attribution", "denominators", "compare")
    others = section.get("compare")
    if others is not None and (not isinstance(others, list) or not all(isinstance(o, str) for o in others)):
        raise UsageError(f'compare {others!r}: takes a list such as ["nature-index-82"]')
    files = {k: directory / _text(section[k], k) for k in ("attribution", "denominators") if k in section}
    return InstitutionSettings(
        basket=_basket(_text(section["basket"], "basket"), directory) if "basket" in section else None,
        choices=Choices().with_options({k: section[k] for k in choices if k in section}),
        attribution=files.get("attribution"),
        denominators=files.get("denominators"),
        compare=None if others is None else tuple(_basket(o, directory) for o in others),
    )


def _basket(name: str, directory: Path) -> str | Path:
    """Return the id of a basket as it is, a file's name as a path from the settings' directory."""
    return directory / name if name.endswith((".csv", ".toml")) else name


def _openalex(value: object) -> OpenAlexSettings:
    section = _section(value, "openalex", "s3_endpoint", "api", "mailto")
    addresses = {k: _address(section[k], k) for k in ("s3_endpoint", "api") if k in section}
    return OpenAlexSettings(
        **addresses, mailto=_text(section["mailto"], "mailto") if "mailto" in section else None
    )


def _address(value: object, key: str) -> str:
    address = _text(value, key)
    if not address.startswith(("http://", "https://")):
        raise UsageError(f"{key} {address!r}: takes an address such as https://example.org")
    return address


def _assessment(value: object, directory: Path) -> Path | None:
    section = _section(value, "assessment", "definition")
    return directory / _text(section["definition"], "definition") if "definition" in section else None


def _max_shrink(value: object) -> float:
    share = _section(value, "lake", "max_shrink").get("max_shrink", MAX_SHRINK)
    if isinstance(share, bool) or not isinstance(share, (int, float)) or not 0 <= share <= 1:
        raise UsageError(f"max_shrink {share!r}: takes a share from 0 to 1")
    return float(share)


def _engine(value: object) -> EngineSettings:
    section = _section(value, "engine", "name", "remote", "threads", "copy")
    name = section.get("name", "duckdb")
    if name not in ("duckdb", "spark"):
        raise UsageError(f"name {name!r}: takes duckdb or spark")
    threads = section.get("threads")
    if threads is not None and (isinstance(threads, bool) or not isinstance(threads, int) or threads < 1):
        raise UsageError(f"threads {threads!r}: takes a whole number from 1")
    remote = section.get("remote")
    if remote is not None and not (remote == "sail" or str(remote).startswith("sc://")):
        raise UsageError(f'remote {remote!r}: takes "sail" or "sc://host:port"')
    copy = _text(section["copy"], "copy") if "copy" in section else None
    return EngineSettings(name=name, remote=remote, threads=threads, copy=copy)
