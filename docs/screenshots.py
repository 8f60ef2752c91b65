"""Takes the README's pictures of Dagster's pages and the dbt docs, of the runs that are there.

make demo && make screenshots        # needs a Chromium (apt-get install chromium)
"""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

IMAGES = Path(__file__).parent / "images"
BASKETLINE = Path(sys.executable).with_name("basketline")
DAGSTER_PORT, DOCS_PORT = 8931, 8932
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# As root, without a screen and without calls home.
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
)
START_SECONDS = 120
PAGE_SECONDS = 120
# How long a page may fetch and draw, in its own time.
PATIENCE_MILLISECONDS = 40_000


class Browser:
    """A headless Chromium, a new one for every page.

    Args:
        program: Its path.
    """

    def __init__(self, program: str) -> None:
        self._program = program

    def text(self, url: str) -> str:
        """The text of a page after its scripts ran."""
        page = self._run(url, "--dump-dom")
        page = re.sub(r"<(script|style)\b.*?</\1>", " ", page, flags=re.DOTALL)
        return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())

    def picture(self, url: str, file: Path, *, width: int = 1600, height: int = 900) -> None:
        """Saves a page as a PNG."""
        file.parent.mkdir(parents=True, exist_ok=True)
        self._run(url, f"--screenshot={file}", f"--window-size={width},{height}")

    def _run(self, url: str, *options: str) -> str:
        with tempfile.TemporaryDirectory() as profile:
            patience = f"--virtual-time-budget={PATIENCE_MILLISECONDS}"
            command = [self._program, *FLAGS, f"--user-data-dir={profile}", patience, *options, url]
            done = subprocess.run(
                command, capture_output=True, text=True, timeout=PAGE_SECONDS, check=True
            )
        return done.stdout


def find_browser() -> Browser | None:
    """The Chromium of this machine, if it has one."""
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    return Browser(program) if program else None


@contextmanager
def serving(command: str, port: int) -> Iterator[str]:
    """`basketline dagster` or `basketline docs` as long as the block runs.

    Args:
        command: Which.
        port: Where.

    Yields:
        The address.

    Raises:
        RuntimeError: It does not answer.
    """
    process = subprocess.Popen(
        [BASKETLINE, command, "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_for(url, process)
        yield url
    finally:
        process.terminate()
        process.wait(30)


def newest_run(url: str) -> str:
    """Id of the newest daily run that Dagster knows."""
    runs = 'runsOrError(filter: {pipelineName: "daily"}, limit: 1)'
    query = {"query": f"{{ {runs} {{ ... on Runs {{ results {{ runId }} }} }} }}"}
    request = urllib.request.Request(
        f"{url}/graphql", json.dumps(query).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        run_id: str = json.load(answer)["data"]["runsOrError"]["results"][0]["runId"]
    return run_id


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=2).close()
        except OSError:
            time.sleep(0.5)
        else:
            return
    raise RuntimeError(f"{url} does not answer; see logs/error.log")


def main() -> int:
    """Takes all pictures; returns the exit code."""
    browser = find_browser()
    if browser is None:
        sys.stderr.write("No Chromium here. Install one, for example: apt-get install chromium\n")
        return 1
    with serving("dagster", DAGSTER_PORT) as url:
        browser.picture(f"{url}/asset-groups", IMAGES / "dagster-graph.png", height=700)
        lineage = "assets/marts/fct_orders?view=lineage&lineageScope=neighbors"
        browser.picture(f"{url}/{lineage}", IMAGES / "dagster-lineage.png")
        browser.picture(f"{url}/runs/{newest_run(url)}", IMAGES / "dagster-run.png")
    with serving("docs", DOCS_PORT) as url:
        page = f"{url}/#!/model/model.basketline.fct_orders"
        browser.picture(page, IMAGES / "dbt-docs.png")
    sys.stdout.write(f"Pictures: {', '.join(sorted(p.name for p in IMAGES.glob('*.png')))}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
