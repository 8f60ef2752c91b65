"""`basketline export`: whole files, the same rows from each engine, persons only when asked for."""

import csv
import datetime as dt
from decimal import Decimal

import pyarrow.parquet as pq
import pytest
import yaml

from ingestion.destinations import Warehouse
from ingestion.settings import load_settings
from orchestration.errors import ExportError
from orchestration.exports import exported, files
from orchestration.exports.exported import export
from orchestration.exports.wanted import PERSONS, read_models
from orchestration.segments.written import PROJECT
from tests.integration.s3_twin import object_store

pytestmark = pytest.mark.integration

MODELS = read_models(PROJECT)
ADDRESS = "ann@example.com"
VALUES = {
    "dim_customers": [
        {"customer_key": "a", "customer_id": "C-a", "country_code": "DE", "purchase_count": 3},
        {"customer_key": "b", "customer_id": "C-b", "country_code": None, "purchase_count": 1},
    ],
    PERSONS: [{"customer_key": "a", "email": ADDRESS, "first_name": 'Ann "A", O\'Hara'}],
    "fct_segment_memberships": [
        {"segment_key": "vip", "customer_key": "a", "is_member": True, "entry_date": "2026-05-01"},
        {"segment_key": "vip", "customer_key": "b", "is_member": False, "entry_date": "2026-05-01"},
    ],
    "rpt_metrics_daily": [
        {"metric_key": "cac", "numerator": "1.5", "value": 0.75, "metric_date": "2026-05-01"},
        {"metric_key": "cvr", "numerator": "2", "value": 0.5, "metric_date": "2026-05-01"},
    ],
    "fct_social_daily": [],
}
VARIABLES = ("WAREHOUSE", "DUCKDB_PATH", "POSTGRES_URL")


@pytest.fixture(scope="module")
def filled(warehouse, tmp_path_factory):
    """Settings of a warehouse with a few marts, typed as their contracts say."""
    variables = dict(warehouse.environment)
    if variables["WAREHOUSE"] == "postgres":
        variables["POSTGRES_URL"] = warehouse.url
    known = {name.lower(): value for name, value in variables.items() if name in VARIABLES}
    data_dir = tmp_path_factory.mktemp("data")
    settings = load_settings(env_file=None, data_dir=data_dir, **known)
    connection = Warehouse(settings).connect(read_only=False)
    cursor = connection.cursor()
    for schema in ("marts", "marts_pii", "reports"):
        cursor.execute(f"create schema {Warehouse(settings).schema(schema)}")
    for name, rows in VALUES.items():
        fill(cursor, settings, name, rows)
    connection.commit()
    connection.close()
    return settings


def fill(cursor, settings, name, rows):
    table = f"{Warehouse(settings).schema(MODELS[name].schema)}.{name}"
    listed = ", ".join(f"{column} {kind}" for column, kind in contract(name).items())
    cursor.execute(f"create table {table} ({listed})")
    for row in rows:
        values = ", ".join(literal(value) for value in row.values())
        cursor.execute(f"insert into {table} ({', '.join(row)}) values ({values})")


def contract(name):
    for file in PROJECT.glob("models/**/_*__models.yml"):
        for model in yaml.load(file.read_text(), yaml.CSafeLoader)["models"]:
            if model["name"] == name:
                return {column["name"]: column["data_type"] for column in model["columns"]}
    raise KeyError(name)


def literal(value):
    if value is None:
        return "null"
    if isinstance(value, bool | int | float):
        return str(value).lower()
    return "'" + value.replace("'", "''") + "'"


def rows_of(path):
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def test_a_segment_is_its_members(filled, tmp_path):
    done = export(filled, "vip", str(tmp_path / "vip.csv"), "csv")
    assert (done.row_count, "email" in done.left_out) == (1, True)
    (row,) = rows_of(tmp_path / "vip.csv")
    assert (row["customer_id"], row["entry_date"]) == ("C-a", "2026-05-01")
    assert ADDRESS not in (tmp_path / "vip.csv").read_text()


def test_persons_come_when_asked_for_and_only_their_owner_reads_them(filled, tmp_path):
    target = tmp_path / "deep" / "vip.csv"
    export(filled, "segment:vip", str(target), "csv", with_personal_data=True)
    (row,) = rows_of(target)
    assert (row["email"], row["first_name"]) == (ADDRESS, 'Ann "A", O\'Hara')
    assert target.stat().st_mode & 0o077 == 0


def test_a_mart_of_persons_has_keys_without_the_option(filled, tmp_path):
    target = tmp_path / "persons.parquet"
    export(filled, PERSONS, str(target), "parquet")
    assert pq.read_table(target).to_pylist() == [{"customer_key": "a"}]


def test_a_metric_has_the_types_of_its_contract(filled, tmp_path):
    target = tmp_path / "cac.parquet"
    export(filled, "metric:cac", str(target), "parquet")
    (row,) = pq.read_table(target).to_pylist()
    assert (row["numerator"], row["value"]) == (Decimal("1.5"), 0.75)
    assert row["metric_date"] == dt.date(2026, 5, 1)


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_no_rows_have_columns_too(filled, form, tmp_path):
    target = tmp_path / "none"
    assert export(filled, "fct_social_daily", str(target), form).row_count == 0
    names = (
        pq.read_table(target).column_names
        if form == "parquet"
        else target.read_text().strip().replace('"', "").split(",")
    )
    assert names == list(MODELS["fct_social_daily"].columns)


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("dim_nothing", "no mart"),
        ("segment:dim_customers", "no mart"),
        ("int_as_of", "no mart"),
        ("dim_customers; drop table x", "no mart"),
        ("dim_dates", "not been built"),
    ],
)
def test_what_is_not_there_is_refused(filled, what, words, tmp_path):
    with pytest.raises(ExportError, match=words):
        export(filled, what, str(tmp_path / "x.csv"), "csv")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("to", ["gs://a/b", "s3://bucket", "s3:///key", "folder/"])
def test_what_is_no_place_is_refused(filled, to):
    with pytest.raises(ExportError):
        export(filled, "dim_customers", to, "csv")


def test_a_file_that_breaks_off_leaves_the_old_one(filled, tmp_path, monkeypatch):
    target = tmp_path / "vip.csv"
    target.write_text("as it was")

    def broken(*arguments):
        yield from list(exported_batches(*arguments))[:1]
        raise KeyboardInterrupt

    exported_batches = exported.batches
    monkeypatch.setattr(exported, "batches", broken)
    with pytest.raises(KeyboardInterrupt):
        export(filled, "vip", str(target), "csv")
    assert [file.name for file in tmp_path.iterdir()] == ["vip.csv"]
    assert target.read_text() == "as it was"


def test_what_a_killed_export_left_is_removed(filled, tmp_path):
    (tmp_path / ".vip.csv.abc.part").write_text("half")
    export(filled, "vip", str(tmp_path / "vip.csv"), "csv")
    assert [file.name for file in tmp_path.iterdir()] == ["vip.csv"]


@pytest.fixture
def credentials(monkeypatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "key-of-nobody")
    monkeypatch.setenv("AWS_REGION", "eu-central-1")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.mark.usefixtures("credentials")
def test_an_object_in_s3_is_the_file(filled, tmp_path):
    with object_store() as store:
        elsewhere = filled.model_copy(update={"s3_endpoint": store.endpoint})
        export(elsewhere, "vip", "s3://shop/lists/vip.csv", "csv")
        found = store.objects
    export(filled, "vip", str(tmp_path / "vip.csv"), "csv")
    assert found == {"lists/vip.csv": (tmp_path / "vip.csv").read_bytes()}


@pytest.mark.usefixtures("credentials")
def test_an_upload_that_breaks_off_is_no_object(filled):
    with object_store(refuses_parts=True) as store:
        elsewhere = filled.model_copy(update={"s3_endpoint": store.endpoint})
        with pytest.raises(ExportError, match="S3 refuses") as error:
            export(elsewhere, "vip", "s3://shop/vip.csv", "csv")
        assert store.objects == {}
    assert "key-of-nobody" not in str(error.value)


@pytest.mark.usefixtures("credentials")
def test_a_bucket_that_is_not_there_is_told(filled):
    with object_store() as store:
        elsewhere = filled.model_copy(update={"s3_endpoint": store.endpoint})
        with pytest.raises(ExportError, match=r"s3://other/vip\.csv: S3 refuses"):
            export(elsewhere, "vip", "s3://other/vip.csv", "csv")


def test_columns_of_persons_are_known_by_their_tag():
    assert set(MODELS[PERSONS].personal) >= {"email", "phone", "first_name", "last_name"}
    assert [name for name, model in MODELS.items() if model.personal] == [PERSONS]
    assert files.FORMATS == ("csv", "parquet")
