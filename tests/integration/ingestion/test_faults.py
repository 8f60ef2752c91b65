"""What goes wrong inside a load: nothing half-loaded, nothing left that blocks the next one."""

from __future__ import annotations

import socket

import pytest

from ingestion.destinations import Warehouse
from ingestion.errors import LoadError, VendorUnavailableError
from tests.integration.ingestion.vendor import TABLE_NAMES, Section, Vendor

pytestmark = pytest.mark.integration
SECTION = Section(_env_file=None)


def orders(*keys: str) -> dict[str, list[dict]]:
    updated = "2026-01-01T00:00:00Z"
    return {"orders": [{"id": key, "total": "1", "updated_at": updated} for key in keys]}


def test_a_vendor_that_fails_half_way_leaves_nothing_behind(place):
    acme = Vendor({"eu": orders("1", "2"), "us": orders("3")})
    place.load(acme.spec, SECTION)
    before = place.everything("raw_acme", TABLE_NAMES)
    acme.data["eu"] = orders("1", "2", "4")
    good = acme.connect

    class Failing:
        def extract(self, *_):
            yield "orders", orders("5")["orders"]
            raise VendorUnavailableError("it is down", where="acme us", remedy="Wait")

        def close(self):
            pass

    def connect(account, context):
        return good(account, context) if account.account_id == "eu" else Failing()

    acme.connect = connect
    with pytest.raises(VendorUnavailableError, match="acme us: it is down"):
        place.load(acme.spec, SECTION)
    assert place.everything("raw_acme", TABLE_NAMES) == before
    acme.connect = good
    summary = place.load(acme.spec, SECTION)
    assert summary.resumed_packages == 0
    assert len(place.rows("raw_acme.orders")) == 4


def change_id_type(place, kind: str) -> None:
    schema = Warehouse(place.settings).schema("raw_acme")
    connection = Warehouse(place.settings).connect(read_only=False)
    connection.cursor().execute(
        f"alter table {schema}.orders alter column id type {kind} using cast(id as {kind})"
    )
    connection.commit()
    connection.close()


def test_a_package_that_the_warehouse_refuses_is_given_up_and_the_next_run_loads(place):
    acme = Vendor({"eu": orders("1"), "us": {}})
    place.load(acme.spec, SECTION)
    change_id_type(place, "integer")
    acme.data["eu"] = orders("1", "Anna Smith")
    with pytest.raises(LoadError, match="start again") as caught:
        place.load(acme.spec, SECTION)
    assert "Anna" not in str(caught.value)
    assert "\n" not in str(caught.value)
    assert [row["id"] for row in place.rows("raw_acme.orders")] == [1]
    change_id_type(place, "varchar")
    summary = place.load(acme.spec, SECTION)
    assert summary.resumed_packages == 0
    assert [row["id"] for row in place.rows("raw_acme.orders")] == ["1", "Anna Smith"]


def test_nothing_but_the_warehouse_is_spoken_to(duckdb_place, monkeypatch):
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a load spoke to the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    duckdb_place.load(Vendor({"eu": orders("1"), "us": {}}).spec, SECTION)
    assert [row["id"] for row in duckdb_place.rows("raw_acme.orders")] == ["1"]
