"""The log files have everything that happened, and nothing that is secret or personal."""

import json
import logging

import pytest

from orchestration.lib.logs import KEPT_FILES, MAX_BYTES, configure_logging

SECRETS = {
    "shpat_0123456789abcdef": "GET failed: X-Shopify-Access-Token: shpat_0123456789abcdef",
    "EAABsbCS1234567890": "token EAABsbCS1234567890 expired",
    "hunter2": "postgresql://me:hunter2@db/shop refused",
    "sig=abc": "https://storage.test/bulk.jsonl?sig=abc&x=1 gave 403",
    "ada@example.org": "no customer ada@example.org",
}


@pytest.fixture
def logger(tmp_path):
    root = logging.getLogger()
    before = list(root.handlers)
    yield configure_logging("text", folder=tmp_path)
    for handler in [handler for handler in root.handlers if handler not in before]:
        root.removeHandler(handler)
        handler.close()


def lines(folder, name):
    file = folder / name
    return file.read_text().splitlines() if file.exists() else []


def test_errors_stand_in_both_files_and_the_rest_in_one(logger, tmp_path):
    logger.info("loaded")
    logger.error("failed")
    assert [line.split(" ")[-1] for line in lines(tmp_path, "combined.log")] == ["loaded", "failed"]
    assert [line.split(" ")[-1] for line in lines(tmp_path, "error.log")] == ["failed"]


@pytest.mark.parametrize("log_format", ["text", "json"])
@pytest.mark.parametrize("secret", SECRETS)
def test_no_secret_and_no_address_reaches_a_file(logger, tmp_path, log_format, secret):
    configure_logging(log_format, folder=tmp_path)
    try:
        raise ValueError(SECRETS[secret])
    except ValueError:
        logger.exception("%s", SECRETS[secret], extra={"detail": SECRETS[secret]})
    text = (tmp_path / "combined.log").read_text() + (tmp_path / "error.log").read_text()
    assert "***" in text
    assert secret not in text


def test_json_is_one_object_a_line(logger, tmp_path):
    configure_logging("json", folder=tmp_path)
    logger.warning("two\nlines", extra={"rows": 3})
    (line,) = lines(tmp_path, "combined.log")
    found = json.loads(line)
    assert found["message"] == "two lines"
    assert (found["level"], found["logger"], found["rows"]) == ("warning", "basketline", 3)
    assert found["time"].endswith("Z")


def test_a_second_call_does_not_write_twice(logger, tmp_path):
    configure_logging("text", folder=tmp_path)
    logger.info("once")
    assert len(lines(tmp_path, "combined.log")) == 1


def test_files_are_rotated(logger, tmp_path, monkeypatch):
    handler = next(h for h in logging.getLogger().handlers if getattr(h, "maxBytes", 0))
    assert (handler.maxBytes, handler.backupCount) == (MAX_BYTES, KEPT_FILES)
    monkeypatch.setattr(handler, "maxBytes", 500)
    for number in range(50):
        logger.info("line %d", number)
    kept = sorted(tmp_path.glob("combined.log*"))
    assert len(kept) == KEPT_FILES + 1
