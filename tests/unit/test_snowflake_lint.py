"""The lint of SQL compiled for Snowflake finds what a real account refuses or misreads."""

import pytest

from tests.snowflake.compiled_sql import complaints

BAD = {
    "select count(*) filter (where a > 1) from t": "filter (where ...)",
    "select a at time zone 'UTC' from t": "at time zone",
    "select a ->> 'b' from t": "a path into JSON",
    "select a -> 'b' from t": "a path into JSON",
    "select * from generate_series(1, 3)": "generate_series",
    "select unnest(a) from t": "unnest",
    "select bool_or(a) from t": "function bool_or",
    "select quantile_cont(a, 0.5) from t": "function quantile_cont",
    "select epoch(a) from t": "function epoch",
    "select regexp_matches(a, 'b') from t": "function regexp_matches",
    "select arg_max(a, b) from t": "function arg_max",
    "select string_agg(a, ',') from t": "function string_agg",
    "select strftime(a, '%Y') from t": "function strftime",
    "select to_timestamp(a) from t": "function to_timestamp",
    "select greatest(a, b) from t": "function greatest",
    "select least (a, b) from t": "function least",
    "select extract(isodow from a) from t": "part isodow of a date",
    "select extract(epoch from a) from t": "part epoch of a date",
    "select a + interval '1 day' from t": "interval; dates move by dateadd",
    "select cast(a as hugeint) from t": "type INT128",
    "select cast(a as json) from t": "type JSON",
    "select cast(a as jsonb) from t": "type JSONB",
    "select cast(a as varchar[]) from t": "type ARRAY<VARCHAR>",
    "select distinct on (a) a, b from t": "distinct on",
    "select row_number() over (partition by a) from t": "row_number without order by",
    "select lag(a) over () from t": "lag without order by",
    "select sum(a) over w from t window w as (partition by b)": "does not parse",
    "select trim(leading '0' from a) from t": "does not parse",
    "select a as start from t": "name start",
    "select rows.a from t as rows": "name rows",
    "select regexp_instr(a, '^\\(b\\)$') from t": "backslash in '^\\(b\\)$'",
    "select a, (select b from u where u.a = t.a) as b from t": (
        "subquery that depends on the row around it"
    ),
    "select a from t, lateral (select b from u where u.a = t.a) as v": "function lateral",
    "select a from t where b = 1 or a in (select a from u)": "in (select ...)",
    "select case when a not in (select a from u) then 1 end from t": "in (select ...)",
    "select a from t where b = 1 or exists (select 1 from u where u.a = t.a)": "in (select ...)",
    "select 0.2 / (a - 2) from t": "division of decimals",
    "select cast(a / 7 as numeric(18, 4)) from t": "division of decimals",
    "create table a (b varchar); create table c (d hugeint)": "type INT128",
    "select a ~ 'b' from t": "does not parse",
    "select a from t where": "does not parse",
}
GOOD = [
    "select cast(a as numeric(18, 4)), cast(b as timestamp with time zone) from t",
    "select cast(a as double precision) / nullif(cast(b as double precision), 0) from t",
    "select a / 100.0, cast((a / 7) as bigint), floor(a / b), -cast(a as double) / b from t",
    "select cast(a as double) / sum(cast(a as double)) over (partition by b) from t",
    "create schema if not exists a; create table if not exists a.b (c numeric(18,4), d date);",
    "with a as (select 1 as b) select a.b, count(*) from a where a.b in (1, 2) group by a.b",
    "select row_number() over (partition by a order by b desc, c asc) from t",
    "select sum(a) over (partition by b) - sum(a) over (order by c rows between 1 preceding"
    " and current row) from t",
    "select percentile_cont(0.5) within group (order by a) from t",
    "select convert_timezone('UTC', 'Europe/Berlin', a), date '2026-01-01' from t",
    "select a from t where exists (select 1 from u where u.a = t.a)",
    "select a from t where b = 1 and (a in (select a from u) and b not in (select b from u))",
    "select a from t where b = (select max(u.b) from u) or b in (1, 2)",
    "delete from t where (a = 1 or b = 2) and not exists (select 1 from u where u.a = t.a)",
    "select a from t left join u on t.a = u.a and (t.b = u.b or u.b is null)",
    "select case when a then 'x' end as b, extract(year from c) as d from t",
]


@pytest.mark.parametrize("sql", BAD)
def test_what_is_refused_is_found(sql):
    assert any(found.startswith(BAD[sql]) for found in complaints(sql)), complaints(sql)


@pytest.mark.parametrize("sql", GOOD)
def test_what_is_taken_is_let_through(sql):
    assert complaints(sql) == []
