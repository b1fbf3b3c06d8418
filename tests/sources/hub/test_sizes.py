from __future__ import annotations

import pytest

from primacy.sources.hub.sizes import PARAMETER_LIMIT, Size, size_of


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("Qwen2.5-7B-Instruct", 7_000_000_000),
        ("Qwen1.5-0.5B", 500_000_000),
        ("opt-125m", 125_000_000),
        ("Mixtral-8x7B-v0.1", 56_000_000_000),
        ("Qwen3-235B-A22B", 235_000_000_000),
        ("Kimi-1T", 10**12),
        ("model-4bit", None),
        ("wav2vec2-large-960h", None),
        ("llama-v2.0b", None),
        ("bert-base-uncased", None),
    ],
)
def test_sizes_in_names(name, parameters):
    assert size_of(f"a/{name}", None, None).parameters == parameters


def test_the_order_of_trust():
    tensors = {"parameters": {"BF16": 100}, "total": 100}
    packed = {"parameters": {"I32": 100, "F16": 3}, "total": 103}
    header = {"total": 90}
    assert size_of("deepseek-ai/DeepSeek-R1", tensors, header) == Size(671_000_000_000, "listed", "bf16")
    assert size_of("a/b-1B", tensors, header) == Size(100, "safetensors", "bf16")
    assert size_of("a/b-1B", packed, header) == Size(90, "gguf", "packed")
    assert size_of("a/b-1B", packed, None) == Size(10**9, "name", "packed")
    assert size_of("a/b", packed, None) == Size(103, "packed", "packed")
    assert size_of("a/b", None, None, ["gguf"]) == Size(None, None, "gguf")


@pytest.mark.parametrize("total", [-(2**31), 0, PARAMETER_LIMIT + 1, "7B", None, True, 1.5])
def test_damaged_totals_are_missing(total):
    assert size_of("a/b", None, {"total": total}).parameters is None


def test_a_map_of_counts_is_read_like_a_structure():
    assert size_of("a/b", {"parameters": [("F32", 5), ("I64", None)]}, None) == Size(5, "safetensors", "fp32")
