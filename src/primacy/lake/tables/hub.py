"""Tables that come from the Hugging Face Hub and from lists of its organisations."""

from __future__ import annotations
