"""Columns that filters compare with, taken from the frames."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from sandbox.vendors.shopify.store import Store


def column(store: Store, frame: str, name: str) -> Callable[[], NDArray[np.object_]]:
    """A text field of a frame, empty where it is null."""

    def load() -> NDArray[np.object_]:
        found = store.frame(frame)
        values = found.leaf(name).values(np.arange(len(found.ids)))
        return np.array([value or "" for value in values], object)

    return load


def joined(store: Store, frame: str, *names: str) -> NDArray[np.object_]:
    """Several text fields in one, for terms without a field."""
    columns = [column(store, frame, name)() for name in names]
    return np.array([" ".join(parts) for parts in zip(*columns, strict=True)], object)


def lists(store: Store, frame: str, name: str) -> list[list[str]]:
    """A field that is a list of texts."""
    found = store.frame(frame)
    return found.leaf(name).values(np.arange(len(found.ids)))


def numbers(store: Store, frame: str, name: str) -> NDArray[np.float64]:
    """A numeric field."""
    return np.array(lists(store, frame, name), np.float64)


class _WithoutTag(dict[str, NDArray[np.bool_]]):
    """Rows without a tag, for any tag."""

    def __init__(self, tags: list[list[str]]) -> None:
        super().__init__()
        self._tags = [{tag.lower() for tag in words} for words in tags]

    def __contains__(self, tag: object) -> bool:
        return True

    def __missing__(self, tag: str) -> NDArray[np.bool_]:
        return np.array([tag not in words for words in self._tags], np.bool_)


def without_tag(store: Store, frame: str) -> _WithoutTag:
    """For any tag, the objects of a frame that do not have it."""
    return _WithoutTag(lists(store, frame, "tags"))
