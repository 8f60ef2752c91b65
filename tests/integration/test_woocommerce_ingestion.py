"""WooCommerce's connector against its twin, into real engines."""

import datetime as dt
import ipaddress
import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from ingestion.errors import CredentialsError, VendorUnavailableError
from ingestion.run import ingest
from ingestion.settings import Settings
from ingestion.sources.woocommerce.client import connect
from ingestion.sources.woocommerce.settings import WooCommerceSettings
from ingestion.sources.woocommerce.spec import SPEC
from ingestion.spec import ClientContext
from sandbox.faults import Fault
from sandbox.vendors.woocommerce import consumer_key, consumer_secret
from sandbox.world.shops import WOOCOMMERCE, handles_of
from tests.integration.connector import (
    duckdb_settings,
    load,
    postgres_settings,
    query,
    raw_rows,
    spoil,
    stage,
)
from tests.running_sandbox import run_sandbox

pytestmark = pytest.mark.integration

SHOPS = handles_of(WOOCOMMERCE)
VERSIONED = ("customers", "products", "variations")


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sandbox")
    with run_sandbox(folder, now="2026-06-30T12:00:00") as running:
        yield running


@pytest.fixture(autouse=True)
def no_faults_left(sandbox):
    yield
    sandbox.sandbox.faults.clear()


@pytest.fixture
def _small_pages(monkeypatch):
    """Pages of a world of this size would all be the first."""
    monkeypatch.setattr("ingestion.sources.woocommerce.api.PAGE_ROWS", 8)


def section_of(sandbox, **fields):
    stores = [
        {
            "name": shop,
            "url": f"{sandbox.url('woocommerce')}/{shop}",
            "consumer_key": consumer_key(shop),
            "consumer_secret": consumer_secret(shop),
            **fields,
        }
        for shop in SHOPS
    ]
    return WooCommerceSettings(_env_file=None, stores=stores, requests_per_second=1000)


@pytest.fixture(scope="module")
def clean(sandbox, tmp_path_factory):
    """Both stores, loaded undisturbed into DuckDB."""
    settings = duckdb_settings(tmp_path_factory.mktemp("clean"))
    summary = load(sandbox, settings, SPEC, section_of(sandbox))
    return settings, raw_rows(settings, SPEC), summary


def test_every_table_has_its_rows_in_their_types(clean):
    _, rows, summary = clean
    assert all(rows.values())
    assert all(max(counts.values()) == 1 for counts in rows.values())
    assert not summary.variant_columns
    assert not summary.new_columns


def test_two_stores_whose_ids_overlap_stay_two(clean):
    _, rows, _ = clean
    ids = {shop: {row[1] for row in rows["orders"] if row[0] == shop} for shop in SHOPS}
    first, second = ids.values()
    assert first & second
    assert len(rows["orders"]) == len(first) + len(second)


def test_staging_meets_the_seam(clean):
    stage(clean[0], "woocommerce")
    ((staged,),) = query(clean[0], SPEC, "select count(*) from staging.stg_woocommerce__orders")
    assert staged == sum(clean[1]["orders"].values())


def test_staged_sums_equal_the_ledger(sandbox, clean):
    view = sandbox.sandbox.world.view()
    for shop in SHOPS:
        orders = view.orders[(view.orders["shop"] == shop) & view.orders["deleted_at"].isna()]
        back = view.refunds[view.refunds["order_id"].isin(orders["order_id"])]
        (found,) = query(
            clean[0],
            SPEC,
            f"""
            select
                (select count(*) from {{raw}}.orders
                 where _account_id = '{shop}' and not is_deleted),
                (select cast(sum(total) * 100 as bigint) from {{raw}}.orders
                 where _account_id = '{shop}' and not is_deleted),
                (select cast(sum(lines.total + lines.total_tax) * 100 as bigint)
                 from {{raw}}.order_lines as lines
                 inner join {{raw}}.orders as orders
                     on lines._account_id = orders._account_id and lines.order_id = orders.id
                 where lines._account_id = '{shop}' and not orders.is_deleted),
                (select cast(sum(refunds.amount) * 100 as bigint)
                 from {{raw}}.refunds as refunds
                 inner join {{raw}}.orders as orders
                     on refunds._account_id = orders._account_id and refunds.order_id = orders.id
                 where refunds._account_id = '{shop}' and not orders.is_deleted)
            """,
        )
        total = orders["total"].sum()
        assert found == (len(orders), total, total, back["total"].sum())


@pytest.mark.postgres
def test_postgres_gets_what_duckdb_gets(sandbox, clean, tmp_path, postgres_uri):
    settings = postgres_settings(tmp_path, postgres_uri)
    load(sandbox, settings, SPEC, section_of(sandbox))
    assert raw_rows(settings, SPEC) == clean[1]


@pytest.mark.parametrize(
    "kind",
    [
        Fault.THROTTLE,
        Fault.SERVER_ERROR,
        Fault.CUT_CONNECTION,
        Fault.CUT_JSON,
        Fault.DUPLICATE_PAGE,
        Fault.SHIFTING_PAGE,
    ],
)
@pytest.mark.usefixtures("_small_pages")
def test_faults_leave_no_trace(sandbox, clean, tmp_path, kind):
    settings = duckdb_settings(tmp_path)
    sandbox.fail("woocommerce", kind, 3)
    load(sandbox, settings, SPEC, section_of(sandbox))
    assert raw_rows(settings, SPEC) == clean[1]
    assert not sandbox.sandbox.faults.pending["woocommerce"]


@pytest.mark.pitfall(12)
def test_a_second_run_with_nothing_new_loads_nothing(sandbox, tmp_path):
    settings, section = duckdb_settings(tmp_path), section_of(sandbox)
    load(sandbox, settings, SPEC, section)
    for _ in range(2):
        again = load(sandbox, settings, SPEC, section)
        assert again.new_rows == again.loaded_rows == 0
        assert sum(table.overlap_rows for table in again.tables) > 0


@pytest.mark.pitfall(11)
@pytest.mark.pitfall(14)
def test_days_of_loads_equal_one_load_at_the_end(tmp_path):
    """Orders that were deleted meanwhile are known to the first warehouse only, and marked."""
    with run_sandbox(tmp_path / "sandbox", seed=2, now="2026-05-10T12:00:00") as running:
        kept, section = duckdb_settings(tmp_path), section_of(running)
        load(running, kept, SPEC, section)
        for _ in range(6):
            running.advance(7)
            load(running, kept, SPEC, section)
        fresh = duckdb_settings(tmp_path)
        load(running, fresh, SPEC, section)
        for name, rows in without_deleted(fresh).items():
            found = without_deleted(kept)[name]
            assert (rows <= found) if name in VERSIONED else (rows == found), name


def without_deleted(settings):
    """Raw rows, less those of orders that are deleted."""
    rows = raw_rows(settings, SPEC)
    gone = set(query(settings, SPEC, "select _account_id, id from {raw}.orders where is_deleted"))
    tables = {table.name: table for table in SPEC.tables_for(settings)}
    for name, found in rows.items():
        columns = ["_account_id", *tables[name].columns]
        owner = "id" if name == "orders" else "order_id"
        if owner in columns and (name == "orders" or "order_id" in columns):
            place = columns.index(owner)
            for row in [each for each in found if (each[0], each[place]) in gone]:
                del found[row]
    return rows


@pytest.mark.pitfall(14)
def test_an_order_that_is_gone_without_a_trace_is_marked_with_all_that_it_owns(sandbox, tmp_path):
    settings, section = duckdb_settings(tmp_path), section_of(sandbox)
    load(sandbox, settings, SPEC, section)
    right = raw_rows(settings, SPEC)
    # An order that the warehouse knows and the store does not.
    for table, column in (("orders", "id"), ("order_lines", "order_id")):
        spoil(
            settings,
            SPEC,
            f"""
            insert into {{raw}}.{table}
            select * replace ({column} || '000' as {column}
                {", id || '000' as id" if column != "id" else ""})
            from {{raw}}.{table} where _account_id = '{SHOPS[0]}' and {column} = (
                    select id from {{raw}}.orders where _account_id = '{SHOPS[0]}'
                    order by date_created_gmt desc limit 1)
            """,
        )
    assert load(sandbox, settings, SPEC, section).loaded_rows == 0
    tomorrow = sandbox.sandbox.world.clock.now.to_pydatetime() + dt.timedelta(days=1)
    ingest(settings, SPEC, section=section, clock=lambda: tomorrow, sleep=lambda _: None)
    found = raw_rows(settings, SPEC)
    marked = query(
        settings, SPEC, "select id from {raw}.orders where id like '%000' and is_deleted"
    )
    assert len(marked) == 1
    assert sum(found["order_lines"].values()) > sum(right["order_lines"].values())
    assert all(row in found["orders"] for row in right["orders"])


def test_a_range_is_loaded_again_and_the_cursor_stays(sandbox, clean, tmp_path):
    settings, section = duckdb_settings(tmp_path), section_of(sandbox)
    load(sandbox, settings, SPEC, section)
    spoil(settings, SPEC, "update {raw}.orders set total = total + 1")
    first = dt.date(2026, 1, 1)
    load(sandbox, settings, SPEC, section, date_from=first, date_to=dt.date(2026, 6, 30))
    found = query(
        settings,
        SPEC,
        "select sum(case when date_modified_gmt >= timestamptz '2026-01-01 00:00:00+00'"
        " then total else total - 1 end) from {raw}.orders",
    )
    assert found == query(clean[0], SPEC, "select sum(total) from {raw}.orders")
    again = load(sandbox, settings, SPEC, section)
    assert again.new_rows == 0


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("consumer_key", "ck_nobody", "you cannot list resources"),
        ("consumer_secret", "cs_guessed", "signature does not match"),
        ("auth", "basic", "you cannot list resources"),
    ],
)
def test_wrong_credentials_are_one_line_without_the_secret(sandbox, tmp_path, field, value, said):
    section = section_of(sandbox, **{field: value})
    with pytest.raises(CredentialsError, match=said) as refused:
        load(sandbox, duckdb_settings(tmp_path), SPEC, section)
    text = str(refused.value)
    assert "\n" not in text
    assert "WOOCOMMERCE__STORES__0__CONSUMER_*" in text
    assert "cs_" not in text.replace("CONSUMER_", "")
    assert consumer_key(SHOPS[0]) not in text


def test_a_host_that_is_down_is_one_clear_error(sandbox, tmp_path):
    sandbox.fail("woocommerce", Fault.SERVER_ERROR, 20)
    with pytest.raises(VendorUnavailableError, match="failed 7 times; the last time status 503"):
        load(sandbox, duckdb_settings(tmp_path), SPEC, section_of(sandbox))


def test_over_https_the_key_is_user_and_password(tmp_path, monkeypatch):
    """A server of its own with a certificate of its own: what arrives there."""
    seen = []

    class Shop(BaseHTTPRequestHandler):
        def do_GET(self):
            seen.append((self.headers["Authorization"], self.path))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"[]")

        def log_message(self, *_):
            return None

    certificate = self_signed(tmp_path)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Shop)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    try:
        client = client_of(f"https://127.0.0.1:{server.server_port}")
        client.check()
        client.close()
    finally:
        server.shutdown()
    ((header, path),) = seen
    assert header.startswith("Basic ")
    assert "consumer" not in path
    assert "oauth" not in path


def client_of(url):
    store = {"name": "s", "url": url, "consumer_key": "ck_a", "consumer_secret": "cs_b"}
    section = WooCommerceSettings(_env_file=None, stores=[store])
    now = dt.datetime.now(dt.UTC)
    context = ClientContext(
        source="woocommerce",
        settings=Settings(_env_file=None),
        section=section,
        now=now,
        clock=lambda: now,
        sleep=lambda _: None,
        state={},
        note=lambda _: None,
    )
    return connect(section.stores[0], context)


def self_signed(folder):
    """A key and its certificate for 127.0.0.1, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    file = folder / "shop.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    file.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    return file
