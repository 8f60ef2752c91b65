"""Turns a mapping's rules into SQL over the table `lines`, in which every cell is text.

The SQL runs in a DuckDB of its own, in memory and without access to anything outside. Names and
values of the mapping enter it only quoted.
"""

from __future__ import annotations

from dataclasses import dataclass

from ingestion.columns import ColumnType
from ingestion.sources.files.conditions import Condition, Scalar
from ingestion.sources.files.mapping import (
    LINE_PLACEHOLDERS,
    PLACEHOLDER,
    ColumnRule,
    FileFormat,
    Keep,
    Parse,
)

_NUMBER = "decimal(38,9)"
_ZONED = r"\d:\d{2}.*([zZ]|[+-]\d{2}(:?\d{2})?)$"
_EPOCHS = {"epoch_seconds": 1, "epoch_milliseconds": 1_000, "epoch_microseconds": 1_000_000}
_TRUE = "('true', 't', 'yes', 'y', '1', '1.0')"
_FALSE = "('false', 'f', 'no', 'n', '0', '0.0')"
_KIND_NAMES: dict[ColumnType, str] = {
    "bigint": "whole number",
    "decimal": "number",
    "double": "number",
    "bool": "yes or no",
    "date": "date",
    "timestamp": "time",
}
_PREFERRED = 10**18
_LAST_CHOICE = -2 * 10**18


@dataclass(frozen=True)
class Value:
    """A column's SQL.

    Attributes:
        sql: The value in its type; NULL where the text does not fit.
        failed: True where there was text and it did not fit; None where that cannot be.
        reason: What to say then.
    """

    sql: str
    failed: str | None = None
    reason: str = ""


def quote(name: str) -> str:
    """A name, quoted."""
    return '"' + name.replace('"', '""') + '"'


def literal(value: Scalar | None) -> str:
    """A value, quoted, as text."""
    if value is None:
        return "cast(null as varchar)"
    if isinstance(value, bool):
        return "'true'" if value else "'false'"
    return "'" + str(value).replace("'", "''") + "'"


class SqlWriter:
    """Writes SQL for the files of one mapping.

    Args:
        files: How they are written.
    """

    def __init__(self, files: FileFormat) -> None:
        self._files = files

    def cleaned(self, columns: list[str]) -> str:
        """The columns of the file that rules read, trimmed and with blanks as NULL.

        Made once, so that what is read several times is cleaned once.
        """
        cells = [f"{self._without_blanks(quote(name))} as {quote(name)}" for name in columns]
        return ", ".join([*cells, *sorted(LINE_PLACEHOLDERS)])

    def _without_blanks(self, column: str) -> str:
        sql = f"nullif(trim({column}), '')"
        if self._files.blanks:
            blanks = ", ".join(literal(blank) for blank in self._files.blanks)
            sql = f"case when {sql} in ({blanks}) then null else {sql} end"
        return sql

    def text(self, column: str) -> str:
        """A column of the file, cleaned."""
        if column in LINE_PLACEHOLDERS:
            return f"cast({column} as varchar)"
        return quote(column)

    def condition(self, condition: Condition) -> str:
        """A condition; never NULL."""
        if condition.all is not None:
            return _joined(" and ", [self.condition(inner) for inner in condition.all], "true")
        if condition.any is not None:
            return _joined(" or ", [self.condition(inner) for inner in condition.any], "false")
        if condition.negated is not None:
            return f"(not {self.condition(condition.negated)})"
        return f"coalesce({self._test(condition)}, false)"

    def _test(self, condition: Condition) -> str:
        if condition.eq:
            return f"{self.text(condition.eq[0])} = {literal(condition.eq[1])}"
        if condition.ne:
            return f"{self.text(condition.ne[0])} is distinct from {literal(condition.ne[1])}"
        if condition.one_of:
            values = ", ".join(literal(value) for value in condition.one_of[1])
            return f"{self.text(condition.one_of[0])} in ({values})" if values else "false"
        if condition.matches:
            column, pattern = condition.matches
            return f"regexp_matches({self.text(column)}, {literal(pattern)})"
        for name, sign in (("gt", ">"), ("ge", ">="), ("lt", "<"), ("le", "<=")):
            if pair := getattr(condition, name):
                return self._compared(pair[0], sign, pair[1])
        if condition.blank:
            return " and ".join(f"{self.text(name)} is null" for name in condition.blank)
        return " and ".join(f"{self.text(name)} is not null" for name in condition.present or ())

    def _compared(self, column: str, sign: str, bound: float | str) -> str:
        if isinstance(bound, str):
            return f"{self.text(column)} {sign} {literal(bound)}"
        number = self._number(self.text(column), self._files.parse)
        return f"{number} {sign} cast({literal(bound)} as {_NUMBER})"

    def column(self, rule: ColumnRule, kind: ColumnType, over: str) -> Value:
        """A column of the seam.

        Args:
            rule: Its rule.
            kind: Its type.
            over: The window of the lines that share its row's key.

        Returns:
            Its SQL.
        """
        parse = rule.parse.over(self._files.parse)
        if rule.multiply is not None or rule.add is not None:
            value = self._calculated(rule, parse)
        elif rule.when is not None or rule.when_any is not None:
            value = self._typed(self._chosen(rule, over), kind, parse, "its rule")
        else:
            source = rule.from_column or "its rule"
            value = self._typed(self._steps(rule, self._origin(rule)), kind, parse, source)
        return self._finished(rule, value, kind, over)

    def precedence(self, keep: Keep | None) -> Value:
        """Whole numbers, greater for lines that are kept rather than others of the same key."""
        if keep is None:
            return Value("cast(0 as bigint)")
        column = keep.first or keep.last or ""
        parse = keep.parse.over(self._files.parse)
        text = self.text(column)
        moment = f"epoch_us({self._moment(text, parse)})"
        number = f"cast({self._number(text, parse)} * 1000 as bigint)"
        sign = "-" if keep.first else ""
        rank = f"coalesce({sign}coalesce({moment}, {number}), {_LAST_CHOICE})"
        failed = f"{text} is not null and coalesce({moment}, {number}) is null"
        if keep.prefer:
            rank = (
                f"{rank} + case when {self.text(keep.prefer)} is null then 0 else {_PREFERRED} end"
            )
        return Value(f"cast({rank} as bigint)", failed, f"{column} is no time or number")

    def _origin(self, rule: ColumnRule) -> str:
        if rule.from_column is not None:
            return self.text(rule.from_column)
        if rule.template is not None:
            return self._filled(rule.template)
        return literal(rule.constant)

    def _filled(self, template: str) -> str:
        """Text and columns by turns; NULL where one of them is blank."""
        parts = PLACEHOLDER.split(template)
        pieces = [
            self.text(part) if index % 2 else literal(part)
            for index, part in enumerate(parts)
            if part
        ]
        return "(" + " || ".join(pieces or ["''"]) + ")"

    def _chosen(self, rule: ColumnRule, over: str) -> str:
        if rule.when is not None:
            test = self.condition(rule.when)
        else:
            assert rule.when_any is not None
            test = f"bool_or({self.condition(rule.when_any)}) over ({over})"
        return f"case when {test} then {literal(rule.then)} else {literal(rule.otherwise)} end"

    def _steps(self, rule: ColumnRule, sql: str) -> str:
        if rule.split:
            sql = (
                f"nullif(split_part({sql}, {literal(rule.split.separator)}, {rule.split.part}), '')"
            )
        for step in rule.replace:
            found, put = literal(step.pattern), literal(step.by)
            sql = f"nullif(regexp_replace({sql}, {found}, {put}, 'g'), '')"
        if rule.case:
            sql = f"{rule.case}({sql})"
        if rule.map or rule.patterns or rule.has_default:
            sql = self._mapped(rule, sql)
        return sql

    def _mapped(self, rule: ColumnRule, sql: str) -> str:
        cases = [
            f"when {sql} = {literal(known)} then {literal(value)}"
            for known, value in rule.map.items()
        ]
        cases += [
            f"when regexp_matches({sql}, {literal(pattern.matches)}) then {literal(pattern.value)}"
            for pattern in rule.patterns
        ]
        default = literal(rule.default)
        is_only_default = not cases
        if is_only_default:
            return f"coalesce({sql}, {default})"
        rest = default if rule.has_default else sql
        return f"case {' '.join(cases)} else {rest} end"

    def _calculated(self, rule: ColumnRule, parse: Parse) -> Value:
        sign, parts = (" * ", rule.multiply) if rule.multiply is not None else (" + ", rule.add)
        numbers, failures = [], []
        for part in parts or ():
            if not isinstance(part, str):
                numbers.append(f"cast({literal(part)} as {_NUMBER})")
                continue
            text = self.text(part)
            number = self._number(text, parse)
            numbers.append(number)
            failures.append(f"({text} is not null and {number} is null)")
        names = " or ".join(part for part in parts or () if isinstance(part, str))
        failed = " or ".join(failures) or None
        return Value("(" + sign.join(numbers) + ")", failed, f"{names} is no number")

    def _typed(self, text: str, kind: ColumnType, parse: Parse, source: str) -> Value:
        if kind in ("text", "json"):
            return Value(text)
        sql = {
            "bigint": self._whole(text, parse),
            "decimal": self._number(text, parse),
            "double": f"try_cast({self._plain(text, parse)} as double)",
            "bool": _flag(text),
            "date": f"cast({self._local(text, parse)} as date)",
            "timestamp": self._moment(text, parse),
        }[kind]
        reason = f"{source} is no {_KIND_NAMES[kind]}"
        return Value(sql, f"{text} is not null and {sql} is null", reason)

    def _finished(self, rule: ColumnRule, value: Value, kind: ColumnType, over: str) -> Value:
        sql = f"(-{value.sql})" if rule.negate else value.sql
        if rule.aggregate:
            sql = f"{rule.aggregate}({sql}) over ({over})"
        return Value(f"cast({sql} as {_SQL_TYPES[kind]})", value.failed, value.reason)

    def _plain(self, text: str, parse: Parse) -> str:
        """A number as SQL writes it."""
        if parse.thousands:
            text = f"replace({text}, {literal(parse.thousands)}, '')"
        return f"replace({text}, ',', '.')" if parse.decimal == "," else text

    def _number(self, text: str, parse: Parse) -> str:
        return f"try_cast({self._plain(text, parse)} as {_NUMBER})"

    def _whole(self, text: str, parse: Parse) -> str:
        number = self._number(text, parse)
        return f"case when {number} = trunc({number}) then try_cast({number} as bigint) end"

    def _local(self, text: str, parse: Parse) -> str:
        """A date and time as written, without a zone."""
        tried = []
        formats = [name for name in parse.formats if name not in _EPOCHS]
        if formats:
            listed = ", ".join(literal(name) for name in formats)
            tried.append(f"try_strptime({text}, [{listed}])")
        for name in (name for name in parse.formats if name in _EPOCHS):
            micros = f"try_cast({text} as {_NUMBER}) * {1_000_000 // _EPOCHS[name]}"
            tried.append(f"make_timestamp(cast({micros} as bigint))")
        tried = tried or [f"try_cast({text} as timestamp)"]
        return f"coalesce({', '.join(tried)})"

    def _moment(self, text: str, parse: Parse) -> str:
        """A time with its zone: that written, else that of the mapping, else UTC."""
        is_epoch = any(name in _EPOCHS for name in parse.formats)
        zone = "UTC" if is_epoch else parse.timezone or "UTC"
        local = f"timezone({literal(zone)}, {self._local(text, parse)})"
        if parse.formats:
            return local
        return (
            f"case when regexp_matches({text}, {literal(_ZONED)})"
            f" then try_cast({text} as timestamptz) else {local} end"
        )


_SQL_TYPES: dict[ColumnType, str] = {
    "text": "varchar",
    "json": "varchar",
    "bigint": "bigint",
    "decimal": _NUMBER,
    "double": "double",
    "bool": "boolean",
    "date": "date",
    "timestamp": "timestamptz",
}


def _flag(text: str) -> str:
    word = f"lower({text})"
    return f"case when {word} in {_TRUE} then true when {word} in {_FALSE} then false end"


def _joined(word: str, parts: list[str], empty: str) -> str:
    return "(" + word.join(parts) + ")" if parts else empty
