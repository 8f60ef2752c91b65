"""What every test shares: outside data, a clean environment, and the count of pitfalls proven."""

import os
import re
import shutil
import tempfile
from collections import Counter
from pathlib import Path

import hypothesis
import pytest
import yaml
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

PROJECT = Path(__file__).parent.parent
PITFALLS = range(1, 33)
WHOLE_SHOP = "whole_shop"
VALIDATED = "validated against the spec: "

# How long an example takes is the machine's affair.
hypothesis.settings.register_profile(
    "steady",
    deadline=None,
    max_examples=50,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("steady")


def outside(variable: str, default: str) -> Path:
    """Folder of data that is not part of the project; absent in a user's clone."""
    folder = Path(os.environ.get(variable) or PROJECT / default).resolve()
    if folder.is_dir():
        return folder
    if variable in os.environ:
        pytest.fail(f"{variable}={folder} is no folder")
    pytest.skip(f"{variable}: {default} is not here")


def pytest_configure(config: pytest.Config) -> None:
    """A place for what dbt has parsed, shared by the workers of one session."""
    if not hasattr(config, "workerinput"):
        os.environ["PARSED_PROJECTS"] = tempfile.mkdtemp(prefix="parsed_projects_")
        config.pluginmanager.register(ToldAtOnce(config))


class ToldAtOnce:
    """Names a test when it fails: the reasons come at the end, which is half an hour away."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            terminal = self._config.pluginmanager.get_plugin("terminalreporter")
            terminal.ensure_newline()
            place = f"{report.when} failed after {report.duration:.0f} s"
            terminal.write_line(f"{place}: {report.nodeid}")


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        shutil.rmtree(os.environ["PARSED_PROJECTS"])


@pytest.fixture(scope="session")
def vendor_specs() -> Path:
    """The vendors' machine-readable specs (VENDOR_SPECS)."""
    return outside("VENDOR_SPECS", "../shared/specs")


@pytest.fixture(scope="session")
def sample_data() -> Path:
    """Real data sets (SAMPLE_DATA)."""
    return outside("SAMPLE_DATA", "../shared/data")


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch):
    """No test sees the settings of the person who runs it, nor writes to their home."""
    kept = {"VENDOR_SPECS", "SAMPLE_DATA"}
    settings = re.findall(r"^#?\s*([A-Z][A-Z0-9_]*)=", env_example(), flags=re.MULTILINE)
    for name in set(settings) - kept:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DO_NOT_TRACK", "1")


class OneWarehouseAWorker(LoadFileScheduling):
    """A file's tests share a worker, and so do all that ask the whole shop: each is built once."""

    def _split_scope(self, nodeid: str) -> str:
        file = super()._split_scope(nodeid)
        return WHOLE_SHOP if WHOLE_SHOP in (PROJECT / file).read_text() else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadFileScheduling:
    return OneWarehouseAWorker(config, log)


def env_example() -> str:
    file = PROJECT / ".env.example"
    return file.read_text() if file.exists() else ""


def pitfalls_in_dbt() -> set[int]:
    """Numbers that a dbt test's `meta: {pitfall: n}` claims."""
    numbers: set[int] = set()
    for file in (PROJECT / "dbt_project").glob("[mst]*/**/*.yml"):
        numbers |= set(pitfall_numbers(yaml.safe_load(file.read_text())))
    for file in (PROJECT / "dbt_project/tests").rglob("*.sql"):
        for found in re.findall(r"pitfall['\"]?\s*[:=]\s*\[?([\d, ]+)", file.read_text()):
            numbers |= {int(number) for number in re.findall(r"\d+", found)}
    return numbers


def pitfall_numbers(node: object):
    """Every value of a key `pitfall` in nested YAML, lists flattened."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "pitfall":
                yield from value if isinstance(value, list) else [value]
            else:
                yield from pitfall_numbers(value)
    elif isinstance(node, list):
        for value in node:
            yield from pitfall_numbers(value)


def pitfalls_in_python() -> set[int]:
    """Numbers of the marks in the test files: read as text, since workers share no session."""
    files = (PROJECT / "tests").rglob("test_*.py")
    text = "\n".join(file.read_text() for file in files)
    marks = re.findall(r"mark\.pitfall\(([\d, ]+)\)", text)
    return {int(number) for mark in marks for number in re.findall(r"\d+", mark)}


@pytest.fixture
def count_validated(record_property):
    """Counts answers held against a vendor's spec; the sums are printed at the end."""

    def count(vendor: str, answers: int) -> None:
        assert answers, f"no answer of {vendor} was validated"
        record_property(f"{VALIDATED}{vendor}", answers)

    return count


def pytest_terminal_summary(terminalreporter) -> None:
    validated: Counter[str] = Counter()
    for report in terminalreporter.getreports("passed"):
        for name, count in report.user_properties:
            if name.startswith(VALIDATED):
                validated[name.removeprefix(VALIDATED)] += count
    for vendor, count in sorted(validated.items()):
        terminalreporter.write_line(f"{vendor}: {count} answers hold against the vendor's spec")
    proven = pitfalls_in_python() | pitfalls_in_dbt()
    missing = [str(number) for number in PITFALLS if number not in proven]
    terminalreporter.write_line(f"pitfalls without a test: {', '.join(missing) or 'none'}")
