"""A mapping: from a file's own columns to entities of the seam. Read from YAML, checked at once."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from ingestion.errors import MappingError
from ingestion.seam import Entities
from ingestion.sources.files.conditions import Condition, Scalar, checked_pattern

SHIPPED = Path(__file__).parent / "mappings"
PLACEHOLDER = re.compile(r"\{([^{}]+)\}")
LINE_PLACEHOLDERS = frozenset({"_source_file", "_source_line"})
_VALUES = ("from_column", "constant", "template", "multiply", "add", "when", "when_any")


class Strict(BaseModel):
    """Says so where a word is not known, rather than leaving it out."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Pattern(Strict):
    """A value for texts that a regular expression finds."""

    matches: Annotated[str, BeforeValidator(checked_pattern)]
    value: Scalar | None


class Replacement(Strict):
    """What a regular expression finds is replaced; the text put in may name its groups."""

    pattern: Annotated[str, BeforeValidator(checked_pattern)]
    by: str = ""


class Split(Strict):
    """One part of a text: the first is 1, the last is -1."""

    separator: str
    part: int = 1


class Parse(Strict):
    """How numbers and dates are written.

    Attributes:
        formats: Formats of strptime, tried in order; also `epoch_seconds`, `epoch_milliseconds`,
            `epoch_microseconds`. None are ISO 8601.
        timezone: IANA zone of times that name none.
        decimal: The decimal mark.
        thousands: The mark between thousands.
    """

    formats: tuple[str, ...] = ()
    timezone: str | None = None
    decimal: Literal[".", ","] | None = None
    thousands: Literal[",", ".", " ", "'", ""] | None = None

    def over(self, base: Parse) -> Parse:
        """This, with what is unset from the file's defaults."""
        return Parse(
            **{**base.model_dump(exclude_none=True), **self.model_dump(exclude_unset=True)}
        )


class ColumnRule(Strict):
    """Where a column of the seam comes from: one value, then the steps in the order listed.

    Attributes:
        from_column: A column of the file (`from:`).
        constant: The same for every line.
        template: Text with `{Column}`; `{_source_file}` and `{_source_line}` tell lines apart
            where the file has no key.
        multiply: The product of columns or numbers.
        add: Their sum.
        when: A condition on the line; gives `then`, else `otherwise` (`else:`).
        when_any: The same, true where any line of the same key meets it.
        split: Takes one part of the text.
        replace: Replaces what patterns find.
        case: Lower or upper case.
        map: Values to values, whole text; what is not in it is kept, unless there is a default.
        patterns: Patterns to values, the first that is found, after `map`.
        default: For what neither has, and for blanks.
        parse: How numbers and dates are written, where it differs from the file's own way.
        negate: Turns the sign.
        aggregate: Over all lines of the same key.
    """

    from_column: str | None = Field(default=None, alias="from")
    constant: Scalar | None = None
    template: str | None = None
    multiply: tuple[str | int | float, ...] | None = None
    add: tuple[str | int | float, ...] | None = None
    when: Condition | None = None
    when_any: Condition | None = None
    then: Scalar | None = None
    otherwise: Scalar | None = Field(default=None, alias="else")
    split: Split | None = None
    replace: tuple[Replacement, ...] = ()
    case: Literal["lower", "upper"] | None = None
    map: dict[str, Scalar | None] = {}
    patterns: tuple[Pattern, ...] = ()
    default: Scalar | None = None
    parse: Parse = Parse()
    negate: bool = False
    aggregate: Literal["sum", "min", "max", "count"] | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_short(cls, value: Any) -> Any:
        """`order_id: InvoiceNo` is short for `order_id: {from: InvoiceNo}`."""
        return {"from": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _has_one_value(self) -> ColumnRule:
        given = [name for name in _VALUES if name in self.model_fields_set]
        if len(given) != 1:
            names = ", ".join(("from", *_VALUES[1:]))
            raise ValueError(f"a column has exactly one of {names}")
        return self

    @property
    def has_default(self) -> bool:
        """Whether a default is given, be it null."""
        return "default" in self.model_fields_set

    def columns(self) -> Iterator[str]:
        """The file's columns that it reads."""
        if self.from_column:
            yield self.from_column
        for name in PLACEHOLDER.findall(self.template or ""):
            if name not in LINE_PLACEHOLDERS:
                yield name
        parts = (*(self.multiply or ()), *(self.add or ()))
        yield from (part for part in parts if isinstance(part, str))
        for condition in filter(None, (self.when, self.when_any)):
            yield from condition.columns()


class Keep(Strict):
    """Which line of a key is kept: the first or the last by a date, time or number of the file.

    Attributes:
        first: The smallest by this column.
        last: The greatest by this column.
        prefer: Lines that have a value here win over those that have none.
        parse: How the column is written.
    """

    first: str | None = None
    last: str | None = None
    prefer: str | None = None
    parse: Parse = Parse()

    @model_validator(mode="after")
    def _has_one_order(self) -> Keep:
        if bool(self.first) == bool(self.last):
            raise ValueError("keep has exactly one of first and last")
        return self

    def columns(self) -> Iterator[str]:
        """The file's columns that it reads."""
        yield from filter(None, (self.first, self.last, self.prefer))


class EntityRule(Strict):
    """How lines become rows of one entity.

    Attributes:
        entity: The entity of the seam.
        files: Pattern of the files that feed it; unset, all.
        where: The lines that feed it; unset, all.
        key: Columns of the entity that tell its rows apart: one row is made of each. Unset, every
            line is a row, exact repeats too.
        keep: Which line of a key is kept; unset, the last.
        required: Columns of the entity without which a line is rejected.
        columns: The entity's columns; those not named stay NULL.
    """

    entity: str
    files: str | None = None
    where: Condition | None = None
    key: tuple[str, ...] = ()
    keep: Keep | None = None
    required: tuple[str, ...] = ()
    columns: dict[str, ColumnRule]

    @model_validator(mode="before")
    @classmethod
    def _key_from_text(cls, value: Any) -> Any:
        if isinstance(value, dict) and isinstance(value.get("key"), str):
            return value | {"key": (value["key"],)}
        return value

    @model_validator(mode="after")
    def _fits_its_key(self) -> EntityRule:
        for name in (*self.key, *self.required):
            if name not in self.columns:
                raise ValueError(f"{self.entity} needs {name}, which has no rule")
        for name, rule in self.columns.items():
            if (rule.aggregate or rule.when_any) and not self.key:
                raise ValueError(f"{self.entity}.{name} is over a key, and there is none")
        if self.keep and not self.key:
            raise ValueError(f"{self.entity} has keep without a key")
        return self

    def file_columns(self) -> dict[str, str]:
        """The file's columns that it reads, with the first column of the seam that does."""
        needs: dict[str, str] = {}
        for name, rule in self.columns.items():
            for column in rule.columns():
                needs.setdefault(column, f"{self.entity}.{name}")
        for word, columns in (
            ("where", self.where.columns() if self.where else ()),
            ("keep", self.keep.columns() if self.keep else ()),
        ):
            for column in columns:
                needs.setdefault(column, f"{self.entity}.{word}")
        return needs


class FileFormat(Strict):
    """How the files are written.

    Attributes:
        type: Unset, by the ending of the name.
        pattern: Which files of a folder; unset, those whose name ends as the type's does.
        encoding: Of text files.
        delimiter: Between fields.
        quote: Around fields.
        columns: Names, where a CSV has no header.
        blanks: Texts that mean "no value", beside the empty one.
        parse: How numbers and dates are written.
    """

    type: Literal["csv", "jsonl", "parquet"] | None = None
    pattern: str = "*"
    encoding: str = "utf-8"
    delimiter: str = ","
    quote: str = '"'
    columns: tuple[str, ...] = ()
    blanks: tuple[str, ...] = ()
    parse: Parse = Parse()


class FileMapping(Strict):
    """A whole mapping.

    Attributes:
        description: What the files are.
        files: How they are written.
        entities: What they feed.
    """

    description: str = ""
    files: FileFormat = FileFormat()
    entities: tuple[EntityRule, ...]

    @property
    def keys(self) -> dict[str, tuple[str, ...]]:
        """From entity to key, of those that have one."""
        return {rule.entity: rule.key for rule in self.entities if rule.key}


MappingT = TypeVar("MappingT", bound=FileMapping)


def load_mapping(name: str, entities: Entities) -> FileMapping:
    """Reads and checks a mapping of files.

    Args:
        name: Name of one that ships with the project, or the path of a file.
        entities: The seam's contract.

    Raises:
        MappingError: It is not there, or names something that is not, with the nearest names.
    """
    return read_mapping(FileMapping, name, entities, SHIPPED)


def read_mapping(kind: type[MappingT], name: str, entities: Entities, shipped: Path) -> MappingT:
    """Reads and checks a mapping of any kind.

    Args:
        kind: What it is: of files, or of something else that has columns.
        name: Name of one that ships with the project, or the path of a file.
        entities: The seam's contract.
        shipped: The folder of those that ship with the project.

    Raises:
        MappingError: It is not there, or names something that is not, with the nearest names.
    """
    path = _find(name, shipped)
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        mapping = kind.model_validate(content)
    except yaml.YAMLError as error:
        raise MappingError(
            f"It is no YAML: {error}", where=_label(path), remedy="Correct the line"
        ) from None
    except ValidationError as error:
        raise _mapping_error(error, path) from None
    _check_against_seam(mapping, entities, path)
    return mapping


def nearest(name: str, known: Iterable[str]) -> str:
    """A remedy: the nearest known name, or all of them."""
    names = sorted(known)
    near = difflib.get_close_matches(name, names, n=1)
    return f"Did you mean {near[0]}?" if near else f"There are: {', '.join(names)}"


def _find(name: str, folder: Path) -> Path:
    shipped = folder / f"{name}.yml"
    if shipped.exists():
        return shipped
    path = Path(name)
    if path.is_file():
        return path
    known = [entry.stem for entry in folder.glob("*.yml")]
    raise MappingError(
        f"There is no mapping {name!r}",
        remedy=f"Give the path of a .yml file, or a shipped one. {nearest(name, known)}",
    )


def _check_against_seam(mapping: FileMapping, entities: Entities, path: Path) -> None:
    for rule in mapping.entities:
        if rule.entity not in entities:
            raise MappingError(
                f"There is no entity {rule.entity!r}",
                where=_label(path),
                remedy=nearest(rule.entity, entities),
            )
        for column in rule.columns:
            if column not in entities[rule.entity]:
                raise MappingError(
                    f"{rule.entity} has no column {column!r}",
                    where=_label(path),
                    remedy=nearest(column, entities[rule.entity]),
                )


def _mapping_error(error: ValidationError, path: Path) -> MappingError:
    problems = error.errors(include_url=False)
    unknown = [problem for problem in problems if problem["type"] == "extra_forbidden"]
    first = (unknown or problems)[0]
    place = ".".join(str(part) for part in first["loc"])
    reason = first["msg"].removeprefix("Value error, ")
    if first["type"] == "extra_forbidden":
        reason = "this word is not known here"
    return MappingError(
        f"{place}: {reason}" if place else reason,
        where=_label(path),
        remedy="See ingestion/sources/files/README.md",
    )


def _label(path: Path) -> str:
    return f"mapping {path.name}"
