"""Files in the state folder: the truth first, then what each feed leaves there.

Every file is written beside and renamed, and only if its content is new, so that a reader sees
whole files and an incremental reader sees only what changed.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from sandbox.feeds import feeds
from sandbox.world.ledger import Ledger
from sandbox.world.truth import truth
from sandbox.writing import write


def publish(view: Ledger, now: pd.Timestamp, state: Path) -> list[str]:
    """Write the truth first, then everything that is read as files.

    Args:
        view: The ledger as of ``now``.
        now: The clock.
        state: The state folder.

    Returns:
        Paths of the feeds' files that are new or changed, relative to the folder.
    """
    for name, frame in truth(view, now).items():
        write(state / f"truth/{name}.parquet", lambda path, frame=frame: frame.to_parquet(path))
    return [name for feed in feeds() for name in feed.publish(view, now, state)]
