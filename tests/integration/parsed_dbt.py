"""dbt with a manifest that an earlier run of the same session has parsed, where there is one.

Parsing is most of what a small dbt run costs, and its outcome does not depend on where the
warehouse lies. Run as a script: the parsed manifest's file, then dbt's own arguments.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from dbt.cli.main import dbtRunner
from dbt.contracts.graph.manifest import Manifest
from dbt.parser.manifest import extended_mashumuro_decoder

# What the semantic layer reads; dbt writes it only where it has parsed.
SEMANTIC = "semantic_manifest.json"


def main(parsed: Path, arguments: list[str]) -> int:
    """Runs dbt; keeps what it parsed for the next one.

    Args:
        parsed: Where the manifest lies, or shall.
        arguments: Of dbt.

    Returns:
        dbt's exit code: 0 all well, 1 something failed, 2 it could not run.
    """
    target = Path(arguments[arguments.index("--target-path") + 1])
    if parsed.exists():
        manifest = Manifest.from_msgpack(parsed.read_bytes(), decoder=extended_mashumuro_decoder)
        manifest.build_flat_graph()
        target.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(parsed.with_suffix(".json"), target / SEMANTIC)
        return exit_code(dbtRunner(manifest=manifest).invoke(arguments))
    done = dbtRunner().invoke(arguments)
    if done.exception is None and (target / "partial_parse.msgpack").exists():
        keep(target / SEMANTIC, parsed.with_suffix(".json"))
        keep(target / "partial_parse.msgpack", parsed)
    return exit_code(done)


def keep(fresh: Path, place: Path) -> None:
    """Puts a copy in place at once, since others may read it."""
    copied = place.with_name(f"{place.name}.{os.getpid()}")
    shutil.copyfile(fresh, copied)
    copied.replace(place)


def exit_code(done) -> int:
    if done.exception is not None:
        sys.stdout.write(f"{done.exception}\n")
        return 2
    return 0 if done.success else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
