"""What a suite has seen, for who runs it by hand (`pytest -s`)."""

import sys

import pandas as pd


def show(title: str, found: pd.DataFrame) -> None:
    """Prints a table below its title.

    Args:
        title: What it is about.
        found: The table.
    """
    sys.stdout.write(f"\n{title}\n{found.to_string(float_format='{:,.4f}'.format)}\n")
