"""A Snowflake for tests: the `fakesnow` server, and what dbt and dlt need beyond it.

Run as a program with a port. What stock fakesnow lacks, and is added here: second runs of
incremental models and snapshots (temporary tables, MERGE), unit tests, functions, grants, comments,
several statements in one request, dlt's way of loading files; and a statement that fails is
answered as failed at once, where the connector would otherwise repeat it without end.

It reaches into fakesnow, whose version is therefore pinned exactly.
"""

from __future__ import annotations

import logging
import re
import sys
from typing import Any

import duckdb
import fakesnow.arrow
import fakesnow.transforms
import pyarrow as pa
import sqlglot
import uvicorn
from fakesnow.cursor import FakeSnowflakeCursor
from fakesnow.dialect import parse, parse_one
from fakesnow.server import query_request, routes
from fakesnow.transforms.stage import LOCAL_BUCKET_PATH
from snowflake.connector.errors import Error, ProgrammingError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

QUERY_PATH = "/queries/v1/query-request"
FUNCTION = re.compile(
    r"^\s*create\s+or\s+replace\s+function\s+(?P<name>[\w.\"]+)\s*\((?P<arguments>.*?)\)"
    r"\s*returns\s+(?P<returns>.+?)\s+language\s+sql\b.*?\bas\s*\$\$(?P<body>.*)\$\$",
    re.IGNORECASE | re.DOTALL,
)
COPY = re.compile(
    r"^\s*copy\s+into\s+(?P<table>\S+)\s+from\s+'@(?P<stage>[^']+)'.*?\btype\s*=\s*'(?P<type>\w+)'",
    re.IGNORECASE | re.DOTALL,
)
IGNORED = re.compile(
    r"(grant|revoke|comment)\b|alter\s+\w+\s+\S+\s+alter\s+\S+\s+comment\b", re.IGNORECASE
)
TEMPORARY = re.compile(
    r"^(create\s+(?:or\s+replace\s+)?)(?:temporary|temp)\s+(table|view)\b", re.IGNORECASE
)
COMMENT_CLAUSE = re.compile(r"\bcomment\s*=?\s*\$\$.*?\$\$", re.IGNORECASE | re.DOTALL)
LEADING_COMMENTS = re.compile(r"^\s*(/\*.*?\*/\s*)*", re.DOTALL)
READERS = {
    "PARQUET": "read_parquet('{}')",
    "JSON": "read_json('{}', format='newline_delimited')",
    "CSV": "read_csv('{}', header=true, all_varchar=true)",
}

stock_execute = FakeSnowflakeCursor.execute
stock_timestamps = fakesnow.arrow.timestamp_to_sf_struct


def execute(
    cursor: FakeSnowflakeCursor, command: str, params: Any = None, *args: Any, **kwargs: Any
) -> FakeSnowflakeCursor:
    """What replaces the cursor's own `execute`: a failure leaves no transaction open behind it."""
    text = LEADING_COMMENTS.sub("", command)
    parts = statements(text)
    try:
        for part in parts[:-1]:
            run(cursor, part, params, *args, **kwargs)
        return run(cursor, parts[-1], params, *args, **kwargs)
    except Error:
        roll_back(cursor)
        raise
    except Exception as error:
        roll_back(cursor)
        message = f"emulator: {error}"
        raise ProgrammingError(msg=message, errno=1, sqlstate="0A000") from error


def statements(text: str) -> list[str]:
    """The statements of one request; dlt sends several."""
    if ";" not in text.rstrip().rstrip(";") or FUNCTION.match(text):
        return [text]
    try:
        parsed = [part for part in parse(text) if part]
    except Error:
        return [text]
    parts = [part for part in parsed if not isinstance(part, sqlglot.exp.Semicolon)]
    return [part.sql(dialect="snowflake") for part in parts] if len(parts) > 1 else [text]


def run(
    cursor: FakeSnowflakeCursor, text: str, params: Any, *args: Any, **kwargs: Any
) -> FakeSnowflakeCursor:
    """One statement, in a way of its own where fakesnow has none."""
    if IGNORED.match(text):
        return answer(cursor, "select 'Statement executed successfully.' as status")
    if found := FUNCTION.match(text):
        return create_function(cursor, found)
    if re.match(r"merge\b", text, re.IGNORECASE):
        return merge(cursor, text, params)
    if re.match(r"put\b", text, re.IGNORECASE):
        text = re.sub(r"'@([^']*)'", lambda name: "@" + name[1].replace('"', ""), text)
    if found := COPY.match(text):
        return copy(cursor, found)
    text = COMMENT_CLAUSE.sub("", TEMPORARY.sub(r"\1\2", text))
    return stock_execute(cursor, text, params, *args, **kwargs)


def answer(cursor: FakeSnowflakeCursor, select: str) -> FakeSnowflakeCursor:
    """What the statement answers, as a select."""
    return stock_execute(cursor, select)


def translated(cursor: FakeSnowflakeCursor, text: str) -> str:
    """A statement of Snowflake's as DuckDB reads it."""
    return str(cursor._transform(parse_one(text), None).sql(dialect="duckdb"))


def create_function(cursor: FakeSnowflakeCursor, found: re.Match[str]) -> FakeSnowflakeCursor:
    """A SQL function becomes a macro of the same name, arguments and type."""
    kind = sqlglot.exp.DataType.build(found["returns"], dialect="snowflake").sql(dialect="duckdb")
    arguments = ", ".join(argument(a) for a in found["arguments"].split(",") if a.strip())
    body = f"cast(({translated(cursor, found['body'])}) as {kind})"
    cursor._duck_conn.execute(f"create or replace macro {found['name']}({arguments}) as ({body})")
    return answer(cursor, "select 'Function successfully created.' as status")


def argument(text: str) -> str:
    """A function's argument as a macro's: without its type, with its default."""
    name, *default = re.split(r"\s+default\s+", text.strip(), flags=re.IGNORECASE)
    return f"{name.split()[0]} := {default[0]}" if default else name.split()[0]


def merge(cursor: FakeSnowflakeCursor, text: str, params: Any) -> FakeSnowflakeCursor:
    """DuckDB has a MERGE; fakesnow's own rewriting of it finds ambiguous columns."""
    done = cursor._duck_conn.execute(translated(cursor, text), params).fetchone()
    count = done[0] if done else 0
    return answer(
        cursor, f'select {count} as "number of rows inserted", 0 as "number of rows updated"'
    )


def copy(cursor: FakeSnowflakeCursor, found: re.Match[str]) -> FakeSnowflakeCursor:
    """Files of a stage go into their table by the names of the columns."""
    stage = found["stage"].replace('"', "").replace(".", "/", 1)
    rows = READERS[found["type"].upper()].format(
        f"{LOCAL_BUCKET_PATH}/{cursor._conn.database}/{stage}"
    )
    insert = f"insert into {found['table']} by name select * from {rows}"
    done = cursor._duck_conn.execute(insert).fetchone()
    count = done[0] if done else 0
    return answer(
        cursor,
        f"select 'file' as file, 'LOADED' as status, {count} as rows_parsed,"
        f" {count} as rows_loaded",
    )


def roll_back(cursor: FakeSnowflakeCursor) -> None:
    """A transaction of Snowflake's outlives a statement that failed, DuckDB's does not."""
    try:
        cursor._duck_conn.execute("select 1")
    except duckdb.TransactionException:
        cursor._duck_conn.rollback()
    except duckdb.Error:
        pass


def timestamps(column: pa.ChunkedArray) -> pa.StructArray:
    """A column of times as the connector reads it; stock fakesnow makes 1970 of null."""
    times = column.combine_chunks()
    parts = stock_timestamps(times)
    fields = [parts.type.field(index) for index in range(parts.type.num_fields)]
    values = [part.fill_null(0) for part in parts.flatten()]
    return pa.StructArray.from_arrays(values, fields=fields, mask=times.is_null())


async def query(request: Request) -> Response:
    """A request for which stock fakesnow has HTTP 500 is a failed statement."""
    try:
        response: Response = await query_request(request)
        if response.status_code < 500:
            return response
        message = "unsupported, see the emulator's log"
    except Exception as error:
        logging.getLogger("uvicorn.error").exception("query")
        message = str(error)
    return JSONResponse(
        {
            "data": {"errorCode": "000001", "sqlState": "0A000"},
            "code": "000001",
            "message": f"emulator: {message}",
            "success": False,
        }
    )


def application() -> Starlette:
    """Fakesnow's routes, with queries answered here; a sum of numbers keeps their type."""
    FakeSnowflakeCursor.execute = execute
    fakesnow.arrow.timestamp_to_sf_struct = timestamps
    fakesnow.transforms.numeric_agg_implicit_cast = lambda expression: expression
    others = [route for route in routes if route.path != QUERY_PATH]
    return Starlette(routes=[Route(QUERY_PATH, query, methods=["POST"]), *others])


if __name__ == "__main__":
    uvicorn.run(application(), host="127.0.0.1", port=int(sys.argv[1]), log_level="warning")
