"""What electricity costs and how much carbon it carries in the simulated world; round figures."""

from __future__ import annotations

from pathlib import Path

from primacy.simulate.files import write_csv, write_json

_RETAIL = {
    "United States (Texas)": 0.066,
    "United States (Virginia)": 0.105,
    "China": 0.088,
    "France": 0.166,
    "Germany": 0.273,
    "Japan": 0.165,
    "India": 0.118,
    "Korea (Republic of)": 0.125,
    "United Arab Emirates": 0.110,
}
_WHOLESALE = {
    "US-TEX-ERCO": 28.0,
    "US-MIDA-PJM": 36.0,
    "FR": 62.0,
    "DE-LU": 85.0,
    "JP-TK": 87.0,
    "IN-WE": 51.0,
}
_CARBON = {
    "USA": 0.38,
    "CHN": 0.56,
    "FRA": 0.06,
    "DEU": 0.36,
    "JPN": 0.48,
    "IND": 0.71,
    "KOR": 0.42,
    "ARE": 0.40,
}


def write_power(directory: Path) -> None:
    """Write retail and wholesale prices and the carbon of the grids."""
    write_csv(
        directory / "retail_electricity.csv",
        ("country", "customer_type", "period", "price_local", "currency", "usd_per_kwh", "note"),
        [(place, "business", "2025", None, "USD", price, "simulated") for place, price in _RETAIL.items()],
    )
    write_csv(
        directory / "wholesale_electricity.csv",
        ("region", "hours", "mean_usd_per_mwh", "median_usd_per_mwh", "pct_negative_hours"),
        [(zone, 8784, price, price - 2, 0.0) for zone, price in _WHOLESALE.items()],
    )
    mixes = [
        {"name": code, "adpe": 1e-7, "pe": 9.0, "gwp": carbon, "wue": 3.0, "warnings": ["simulated"]}
        for code, carbon in _CARBON.items()
    ]
    write_json(directory / "electricity_mixes.json", {"simulated": True, "electricity_mixes": mixes})
