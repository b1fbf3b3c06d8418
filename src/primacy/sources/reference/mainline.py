"""The ATOM project's list of mainline models: first-party weights after ChatGPT, without re-packs."""

from __future__ import annotations

from functools import cache

from primacy.sources.reference.shipped import shipped_rows

__all__ = ["listed_parameters", "mainline_models", "release_dates"]


_FILE = "mainline_models.csv"


@cache
def mainline_models() -> frozenset[str]:
    """Return the ids of the models on the list, primary and extra.

    Examples
    --------
    >>> "Qwen/Qwen3-8B" in mainline_models(), "unsloth/Qwen3-8B-GGUF" in mainline_models()
    (True, False)
    """
    return frozenset(r["model_id"] for r in shipped_rows(_FILE) if r["list"])


@cache
def listed_parameters() -> dict[str, int]:
    """Return official sizes, in parameters, of models whose tensors say something else or nothing.

    Examples
    --------
    >>> listed_parameters()["deepseek-ai/DeepSeek-R1"]
    671000000000
    """
    return {
        r["model_id"]: round(float(r["total_parameters_billion"]) * 1e9)
        for r in shipped_rows(_FILE)
        if r["total_parameters_billion"]
    }


@cache
def release_dates() -> dict[str, str]:
    """Return the release day of models whose repository was made on another day.

    Examples
    --------
    >>> release_dates()["moonshotai/Kimi-K2-Thinking"]
    '2025-11-06'
    """
    return {r["model_id"]: r["released"] for r in shipped_rows(_FILE) if r["released"]}
