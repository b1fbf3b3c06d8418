"""The audit of a workspace: what must hold from the lines of the sources to the rows of the results.

One module per stretch of the way: ``files`` (bytes, schemas, versions), ``ledger`` (lines of the sources to works),
``relations`` (keys, and rows that point at rows), ``memberships`` (works to technologies), ``results`` (manifests and
their files) and ``research`` (memberships to cells, scores and shares).
"""

from __future__ import annotations
