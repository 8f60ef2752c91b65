"""What the dialect macros give, as text, on every engine: the same."""

import datetime as dt
import hashlib
import json

import pytest
from scipy.stats import fisher_exact

from tests.integration import shop

pytestmark = pytest.mark.integration


def padded(key: bytes) -> str:
    """The two keys of RFC 2104 as the macro's arguments."""
    block = (hashlib.sha256(key).digest() if len(key) > 64 else key).ljust(64, b"\0")
    inner, outer = (bytes(byte ^ pad for byte in block).hex() for pad in (0x36, 0x5C))
    return f"'{inner}', '{outer}'"


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
    # 0.59 of 119 hundredths is 0.4958 cents: four digits on the way would round it up.
    "money_share('0.59', '1', '119', digits=2)": "0.00",
    "money_share('1.01', '1', '2', digits=2)": "0.51",
    "money_share('-1.01', '1', '2', digits=2)": "-0.51",
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
    "timestamp_text(\"timestamp '2026-01-02 03:04:05.5'\")": "2026-01-02 03:04:05.500000",
    "timestamp_text(\"timestamp '2026-01-02 03:04:05'\")": "2026-01-02 03:04:05.000000",
    "timestamp_text('cast(null as timestamp)')": None,
    "iso_weekday(\"date '2026-01-05'\")": "1",
    "iso_weekday(\"date '2026-01-11'\")": "7",
    "month_number(\"date '2026-03-31'\") ~ ' - ' ~ month_number(\"date '2025-12-01'\")": "3",
    "blank_to_null(\"'  '\")": None,
    "blank_to_null(\"' a '\")": "a",
    "normalised_email(\"' Ann@Example.COM '\")": "ann@example.com",
    "normalised_email(\"'no address'\")": None,
    "surrogate_key([\"'a'\", 'null', '1'])": "eb4487bdad6fad86d0d1fe882918b484",
    "greatest(['1', '3', '2'])": "3",
    "greatest(['1', 'cast(null as integer)', '2'])": "2",
    "greatest(['cast(null as date)', 'cast(null as date)'])": None,
    "least([\"date '2026-01-02'\", \"date '2026-01-01'\"])": "2026-01-01",
    "least(['cast(null as integer)', '2', '1'])": "1",
    "days_between(\"date '2026-02-27'\", \"date '2026-03-02'\")": "3",
    # HMAC-SHA-256 with a key of zeros, as Python's hmac makes it.
    "hmac_sha256(\"'x'\", '36' * 64, '5c' * 64)": (
        "4cbc96099a6467ce002461f10549b4898265ebe6188b45efacc44293516e62c4"
    ),
    # RFC 4231, the test cases 1, 2, 6 and 7: those whose data are text.
    f"hmac_sha256(\"'Hi There'\", {padded(bytes([0x0B] * 20))})": (
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
    ),
    f"hmac_sha256(\"'what do ya want for nothing?'\", {padded(b'Jefe')})": (
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    ),
    "hmac_sha256(\"'Test Using Larger Than Block-Size Key - Hash Key First'\", "
    f"{padded(bytes([0xAA] * 131))})": (
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
    ),
    "hmac_sha256(\"'This is a test using a larger than block-size key and a larger than block-size"
    " data. The key needs to be hashed before being used by the HMAC algorithm.'\", "
    f"{padded(bytes([0xAA] * 131))})": (
        "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"
    ),
    # Bytes, not letters, are hashed.
    f"hmac_sha256(\"'é'\", {padded(b'Jefe')})": (
        "3975291d2d21f4b8e1ef2f4af997a448c91a735d94a54b3c3fea809fceabc497"
    ),
    f"hmac_sha256('cast(null as varchar)', {padded(b'Jefe')})": None,
    "regexp_matches(\"'spring-shopping-all'\", \"'^(.*(([^a-df-z]|^)shop|shopping).*)$'\")": "true",
    "regexp_matches(\"'workshop'\", \"'^(.*(([^a-df-z]|^)shop|shopping).*)$'\")": "false",
    "regexp_matches(\"'paid_social'\", \"'^(.*cp.*|ppc|retargeting|paid.*)$'\")": "true",
    "regexp_matches(\"'(direct)'\", \"'^[(]direct[)]$'\")": "true",
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

SPINE = "{{ date_spine(\"date '2026-02-27'\", \"date '2026-03-02'\") }}"
# A chain of five, a pair, and a node of its own; three rounds.
NODES = " union all ".join(f"select {number} as node_number" for number in range(1, 9))
EDGES = " union all ".join(
    f"select {one} as node_number, {other} as other_number"
    for a, b in [(5, 4), (4, 3), (3, 2), (2, 1), (6, 7)]
    for one, other in [(a, b), (b, a)]
)
COMPONENTS = (
    f"with nodes as ({NODES}), edges as ({EDGES}),"
    " {{ connected_components('nodes', 'edges', 3) }} select * from component_labels"
)
LINES = " union all ".join(
    f"select 'o' as order_key, '{line}' as order_line_key, cast(10 as numeric(18,4)) as whole,"
    " cast(null as numeric(18,4)) as part, cast(1 as numeric(18,4)) as weight"
    for line in "abc"
)
ALLOCATED = f"with order_parts as ({LINES}) {{{{ allocate_rest('order_parts') }}}}"
# One account's database is asked which keys are left, the other's is not.
TILL = (
    "with raw_orders as (select 'asked' as _account_id, '1' as order_id union all"
    " select 'asked', '2' union all select 'other', '2'),"
    " present as (select 'asked' as _account_id, 'orders' as entity, '1' as key union all"
    " select 'other', 'customers', '1' union all select 'asked', 'customers', '2')"
    " {{ with_is_gone('raw_orders', 'present', 'orders', 'order_id') }}"
)
# Both, the first, the second, all: a lady tasting tea, likely and unlikely pairs, certain ones.
CONTINGENCIES = [
    (3, 4, 4, 8), (1, 4, 4, 8), (4, 4, 4, 8), (2, 2, 3, 3), (5, 10, 10, 20), (1, 7, 9, 16),
    (200, 5_000, 8_000, 200_000), (260, 5_000, 8_000, 200_000), (200, 400, 500, 200_000),
    (201, 90_000, 450, 200_000), (18_100, 60_000, 61_000, 200_000), (30, 3_000, 900, 20_000),
    (950, 960, 985, 1_000), (47_000, 60_000, 150_000, 200_000),
]  # fmt: skip
TABLES = " union all ".join(
    f"select {both} as pair_count, {first} as first_count, {second} as second_count,"
    f" {every} as basket_count"
    for both, first, second, every in CONTINGENCIES
)
FISHER = (
    f"with contingencies as ({TABLES}), {{{{ fisher_exact('contingencies') }}}}"
    " select * from fisher_tested"
)
# Text, and the rows that it is of.
OF_ROWS = [
    ("{{ percentile('amount', 0.5) }}", "numbers"),
    ("date_day", f"({SPINE}) as d"),
    ("{{ regexp_matches(\"'(direct)'\", 'pattern') }}", "patterns"),
    ("cast(node_number as varchar) || '-' || cast(label as varchar)", f"({COMPONENTS}) as c"),
    ("order_line_key || ' ' || cast(amount as varchar)", f"({ALLOCATED}) as a"),
    ("_account_id || ' ' || order_id || ' ' || cast(is_gone as varchar)", f"({TILL}) as t"),
    ("{{ built_at() }}", "(select 1 as one) as o"),
    (
        "cast(pair_count as varchar) || ' ' || cast(cast(first_count as integer) as varchar)"
        " || ' ' || cast(cast(second_count as integer) as varchar)"
        " || ' ' || cast(p_value as varchar)",
        f"({FISHER}) as f",
    ),
]


def ask(warehouse, scratch, sql: str) -> list[dict]:
    """Rows of a select with Jinja in it, by the columns' names in lower case."""
    arguments = ("--inline", sql, "--limit", "1000", "--output", "json")
    done = shop.build(warehouse, scratch, *arguments, command="show")
    assert done.returncode == 0, done.stdout + done.stderr
    rows = json.loads(done.stdout[done.stdout.index("{") :])["show"]
    return [{name.lower(): value for name, value in row.items()} for row in rows]


@pytest.fixture(scope="module")
def results(warehouse, scratch):
    warehouse.execute("create table numbers (amount numeric(18,4))")
    warehouse.execute("insert into numbers values (1), (2), (3), (4.5)")
    warehouse.execute("create table patterns (pattern varchar)")
    pattern = [[r"^\(direct\)$"]]
    warehouse.execute(f"insert into patterns values ({warehouse.placeholder})", pattern)
    selects = [
        f"select {index} as place, cast({{{{ {macro} }}}} as varchar) as text"
        for index, macro in enumerate(EXPECTED)
    ]
    selects += [
        f"select {len(selects) + index}, cast({text} as varchar) from {relation}"
        for index, (text, relation) in enumerate(OF_ROWS)
    ]
    rows = ask(warehouse, scratch, " union all ".join(selects))
    return {place: [r["text"] for r in rows if r["place"] == place] for place in range(len(rows))}


@pytest.mark.parametrize("macro", EXPECTED)
@pytest.mark.pitfall(13)
def test_a_macro_gives_the_same_text(results, macro):
    assert results[list(EXPECTED).index(macro)] == [EXPECTED[macro]]


def of_rows(results, place: int) -> list[str]:
    return sorted(results[len(EXPECTED) + place])


def test_percentile_keeps_its_digits(results):
    assert of_rows(results, 0) == ["2.5"]


def test_date_spine_has_every_day_once(results):
    assert of_rows(results, 1) == ["2026-02-27", "2026-02-28", "2026-03-01", "2026-03-02"]


def test_a_pattern_in_a_table_keeps_its_backslashes(results):
    assert of_rows(results, 2) == ["true"]


def test_a_component_has_the_lowest_number_of_its_nodes(results):
    assert of_rows(results, 3) == ["1-1", "2-1", "3-1", "4-1", "5-1", "6-6", "7-6", "8-8"]


def test_the_last_line_takes_what_rounding_leaves(results):
    assert of_rows(results, 4) == ["a 3.3333", "b 3.3333", "c 3.3334"]


def test_a_row_is_gone_where_its_key_is_compared_and_no_longer_there(results):
    assert of_rows(results, 5) == ["asked 1 false", "asked 2 true", "other 2 false"]


def test_the_time_of_a_build_is_utcs(results):
    """Sessions of the tests' PostgreSQL are in Tokyo."""
    (text,) = of_rows(results, 6)
    now = dt.datetime.now(dt.UTC).replace(tzinfo=None)
    assert abs(now - dt.datetime.fromisoformat(text)) < dt.timedelta(minutes=30)


def test_fishers_exact_test_is_scipys(results):
    cells = [text.split() for text in of_rows(results, len(OF_ROWS) - 1)]
    found = {tuple(map(int, counts)): float(p_value) for *counts, p_value in cells}
    assert found == pytest.approx(
        {
            (both, first, second): fisher_exact(
                [[both, first - both], [second - both, every - first - second + both]]
            ).pvalue
            for both, first, second, every in CONTINGENCIES
        },
        rel=1e-9,
    )
