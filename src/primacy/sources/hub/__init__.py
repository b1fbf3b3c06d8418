"""The Hugging Face Hub: dumps and the live API, as dated snapshots of models, counters and declared parents.

:mod:`primacy.sources.hub.pull` is where to begin. It is not imported here: the Hub's client is slow to import, and
most of what reads the lake never speaks to the Hub.
"""

from __future__ import annotations
