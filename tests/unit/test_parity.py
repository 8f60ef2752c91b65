"""One word a source, in every place; and staging that meets the seam's contract."""

from pathlib import Path

import pytest
import yaml

from ingestion.registry import source_specs
from ingestion.settings import Settings

PROJECT = Path(__file__).parents[2]
STAGING = PROJECT / "dbt_project/models/staging"
SPECS = source_specs()
SEAM_ADDS = {"source_name"}


def read_yaml(file: Path) -> dict:
    return yaml.safe_load(file.read_text())


def project() -> dict:
    return read_yaml(PROJECT / "dbt_project/dbt_project.yml")


def contract(entity: str) -> set[str]:
    """What a staging model has to give: the seam's columns less those that the seam makes."""
    for file in (PROJECT / "dbt_project/models/intermediate").rglob("_*__models.yml"):
        for model in read_yaml(file)["models"]:
            if model["name"] == f"int_{entity}_unioned":
                names = {column["name"] for column in model["columns"]}
                return {name for name in names - SEAM_ADDS if not name.endswith("_key")}
    raise AssertionError(f"no seam for {entity}")


def staged(source: str) -> dict[str, set[str]]:
    """Columns of each staging model, by its entity."""
    models = [m for f in (STAGING / source).glob("_*models.yml") for m in read_yaml(f)["models"]]
    return {
        model["name"].removeprefix(f"stg_{source}__"): {c["name"] for c in model["columns"]}
        for model in models
    }


def test_there_are_sources():
    assert SPECS


@pytest.mark.parametrize("source", SPECS)
def test_a_source_has_its_word_in_every_place(source):
    yml = read_yaml(STAGING / source / f"_{source}__sources.yml")["sources"]
    assert [entry["name"] for entry in yml] == [source]
    assert yml[0]["schema"].endswith(f"raw_{source}")
    assert (PROJECT / "ingestion/sources" / source / "README.md").exists()
    assert source in project()["models"]["basketline"]["staging"]
    assert source in project()["sources"]["basketline"]["staging"]
    twin = PROJECT / "sandbox/vendors"
    has_twin = (twin / f"{source}.py").exists() or (twin / source).is_dir()
    assert has_twin == SPECS[source].has_twin


@pytest.mark.parametrize("source", SPECS)
def test_staging_reads_tables_that_are_loaded(source):
    declared = read_yaml(STAGING / source / f"_{source}__sources.yml")["sources"][0]["tables"]
    loaded = {table.name for table in SPECS[source].tables_for(Settings())}
    assert {table["name"] for table in declared} <= loaded


@pytest.mark.parametrize("source", SPECS)
def test_staging_gives_what_the_seam_expects(source):
    entities = project()["vars"]["source_entities"][source]
    columns = staged(source)
    missing = {
        entity: sorted(contract(entity) - columns.get(entity, set()))
        for entity in entities
        if not contract(entity) <= columns.get(entity, set())
    }
    assert not missing


def test_every_entity_comes_from_somewhere():
    given = {e for entities in project()["vars"]["source_entities"].values() for e in entities}
    seams = {
        model["name"].removeprefix("int_").removesuffix("_unioned")
        for file in (PROJECT / "dbt_project/models/intermediate").rglob("_*__models.yml")
        for model in read_yaml(file)["models"]
        if "union_sources(" in next(file.parent.glob(f"{model['name']}.sql")).read_text()
    }
    assert given == seams
