"""Files that follow from the segments' rules: `make segments` writes them.

dbt reads no YAML of its own accord: what its models run is written from the rules, and a test
fails where that was forgotten.
"""

from __future__ import annotations

from pathlib import Path

from orchestration.segments.facts import read_facts
from orchestration.segments.rules import Segment, read_segments
from orchestration.segments.sql import literal, membership_sql

PROJECT = Path(__file__).parents[2] / "dbt_project"
NOTE = "Written by `make segments` from segments/*.yml: change those."


def written_files(project: Path) -> dict[Path, str]:
    """Every file that follows from the rules, with its text.

    Args:
        project: The folder of `dbt_project.yml`.

    Raises:
        SegmentError: A rule is wrong.
    """
    facts = read_facts(project)
    segments = read_segments(project, facts)
    macros = project / "macros" / "segments"
    return {
        macros / "segment_memberships.sql": _macro(
            "segment_memberships", membership_sql(facts, segments, segments)
        ),
        macros / "segment_list.sql": _macro("segment_list", _listed(segments)),
    }


def write(project: Path) -> None:
    """Writes the files.

    Args:
        project: The folder of `dbt_project.yml`.

    Raises:
        SegmentError: A rule is wrong; nothing is written then.
    """
    for path, text in written_files(project).items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def _listed(segments: dict[str, Segment]) -> str:
    rows = [
        f"select\n    {literal(segment.key)} as segment_key,\n"
        f"    {_text(segment.label)} as segment_label,\n"
        f"    {_text(segment.description)} as segment_description\n"
        for segment in segments.values()
    ]
    nothing = (
        "select\n    'none' as segment_key,\n    'none' as segment_label,\n"
        "    'none' as segment_description\nwhere 1 = 0\n"
    )
    return "union all\n".join(rows) or nothing


def _text(text: str) -> str:
    """A text for people: what a template could read as its own is taken apart."""
    return literal(text.replace("{", "(").replace("}", ")").replace("\\", "/").replace("\n", " "))


def _macro(name: str, text: str) -> str:
    return f"{{# {NOTE} #}}\n{{% macro {name}() -%}}\n{text}{{%- endmacro %}}\n"


def main() -> None:
    """Writes what follows from the rules of this project."""
    write(PROJECT)


if __name__ == "__main__":
    main()
