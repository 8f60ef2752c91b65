"""Ids as vendors write them: ULID-like, uuids, short tokens."""

from __future__ import annotations

import numpy as np

from sandbox.world.drawing import Ints

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LETTERS = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def _texts(rng: np.random.Generator, alphabet: str, length: int, size: int) -> np.ndarray:
    """Random texts of a length; long ones never meet."""
    letters = np.frombuffer(alphabet.encode(), np.uint8)
    codes = letters[rng.integers(0, len(letters), (size, length))]
    return codes.view(f"S{length}").ravel().astype(f"U{length}").astype(object)


def ulids(rng: np.random.Generator, times: Ints) -> np.ndarray:
    """26 characters: the time in milliseconds, then chance."""
    milliseconds = times // 1000
    letters = np.frombuffer(_CROCKFORD.encode(), np.uint8)
    shifts = 5 * np.arange(9, -1, -1)
    codes = letters[(milliseconds[:, None] >> shifts) & 31]
    time = codes.view("S10").ravel().astype("U10").astype(object)
    return time + _texts(rng, _CROCKFORD, 16, len(times))


def uuids(rng: np.random.Generator, size: int) -> np.ndarray:
    """Version 4 uuids."""
    text = rng.bytes(16 * size).hex()
    parts = (text[place : place + 32] for place in range(0, len(text), 32))
    return np.array(
        [f"{t[:8]}-{t[8:12]}-4{t[13:16]}-8{t[17:20]}-{t[20:]}" for t in parts], object
    )  # fmt: skip


def tokens(rng: np.random.Generator, length: int, size: int) -> np.ndarray:
    """Letters and digits, each text once."""
    found = _texts(rng, _LETTERS, length, size)
    while len(set(found)) < size:
        found = _texts(rng, _LETTERS, length, size)
    return found
