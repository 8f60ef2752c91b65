"""`.env.example` explains every setting, and invents none."""

import re
from pathlib import Path

import pytest
from pydantic import BaseModel

from ingestion.registry import source_specs
from ingestion.settings import Settings, load_settings

EXAMPLE = Path(__file__).parents[3] / ".env.example"
# Read before there are settings, or not meant to be changed.
BESIDE = {"DAGSTER_HOME"}
NOT_SHOWN = {"PROJECT_DIR"}


def names_in_example() -> set[str]:
    return set(re.findall(r"^#?([A-Z][A-Z0-9_]*)=", EXAMPLE.read_text(), flags=re.MULTILINE))


def variables(model: type[BaseModel], prefix: str = "") -> set[str]:
    """The variables of a section; a numbered list shows its first."""
    found: set[str] = set()
    for name, field in model.model_fields.items():
        variable = str(field.validation_alias or prefix + name.upper())
        nested = next((part for part in _models_in(field.annotation)), None)
        if nested is None:
            found.add(variable)
            continue
        number = "" if field.annotation is nested else "0__"
        found |= variables(nested, f"{variable}__{number}")
    return found


def _models_in(annotation: object) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in getattr(annotation, "__args__", ()) for model in _models_in(part)]


def all_variables() -> set[str]:
    found = variables(Settings) - NOT_SHOWN
    for spec in source_specs().values():
        found |= variables(spec.settings, spec.settings.model_config["env_prefix"])
    return found


def test_every_setting_is_explained():
    assert names_in_example() == all_variables() | BESIDE


def test_the_file_itself_is_a_valid_env(tmp_path):
    file = tmp_path / ".env"
    file.write_text(EXAMPLE.read_text())
    assert load_settings(env_file=file) == load_settings(env_file=None)


@pytest.mark.parametrize("line", re.findall(r"^#?[A-Z][A-Z0-9_]*=.*$", EXAMPLE.read_text(), re.M))
def test_a_line_of_the_example_has_no_secret(line):
    name, _, value = line.partition("=")
    assert not value or not re.search(r"TOKEN(?!_URL)|SECRET|PASSWORD|SALT|WEBHOOK", name)
