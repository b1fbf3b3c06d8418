"""The columns of the result tables on people, as schemas; what they mean says :mod:`primacy.studies.tables.people`."""

from __future__ import annotations

import pyarrow as pa

from primacy.studies.tables import people as declared

__all__ = ["BALANCES", "CAREERS", "DISAMBIGUATION", "FLOWS", "STOCKS"]

STOCKS: pa.Schema = declared.STOCKS.arrow
FLOWS: pa.Schema = declared.FLOWS.arrow
BALANCES: pa.Schema = declared.BALANCES.arrow
CAREERS: pa.Schema = declared.CAREERS.arrow
DISAMBIGUATION: pa.Schema = declared.DISAMBIGUATION.arrow
