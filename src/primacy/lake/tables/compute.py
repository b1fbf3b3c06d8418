"""Tables that come from files on chips, clusters, token prices, power and measured energy."""

from __future__ import annotations
