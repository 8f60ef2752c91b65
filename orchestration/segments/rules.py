"""Rules of segments: YAML in, a tree out; what is wrong is told with its file and line.

A rule is `all`, `any` or `not` of other rules, or one of

    field: rfm_segment                what is known of the customer
    count: orders                     rows of a fact; with `where`, `last_days` or `days_ago`
    sum: orders.net_amount            likewise, a field of theirs
    days_since_last: sessions         days from the newest row, days_since_first from the oldest
    segment: vip                      the members of another segment

and comparisons: is, is_not, in, not_in, at_least, at_most, more_than, less_than, between, is_known.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from orchestration.segments.facts import FactsByName
from orchestration.segments.parser import RuleParser
from orchestration.segments.places import Place, read_entry
from orchestration.segments.tree import InSegment, Rule, Together


@dataclass(frozen=True)
class Segment:
    """A segment as its file defines it."""

    key: str
    label: str
    description: str
    rule: Rule
    text: str


def read_segments(project: Path, facts: FactsByName) -> dict[str, Segment]:
    """Every segment by key, in the order of keys.

    Args:
        project: The folder of `dbt_project.yml`.
        facts: What rules may ask.

    Raises:
        SegmentError: A rule is wrong; it names file and line.
    """
    files = sorted((project / "segments").glob("[!_]*.yml"))
    segments = {file.stem: read_segment(file, facts) for file in files}
    check_references(segments)
    return segments


def read_segment(file: Path, facts: FactsByName) -> Segment:
    """One segment; what it refers to is not looked at."""
    top = read_entry(file)
    top.only("label", "description", "rule")
    place = Place(file.name, 1, 1)
    if not _is_key(file.stem):
        raise place.error(
            f"{file.stem!r} is no key of a segment",
            "Name the file in small letters, digits and _, at most 40 of them",
        )
    return Segment(
        key=file.stem,
        label=top.text("label"),
        description=top.text("description"),
        rule=RuleParser(facts).rule(top.entry("rule")),
        text=file.read_text(),
    )


def check_references(segments: dict[str, Segment]) -> None:
    """Refuses a rule that leads back to itself, or to a segment that is not there.

    Raises:
        SegmentError: At the place of the reference.
    """
    sound: set[str] = set()
    for key in segments:
        _follow(key, segments, (), sound)


def _follow(key: str, segments: dict[str, Segment], path: tuple[str, ...], sound: set[str]) -> None:
    if key in sound:
        return
    for reference in references(segments[key].rule):
        way = (*path, key)
        if reference.key not in segments:
            raise reference.place.error(
                f"There is no segment {reference.key!r}", f"There are: {', '.join(segments)}"
            )
        if reference.key in way:
            circle = " -> ".join((*way[way.index(reference.key) :], reference.key))
            raise reference.place.error(
                f"Segments go round in a circle: {circle}", "Take one of the references out"
            )
        _follow(reference.key, segments, way, sound)
    sound.add(key)


def references(rule: Rule) -> Iterator[InSegment]:
    """Every reference to another segment in a rule."""
    if isinstance(rule, InSegment):
        yield rule
    if isinstance(rule, Together):
        for part in rule.parts:
            yield from references(part)


def _is_key(text: str) -> bool:
    is_plain = text.isascii() and text.replace("_", "a").isalnum() and text == text.lower()
    return is_plain and text[0].isalpha() and len(text) <= 40
