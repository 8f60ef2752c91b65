"""Simulated purchase histories with known parameters."""

import numpy as np
import pandas as pd


def simulated(rng, size, *, r, alpha, a, b, longest, horizon=0.0, first_coins=1):
    """Histories until an age of up to `longest`, and purchases in the `horizon` after it."""
    rate = rng.gamma(r, 1 / alpha, size)
    leaves = rng.beta(a, b, size).clip(1e-9, 1)
    age = rng.uniform(1, longest, size)
    # Purchases that could be made after the first: the one after which one leaves is made.
    lives = rng.geometric(leaves) - first_coins
    histories, later = np.zeros((size, 3)), np.zeros(size)
    for row in range(size):
        wanted = rng.poisson(rate[row] * (age[row] + horizon))
        times = np.sort(rng.uniform(0, age[row] + horizon, wanted))[: lives[row]]
        before = times[times <= age[row]]
        histories[row] = len(before), before[-1] if len(before) else 0.0, age[row]
        later[row] = len(times) - len(before)
    frame = pd.DataFrame(histories, columns=["frequency", "recency", "age"])
    return frame.assign(later=later)
