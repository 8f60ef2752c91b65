"""Pages that come twice, or that rows have moved on to while they were being read."""

from __future__ import annotations

from sandbox.faults import Fault, Faults


def first_row(start: int, size: int, vendor: str, faults: Faults) -> int:
    """Where a page begins once the vendor's next fault is taken into account.

    Args:
        start: Place of the first row that was asked for.
        size: Rows of a page.
        vendor: The vendor's name.
        faults: Its faults; the one that is used is used up.

    Returns:
        The place of the first row that is sent.
    """
    fault = faults.take(vendor, Fault.DUPLICATE_PAGE, Fault.SHIFTING_PAGE)
    if fault == Fault.DUPLICATE_PAGE:
        return max(0, start - size)
    if fault == Fault.SHIFTING_PAGE:
        return max(0, start - 1)
    return start
