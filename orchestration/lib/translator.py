"""How dbt's nodes look in Dagster: their keys, groups and checks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from graphlib import TopologicalSorter
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings

from orchestration.lib.planner import Manifest

TESTS = ("test", "unit_test")


class LayerTranslator(DagsterDbtTranslator):
    """Groups models by layer; a dbt source has the key of the raw table that the load makes."""

    def __init__(self) -> None:
        super().__init__(DagsterDbtTranslatorSettings(enable_source_tests_as_checks=True))

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        """The layer of a model, the kind of anything else."""
        kind: str = dbt_resource_props["resource_type"]
        layer: str = dbt_resource_props["fqn"][1]
        return layer if kind == "model" else f"{kind}s"


class NodeIndex:
    """Finds assets and checks by dbt's unique ids, and the other way round.

    Args:
        manifest: dbt's.
        assets: The assets that were made from it.
        translator: What they were made with.
    """

    def __init__(
        self, manifest: Manifest, assets: dg.AssetsDefinition, translator: LayerTranslator
    ) -> None:
        self._manifest = manifest
        self._nodes = {**manifest["nodes"], **manifest["sources"]}
        self._keys = {
            unique_id: translator.get_asset_key(node)
            for unique_id, node in self._nodes.items()
            if node["resource_type"] not in TESTS
        }
        self._assets = set(assets.keys)
        self._checks = {spec.key for spec in assets.check_specs}

    def in_order(self) -> Iterator[tuple[str, dg.AssetKey]]:
        """Unique id and asset of every model, seed and snapshot, upstream first."""
        parents: Mapping[str, list[str]] = self._manifest["parent_map"]
        for unique_id in TopologicalSorter(parents).static_order():
            key = self._keys.get(unique_id)
            if key and key in self._assets:
                yield unique_id, key

    def check_key(self, unique_id: str) -> dg.AssetCheckKey | None:
        """The check of a data test; a test of several models is a check of one of them."""
        node = self._nodes.get(unique_id)
        if node is None or node["resource_type"] != "test":
            return None
        candidates = (
            dg.AssetCheckKey(self._keys[parent], node["name"])
            for parent in [node.get("attached_node"), *node["depends_on"]["nodes"]]
            if parent in self._keys
        )
        return next((key for key in candidates if key in self._checks), None)

    def selection(self, keys: Iterable[dg.AssetKey]) -> list[str]:
        """How dbt selects these assets, each by its full name."""
        wanted = set(keys)
        return sorted(
            ".".join(self._nodes[unique_id]["fqn"])
            for unique_id, key in self._keys.items()
            if key in wanted and key in self._assets
        )

    def functions_over(self, keys: Iterable[dg.AssetKey]) -> list[str]:
        """How dbt selects the functions that read these assets."""
        wanted = set(keys)
        return sorted(
            ".".join(node["fqn"])
            for node in self._manifest.get("functions", {}).values()
            if any(self._keys.get(parent) in wanted for parent in node["depends_on"]["nodes"])
        )

    def is_stored(self, unique_id: str) -> bool:
        """Whether a node has rows of its own; a view has none, and counting them is its query."""
        return bool(self._nodes[unique_id]["config"].get("materialized") != "view")

    def relation(self, unique_id: str) -> tuple[str, str]:
        """Schema and table of a node."""
        node = self._nodes[unique_id]
        return node["schema"], node.get("alias") or node["name"]
