"""The facts of the exchange rates: one table, its key and what is asked again."""

from __future__ import annotations

from ingestion.sources.fx_rates.settings import FxRatesSettings
from ingestion.spec import SourceSpec, Table

# The bank may correct a rate for some days.
RESTATEMENT_DAYS = 7

FX_RATES = Table(
    "fx_rates",
    "One row per currency and day on which the bank published its rate.",
    {"quote_currency_code": "text", "rate_date": "date", "rate": "decimal"},
    primary_key=("quote_currency_code", "rate_date"),
    cursor="rate_date",
    restatement_days=RESTATEMENT_DAYS,
    replace_by=("rate_date",),
)

SPEC = SourceSpec(
    name="fx_rates",
    description="Daily reference exchange rates of the euro, by the European Central Bank.",
    settings=FxRatesSettings,
    tables=(FX_RATES,),
    setup_hint="Nothing has to be set: the rates are public",
)
