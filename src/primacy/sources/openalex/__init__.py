"""OpenAlex: snapshot files of every generation since 2022, made rows of the lake."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from primacy.sources.openalex.pulling import pull
    from primacy.sources.openalex.summary import Progress, PullSummary

__all__ = ["Progress", "PullSummary", "pull"]


def __getattr__(name: str) -> Any:
    # The processes that read files need none of this, and start sooner without the lake's engine.
    if name == "pull":
        from primacy.sources.openalex.pulling import pull

        return pull
    if name in __all__:
        from primacy.sources.openalex import summary

        return getattr(summary, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
