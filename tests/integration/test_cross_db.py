"""What the dialect macros give, as text, on every engine: the same."""

import json

import pytest

from tests.integration import shop

pytestmark = pytest.mark.integration

EXPECTED = {
    # Five million at 1.5: a product of two 18-digit decimals would overflow.
    "money_multiply('cast(5000000 as numeric(18,4))', '1.5')": "7500000.0000",
    "money_multiply('cast(12345678.1234 as numeric(18,4))', '0.12345678')": "1524157.6680",
    # Ties go away from zero.
    "money_multiply('1.0001', '0.5')": "0.5001",
    "money_multiply('-1.0001', '0.5')": "-0.5001",
    "money_multiply('cast(null as numeric(18,4))', '2')": None,
    "money_share('cast(100 as numeric(18,4))', '1', '3')": "33.3333",
    "money_share('cast(10.0001 as numeric(18,4))', '1', '2')": "5.0001",
    "money_share('cast(-10.0001 as numeric(18,4))', '1', '2')": "-5.0001",
    "money_share('100', '1', '0')": None,
    "safe_divide('7', '2')": "3.5",
    "safe_divide('cast(1 as numeric(18,4))', 'cast(8 as bigint)')": "0.125",
    "safe_divide('1', '0')": None,
    "safe_divide('1', 'cast(null as integer)')": None,
    # Berlin goes to summer time at 01:00 UTC on 2026-03-29, and back at 01:00 UTC on 2026-10-25.
    "to_timezone(\"timestamp '2026-03-29 00:59:00'\", \"'Europe/Berlin'\")": "2026-03-29 01:59:00",
    "to_timezone(\"timestamp '2026-03-29 01:00:00'\", \"'Europe/Berlin'\")": "2026-03-29 03:00:00",
    "to_timezone(\"timestamp '2026-10-25 00:59:00'\", \"'Europe/Berlin'\")": "2026-10-25 02:59:00",
    "to_timezone(\"timestamp '2026-10-25 01:00:00'\", \"'Europe/Berlin'\")": "2026-10-25 02:00:00",
    "local_date(\"timestamp '2026-03-28 22:59:59'\", \"'Europe/Berlin'\")": "2026-03-28",
    "local_date(\"timestamp '2026-03-29 22:00:00'\", \"'Europe/Berlin'\")": "2026-03-30",
    "local_date(\"timestamp '2026-01-01 04:59:59'\", \"'America/New_York'\")": "2025-12-31",
    "to_utc(\"cast('2026-01-01 02:00:00+05:00' as timestamp with time zone)\")": (
        "2025-12-31 21:00:00"
    ),
    "iso_weekday(\"date '2026-01-05'\")": "1",
    "iso_weekday(\"date '2026-01-11'\")": "7",
    "month_number(\"date '2026-03-31'\") ~ ' - ' ~ month_number(\"date '2025-12-01'\")": "3",
    "blank_to_null(\"'  '\")": None,
    "blank_to_null(\"' a '\")": "a",
    "normalised_email(\"' Ann@Example.COM '\")": "ann@example.com",
    "normalised_email(\"'no address'\")": None,
    "surrogate_key([\"'a'\", 'null', '1'])": "eb4487bdad6fad86d0d1fe882918b484",
    # HMAC-SHA-256 with a key of zeros, as Python's hmac makes it.
    "hmac_sha256(\"'x'\", '36' * 64, '5c' * 64)": (
        "4cbc96099a6467ce002461f10549b4898265ebe6188b45efacc44293516e62c4"
    ),
    "regexp_matches(\"'spring-shopping-all'\", \"'^(.*(([^a-df-z]|^)shop|shopping).*)$'\")": "true",
    "regexp_matches(\"'workshop'\", \"'^(.*(([^a-df-z]|^)shop|shopping).*)$'\")": "false",
    "regexp_matches(\"'paid_social'\", \"'^(.*cp.*|ppc|retargeting|paid.*)$'\")": "true",
    "regexp_matches(\"'(direct)'\", \"'^\\(direct\\)$'\")": "true",
    "regexp_matches('cast(null as varchar)', \"'a'\")": None,
    "seconds_between(\"timestamp '2026-01-01 00:00:00.25'\", \"timestamp '2026-01-02'\")": (
        "86399.75"
    ),
    "known_text(\"' Google '\")": "google",
    "known_text(\"'(not set)'\")": None,
    "url_host(\"'https://WWW.Shop.example/a?b=https://c.example'\")": "shop.example",
    "url_host(\"'https://shop.example?b=1'\")": "shop.example",
    "url_host(\"'/a/b'\")": None,
    "url_path(\"'https://shop.example/a/b?email=x@y.z#top'\")": "/a/b",
    "url_path(\"'https://shop.example?email=x@y.z'\")": "/",
    "url_path(\"'/a/b?c=d'\")": "/a/b",
    "url_parameter(\"'https://s.example/?a=1&fbclid=IwA#top'\", 'fbclid')": "IwA",
    "url_parameter(\"'https://s.example/?fbclid=IwA&a=1'\", 'fbclid')": "IwA",
    "url_parameter(\"'https://s.example/?xfbclid=IwA'\", 'fbclid')": None,
    "url_parameter(\"'https://s.example/?fbclid='\", 'fbclid')": None,
    "person_key(\"'ann@example.com'\")": (
        "0eb072f6a63163ec4ad99aef8e902261689332a7d3f6c5bf279ad218da8a97dc"
    ),
}


def ask(warehouse, scratch, sql: str) -> list[dict]:
    """Rows of a select with Jinja in it."""
    arguments = ("--inline", sql, "--limit", "1000", "--output", "json")
    done = shop.build(warehouse, scratch, *arguments, command="show")
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout[done.stdout.index("{") :])["show"]


@pytest.fixture(scope="module")
def results(warehouse, scratch):
    warehouse.execute("create table numbers (amount numeric(18,4))")
    warehouse.execute("insert into numbers values (1), (2), (3), (4.5)")
    selects = [
        f"select {index} as place, cast({{{{ {macro} }}}} as varchar) as text"
        for index, macro in enumerate(EXPECTED)
    ]
    selects.append(
        f"select {len(selects)}, cast({{{{ percentile('amount', 0.5) }}}} as varchar) from numbers"
    )
    spine = "{{ date_spine(\"date '2026-02-27'\", \"date '2026-03-02'\") }}"
    days = f"select {len(selects)} as place, cast(date_day as varchar) as text from ({spine}) as d"
    rows = ask(warehouse, scratch, " union all ".join([*selects, days]))
    return {place: [r["text"] for r in rows if r["place"] == place] for place in range(len(rows))}


@pytest.mark.parametrize("macro", EXPECTED)
@pytest.mark.pitfall(13)
def test_a_macro_gives_the_same_text(results, macro):
    assert results[list(EXPECTED).index(macro)] == [EXPECTED[macro]]


def test_percentile_keeps_its_digits(results):
    assert results[len(EXPECTED)] == ["2.5"]


def test_date_spine_has_every_day_once(results):
    days = ["2026-02-27", "2026-02-28", "2026-03-01", "2026-03-02"]
    assert sorted(results[len(EXPECTED) + 1]) == days
