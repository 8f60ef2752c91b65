"""The rules of the rooms: who may read whom, and where dialect, names and hosts may stand."""

import re
import subprocess
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
DBT = PROJECT / "dbt_project"
LAYERS = ("staging", "intermediate", "marts", "reports")
PREFIXES = {
    "staging": ("stg_", "base_"),
    "intermediate": ("int_",),
    "marts": ("dim_", "fct_", "bridge_"),
    "reports": ("rpt_",),
}
# What the project itself writes into the warehouse.
OWN = ("ml", "operations")
# What belongs in macros/cross_db: these are read differently, or not at all, by another engine.
DIALECT = {
    "cast with ::": r"::",
    "qualify": r"\bqualify\b",
    "json arrow": r"->",
    "target.type": r"target\.type",
    "filter clause": r"\bfilter\s*\(\s*where\b",
    "at time zone": r"\bat\s+time\s+zone\b",
    "engine function": r"\b(generate_series|unnest|bool_or|bool_and|quantile_cont|epoch_ms|epoch|"
    r"regexp_matches|regexp_replace|regexp_like|arg_max|arg_min|max_by|min_by|list_agg|string_agg|"
    r"date_diff|datediff|date_add|dateadd|date_trunc|strftime|to_char|json_extract|iff|ifnull|nvl|"
    r"sha256|to_timestamp|median|any_value|last_day|split_part|strpos|instr|greatest|least)\s*\(",
}


def models(layer: str) -> list[Path]:
    return sorted((DBT / "models" / layer).rglob("*.sql"))


def sql(file: Path) -> str:
    """A model without comments and without what Jinja prints: macros and dbt's own functions."""
    text = re.sub(r"\{#.*?#\}|\{\{.*?\}\}|\{%.*?%\}", " ", file.read_text(), flags=re.DOTALL)
    return re.sub(r"--[^\n]*", "", text)


def reads(file: Path) -> list[str]:
    return re.findall(r"ref\(\s*['\"](\w+)['\"]", file.read_text())


@pytest.mark.parametrize("rule", DIALECT)
def test_dialect_stands_in_cross_db_only(rule):
    places = [
        str(file.relative_to(DBT))
        for layer in LAYERS
        for file in models(layer)
        if re.search(DIALECT[rule], sql(file), flags=re.IGNORECASE)
    ]
    assert not places, f"{rule}: belongs in macros/cross_db"


@pytest.mark.parametrize("layer", LAYERS)
def test_models_are_named_by_their_layer(layer):
    assert not [file.stem for file in models(layer) if not file.stem.startswith(PREFIXES[layer])]


def test_only_staging_reads_sources():
    places = [f.stem for layer in LAYERS[1:] for f in models(layer) if "source(" in f.read_text()]
    assert not places


def test_staging_reads_nothing_but_its_source():
    """A `base_` model is a raw table renamed, where one entity comes from several of them."""
    readers = [file for file in models("staging") if reads(file)]
    assert not [
        file.stem
        for file in readers
        if not all(name.startswith(f"base_{file.parent.name}__") for name in reads(file))
    ]


def _entities(staging: Path) -> set[str]:
    return {file.stem.partition("__")[2] for file in staging.glob("stg_*.sql")}


def test_a_vendor_is_named_left_of_the_seam_only():
    """Right of the seam a source is a value in a seed, never a word in a model.

    Two sources have the word of what they bring (`web_events`, `fx_rates`): that word is free.
    What the project itself writes (`ml`, `operations`) is no vendor's, and passes no seam.
    """
    folders = [folder for folder in (DBT / "models/staging").iterdir() if folder.name not in OWN]
    entities = {entity for folder in folders for entity in _entities(folder)}
    vendors = "|".join(folder.name for folder in folders if folder.name not in entities)
    right = [f for layer in LAYERS[1:] for f in models(layer)]
    assert not [f.stem for f in right if re.search(rf"\b(stg_)?({vendors})(__\w+)?\b", sql(f))]
    staged = re.compile(rf"stg_(?!({'|'.join(OWN)})__)")
    assert not [f.stem for f in right if any(staged.match(name) for name in reads(f))]


def test_marts_do_not_read_reports():
    assert not [f.stem for f in models("marts") if any(n.startswith("rpt_") for n in reads(f))]


def test_a_model_is_short():
    assert not [
        f.stem for layer in LAYERS for f in models(layer) if len(f.read_text().splitlines()) > 200
    ]


def test_every_make_target_that_is_named_exists():
    targets = set(re.findall(r"^([a-z][a-z-]*):", (PROJECT / "Makefile").read_text(), re.MULTILINE))
    for page in ("README.md", "CONTRIBUTING.md", ".github/workflows/ci.yml", ".ci/run"):
        named = re.findall(
            r"(?:^|`|run: )make ([a-z][a-z-]*)", (PROJECT / page).read_text(), re.MULTILINE
        )
        assert set(named) <= targets, f"{page} names a target that the Makefile has not"


def test_no_file_names_a_registry_or_a_path_of_one_machine():
    hosts = r"(pypi|pythonhosted|npmjs|debian|getdbt)[.](org|com)"
    paths = r"(^|[^A-Za-z0-9_.])/(work|root|farm)/[A-Za-z.]"
    found = subprocess.run(
        ["git", "grep", "-nIE", f"{hosts}|{paths}", "--", ".", ":!tests/unit/test_rooms.py"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert not found.stdout
