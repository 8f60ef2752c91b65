"""The bank's files, as they are published."""

import datetime as dt
import io
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.columns import type_batch
from ingestion.errors import SettingsError
from ingestion.http import TornAnswerError
from ingestion.settings import load_section
from ingestion.sources.fx_rates.parsing import read_history, read_recent
from ingestion.sources.fx_rates.settings import FxRatesSettings
from ingestion.sources.fx_rates.spec import FX_RATES

FIXTURES = Path(__file__).parents[2] / "fixtures/fx_rates"


def packed(text):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("eurofxref-hist.csv", text)
    return stream.getvalue()


def by_key(rows):
    return {(row["rate_date"], row["quote_currency_code"]): row["rate"] for row in rows}


def test_the_history_has_a_row_for_every_rate_and_none_for_none():
    rates = by_key(read_history(packed((FIXTURES / "eurofxref-hist.csv").read_text())))
    assert rates["2024-04-26", "USD"] == "1.0714"
    assert rates["2021-12-01", "GBP"] == "0.85"
    assert rates["2019-04-09", "RUB"] == "73.0029"
    assert ("2024-04-26", "RUB") not in rates
    assert ("2024-04-26", "CYP") not in rates
    assert {currency for _, currency in rates}.isdisjoint({"", "Date"})
    assert sum(day == "2024-04-26" for day, _ in rates) == 30


def test_the_last_days_are_read_whichever_quotes_they_have():
    rates = by_key(read_recent((FIXTURES / "eurofxref-hist-90d.xml").read_bytes()))
    assert rates["2024-06-28", "HUF"] == "395.10"
    assert rates["2024-04-26", "GBP"] == "0.85643"
    assert len(rates) == 8


def test_rates_become_exact_decimals_and_days():
    rows = read_recent((FIXTURES / "eurofxref-hist-90d.xml").read_bytes())
    batch = type_batch(rows, FX_RATES.columns)
    assert not batch.variant_columns
    first = batch.table.to_pylist()[0]
    assert first["rate"] == Decimal("1.0705")
    assert first["rate_date"] == dt.date(2024, 6, 28)


@given(st.integers(0, 400))
def test_a_file_cut_anywhere_is_torn_and_never_half_read(cut):
    whole = packed((FIXTURES / "eurofxref-hist.csv").read_text())
    with pytest.raises(TornAnswerError):
        read_history(whole[:cut])
    xml = (FIXTURES / "eurofxref-hist-90d.xml").read_bytes()
    with pytest.raises(TornAnswerError):
        read_recent(xml[:cut])


@pytest.mark.parametrize("text", ["", "<html></html>", "Time,USD\n2024-01-01,1\n"])
def test_another_file_is_no_history(text):
    with pytest.raises(TornAnswerError):
        read_history(packed(text))


def test_a_wrong_address_is_named_by_its_variable(monkeypatch):
    monkeypatch.setenv("FX_RATES__BASE_URL", "ecb.europa.eu")
    with pytest.raises(SettingsError, match="FX_RATES__BASE_URL"):
        load_section(FxRatesSettings, env_file=None)
