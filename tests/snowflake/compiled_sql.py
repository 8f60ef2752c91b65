"""What a real account refuses, or reads otherwise than DuckDB and PostgreSQL do.

The emulator runs on DuckDB and lets DuckDB's own SQL through, so that compiled SQL is read here by
what Snowflake's documentation has: functions and types are allowed by name (words.yml).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import yaml
from sqlglot import Expr, exp, parse
from sqlglot.dialects.snowflake import Snowflake
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.scope import traverse_scope
from sqlglot.tokens import Token, TokenType

# For dbt, so that its log can be read for what it sent.
LOGGED = {
    "DBT_LOG_FORMAT_FILE": "json",
    "DBT_LOG_FILE_MAX_BYTES": "0",
    "DBT_LOG_LEVEL_FILE": "debug",
}
WORDS = yaml.safe_load(Path(__file__).with_name("words.yml").read_text())
STRING = TokenType.STRING
ORDERED = (
    exp.RowNumber, exp.Rank, exp.DenseRank, exp.PercentRank, exp.Ntile, exp.Lag, exp.Lead,
    exp.FirstValue, exp.LastValue,
)  # fmt: skip
SAME_TYPE = (exp.Max, exp.Min, exp.Neg, exp.Nullif, exp.Paren, exp.Sum, exp.Window)
REFUSED: dict[type[Expr], str] = {
    exp.AtTimeZone: "at time zone",
    exp.Filter: "filter (where ...)",
    exp.GenerateSeries: "generate_series",
    exp.Interval: "interval; dates move by dateadd",
    exp.JSONExtract: "a path into JSON",
    exp.JSONExtractScalar: "a path into JSON",
    exp.Unnest: "unnest",
}


def complaints(sql: str) -> list[str]:
    """What Snowflake would refuse or misread in statements, each once and in order."""
    try:
        trees = [tree for tree in parse(sql, read="snowflake") if tree]
        tokens = Snowflake().tokenize(sql)
    except SqlglotError as error:
        return [f"does not parse: {re.sub(chr(27) + r'.{1,3}?m', '', str(error)).splitlines()[0]}"]
    texts = [sql[token.start : token.end + 1] for token in tokens if token.token_type == STRING]
    made = {schema.this.name for tree in trees for schema in tree.find_all(exp.Schema)}
    found = [*_words(tokens, made), *_literals(texts)]
    for tree in trees:
        for look in (_nodes, _names, _subqueries, _conditions):
            found += look(tree)
    return sorted(set(found))


def _words(tokens: list[Token], tables: set[str]) -> Iterator[str]:
    """Functions and types: every word before a parenthesis that is not syntax, nor a new table."""
    known = {*WORDS["functions"], *WORDS["types"], *WORDS["syntax"], *tables}
    for token, following in pairwise(tokens):
        word = token.text.lower()
        if following.token_type != TokenType.L_PAREN or not re.fullmatch(r"[a-z_]\w*", word):
            continue
        if token.token_type != TokenType.IDENTIFIER and word not in known:
            yield f"function {word}"


def _literals(texts: list[str]) -> Iterator[str]:
    """A backslash in a text begins an escape there, and is itself on the other engines."""
    for text in texts:
        if "\\" in text:
            yield f"backslash in {text}"


def _nodes(tree: Expr) -> Iterator[str]:
    for node in tree.walk():
        if message := REFUSED.get(type(node)):
            yield message
        elif isinstance(node, exp.DataType) and node.this.value.lower() not in WORDS["types"]:
            yield f"type {node.sql()}"
        elif isinstance(node, exp.Extract) and node.name.lower() not in WORDS["date_parts"]:
            yield f"part {node.name.lower()} of a date"
        elif isinstance(node, exp.Window):
            yield from _window(node)
        elif isinstance(node, exp.Distinct) and node.args.get("on"):
            yield "distinct on"
        elif isinstance(node, exp.Div) and not _keeps_digits(node):
            yield "division of decimals, which goes on for six digits only"


def _window(window: exp.Window) -> Iterator[str]:
    function = window.this.this if isinstance(window.this, exp.IgnoreNulls) else window.this
    if isinstance(function, ORDERED) and not window.args.get("order"):
        yield f"{function.sql_name().lower()} without order by"


def _keeps_digits(division: exp.Div) -> bool:
    """Doubles do, and decimals by a number like 100; what is made a whole number needs none."""
    divisor = division.expression.unnest()
    if isinstance(divisor, exp.Literal) and 10**6 % Decimal(divisor.name) == 0:
        return True
    made = division.parent
    while isinstance(made, exp.Paren):
        made = made.parent
    if isinstance(made, exp.Cast) and made.to.this in exp.DataType.INTEGER_TYPES:
        return True
    return isinstance(made, exp.Floor) or _is_double(division)


def _is_double(number: Expr) -> bool:
    """Whether it says so itself: a cast, or arithmetic with one in it."""
    if isinstance(number, exp.Cast):
        return bool(number.to.this == exp.DataType.Type.DOUBLE)
    if isinstance(number, exp.Binary):
        return _is_double(number.left) or _is_double(number.right)
    return isinstance(number, SAME_TYPE) and _is_double(number.this)


def _names(tree: Expr) -> Iterator[str]:
    """Words that are reserved there, as names of columns, tables or aliases."""
    for name in tree.find_all(exp.Identifier):
        if not name.quoted and name.name.lower() in WORDS["reserved"]:
            yield f"name {name.name.lower()}"


def _subqueries(tree: Expr) -> Iterator[str]:
    """Of those that see the row around them it takes few: exists is one.

    Only columns that name their table tell; unqualified ones are the subquery's own.
    """
    for scope in traverse_scope(tree):
        inside = scope.expression.find_ancestor(exp.Exists, exp.Select)
        sees = scope.is_subquery and any(column.table for column in scope.external_columns)
        if sees and not isinstance(inside, exp.Exists):
            yield "subquery that depends on the row around it"


def _conditions(tree: Expr) -> Iterator[str]:
    """What asks a subquery is one of the conditions of a where clause there."""
    for node in tree.find_all(exp.All, exp.Any, exp.Exists, exp.In):
        asks = node.args.get("query") if isinstance(node, exp.In) else True
        place = node.parent
        if isinstance(place, exp.Not | exp.NEQ | exp.EQ):
            place = place.parent
        while isinstance(place, exp.Paren | exp.And):
            place = place.parent
        if asks and not isinstance(place, exp.Where):
            yield "in (select ...) or exists within an or, or not in a where"


def complaints_of(target: Path) -> dict[str, list[str]]:
    """The same of every model and data test that dbt compiled; unit tests' fixtures are its own."""
    files = [
        file
        for file in sorted((target / "compiled").rglob("*.sql"))
        if not any(part.endswith("__unit_tests.yml") for part in file.parts)
    ]
    assert files, f"nothing is compiled in {target}"
    found = {file.name: complaints(file.read_text()) for file in files}
    return {name: texts for name, texts in found.items() if texts}


def complaints_of_sent(log: Path) -> dict[str, list[str]]:
    """The same of what hooks deleted and macros asked while dbt ran: no file has it compiled."""
    queries = [
        event["data"]
        for event in map(json.loads, log.read_text().splitlines())
        if event["info"]["name"] == "SQLQuery"
    ]
    sent = {
        query["sql"].strip()
        for query in queries
        if query.get("node_info", {}).get("resource_type") != "unit_test"
    }
    chosen = {sql for sql in sent if re.match(r"(delete|select|with)\b", sql, re.IGNORECASE)}
    assert any("not exists" in sql for sql in chosen), f"no hook deleted anything: {log}"
    found = {sql: complaints(sql) for sql in chosen}
    return {sql: texts for sql, texts in found.items() if texts}
