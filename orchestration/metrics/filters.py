"""Conditions of a question in MetricFlow's form, with values that stay data."""

from __future__ import annotations

from collections.abc import Sequence

from orchestration.errors import MetricError

# What a template or a driver reads as its own, and Snowflake's escape character.
_SPOKEN_FOR = frozenset("{}%#\\")


def condition(dimension: str, values: Sequence[str]) -> str:
    """Rows whose dimension has one of the values.

    Args:
        dimension: A name from the definitions, never from the user.
        values: Any texts.
    """
    return f"{{{{ Entity('{dimension}') }}}} in ({', '.join(map(text_literal, values))})"


def text_literal(value: str) -> str:
    """A text as SQL that every engine and MetricFlow's templates leave as it is.

    Quotes are doubled. Whatever is not printed as it stands is named by its number: MetricFlow
    reads conditions as templates, and moves lines when it indents them.

    Args:
        value: Any text.

    Raises:
        MetricError: No warehouse can hold it.
    """
    if "\0" in value or any("\ud800" <= character <= "\udfff" for character in value):
        raise MetricError(
            "A filter value has bytes that are no text", remedy="Write it in UTF-8, without them"
        )
    parts = [""]
    for character in value:
        if character.isprintable() and character not in _SPOKEN_FOR:
            parts[-1] += character
        else:
            parts += [f"chr({ord(character)})", ""]
    texts = ("'" + part.replace("'", "''") + "'" for part in parts[::2])
    numbers = parts[1::2]
    literal = next(texts)
    for number, text in zip(numbers, texts, strict=True):
        literal += f" || {number} || {text}"
    return f"({literal})" if numbers else literal
