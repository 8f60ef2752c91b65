"""The page of what was run: a row a suite, of its last run, with the commit that it ran on."""

import subprocess

import pytest

from tests import verification

MAKEFILE = """
test:
\t@echo "1 warning"; echo "40 passed, 2 skipped, 1 warning in 3.2s"; echo "see the log"
test-unit:
\t@echo "a part of test"
test-slow:
\t@echo "3 passed, 1 failed, 2 errors in 61.0s"; exit 1
test-broken:
\t@echo "no environment"; exit 2
"""


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project with these suites, committed."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "Makefile").write_text(MAKEFILE)
    git = ("git", "-c", "user.name=a", "-c", "user.email=a@example.com")
    for command in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "suites"]):
        subprocess.run([*git, *command], cwd=tmp_path, check=True)
    monkeypatch.setattr(verification, "PROJECT", tmp_path)
    monkeypatch.setattr(verification, "PAGE", tmp_path / "docs/verification.md")
    return tmp_path


def rows(project) -> dict[str, list[str]]:
    """The page's cells after the commit and the seconds, by suite; the commit first."""
    page = (project / "docs/verification.md").read_text()
    cells = [line.strip("| ").split(" | ") for line in page.splitlines() if "| test" in line]
    return {suite: [ran_on, *counted] for suite, _, ran_on, _, *counted in cells}


def test_every_suite_has_a_row(project):
    assert verification.main([]) == 1
    ran_on = verification.commit()
    assert not ran_on.endswith("*"), "the page is no change"
    assert rows(project) == {
        "test": [ran_on, "40", "0", "2"],
        "test-slow": [ran_on, "3", "3", "0"],
        "test-broken": [ran_on, "0", "1", "0"],
    }


def test_suites_that_are_not_run_keep_their_rows(project):
    verification.main(["test-slow"])
    (project / "Makefile").write_text(MAKEFILE.replace("40 passed", "41 passed"))
    assert verification.main(["test"]) == 0
    assert list(rows(project)) == ["test", "test-slow"]
    assert rows(project)["test"][0].endswith("*")
    assert rows(project)["test"][1:] == ["41", "0", "2"]
    assert not rows(project)["test-slow"][0].endswith("*")


@pytest.mark.usefixtures("project")
def test_an_unknown_suite_is_refused():
    with pytest.raises(SystemExit, match="No suite test-unit"):
        verification.main(["test-unit"])
