"""What is sent to Shopify is checked against its official schema."""

import datetime as dt
import gzip
import json

import pytest
from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    OperationDefinitionNode,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    build_client_schema,
    get_named_type,
    is_list_type,
    parse,
    validate,
    visit,
)
from graphql.type import get_nullable_type

from ingestion.sources.shopify.client import IDS_A_PAGE, LOCATIONS_A_PAGE, ROOTS
from ingestion.sources.shopify.documents import bulk_document, document, document_names
from ingestion.sources.shopify.settings import API_VERSION, version_expires
from sandbox.vendors.shopify.cost import HIGHEST, Costs

SEARCH = "updated_at:>='2026-01-01T00:00:00Z' AND updated_at:<'2026-02-01T00:00:00Z'"
BULK = [name for name in document_names() if name.endswith("_bulk")]
ASKED = [name for name in document_names() if not name.endswith("_bulk")]
SIZES = {f"{root.name}_page": {"first": root.page_size} for root in ROOTS.values()} | {
    "inventory_items_page": {"first": ROOTS["product_variants"].page_size},
    "location_levels_page": {"first": ROOTS["inventory_levels"].page_size},
    "locations_page": {"first": LOCATIONS_A_PAGE},
    "order_ids_page": {"first": IDS_A_PAGE},
    "order_agreements": {"first": 2, "salesFirst": 50},
}


@pytest.fixture(scope="session")
def schema(vendor_specs):
    with gzip.open(vendor_specs / f"shopify/admin_{API_VERSION}.json.gz") as file:
        return build_client_schema(json.load(file)["data"])


@pytest.mark.parametrize("name", ASKED)
def test_documents_are_valid(schema, name):
    assert validate(schema, parse(document(name))) == []


@pytest.mark.parametrize("name", BULK)
@pytest.mark.parametrize("search", [SEARCH, "title:\"a 'quoted' word\"", ""])
def test_bulk_documents_are_valid(schema, name, search):
    text = bulk_document(name, search)
    assert validate(schema, parse(text)) == []
    assert ("query:" in text) == bool(search)


@pytest.mark.parametrize("name", ASKED)
def test_no_page_costs_more_than_a_query_may(schema, name):
    found = parse(document(name))
    operation = next(d for d in found.definitions if isinstance(d, OperationDefinitionNode))
    assert Costs(schema, found, SIZES.get(name, {})).requested(operation) <= HIGHEST


class Connections(Visitor):
    """Depth and number of the connections of a document, and those inside a list."""

    def __init__(self, types):
        super().__init__()
        self.types = types
        self.path = []
        self.paths = []
        self.in_lists = []

    def enter_field(self, node: FieldNode, *_):
        kind = self.types.get_type()
        is_connection = get_named_type(kind).name.endswith("Connection")
        is_list = is_list_type(get_nullable_type(kind)) and node.name.value != "edges"
        self.path.append((node.name.value, is_connection, is_list))
        if is_connection:
            self.paths.append([name for name, connects, _ in self.path if connects])
            self.in_lists += [name for name, _, lists in self.path if lists]

    def leave_field(self, *_):
        self.path.pop()


@pytest.mark.parametrize("name", BULK)
def test_bulk_documents_keep_to_what_bulk_operations_allow(schema, name):
    found = parse(bulk_document(name, ""))
    assert all(isinstance(d, OperationDefinitionNode | FragmentDefinitionNode)
               for d in found.definitions)  # fmt: skip
    types = TypeInfo(schema)
    seen = Connections(types)
    visit(found, TypeInfoVisitor(types, seen))
    assert 1 <= len(seen.paths) <= 5
    assert max(len(path) for path in seen.paths) <= 3, "two levels below the root"
    assert seen.in_lists == []
    assert "$" not in bulk_document(name, ""), "a bulk operation takes no variables"


@pytest.mark.pitfall(26)
def test_the_version_is_supported_and_expires_after_a_year(vendor_specs):
    file = vendor_specs / "shopify/supported-versions-schema.json"
    supported = {entry["name"] for entry in json.loads(file.read_text())["admin"]}
    assert API_VERSION in supported
    assert version_expires(API_VERSION) == dt.date(2027, 10, 1)
    dated = sorted(name for name in supported if name[0].isdigit())
    newest = dt.date.fromisoformat(dated[-1] + "-01")
    assert all(version_expires(name) >= newest for name in dated)
