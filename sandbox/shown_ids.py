"""Ids as a shop's platform shows them; the ledger's own are unique over all shops.

Shopify's and the till's are those of the ledger, WooCommerce counts each kind of each shop from 1,
commercetools has UUIDs.
"""

from __future__ import annotations

import uuid

import numpy as np
import pandas as pd

NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://basketline.example/commercetools")


def shown_ids(platform: str, kind: str, known: pd.Series, wanted: pd.Series) -> pd.Series:
    """The ids of some rows, as text; empty where there is none.

    Args:
        platform: The shop's platform.
        kind: What the ids are of: ``order`` or ``customer``.
        known: Ledger ids of all the rows of that kind that the shop has; later ones are greater.
        wanted: Ledger ids to show, or missing.
    """
    there = wanted.notna().to_numpy()
    ids = wanted[there].astype("int64").to_numpy()
    texts = np.full(len(wanted), "", dtype=object)
    if platform == "woocommerce":
        texts[there] = (np.searchsorted(np.sort(known.to_numpy()), ids) + 1).astype(str)
    elif platform == "commercetools":
        unique, place = np.unique(ids, return_inverse=True)
        names = np.array([str(uuid.uuid5(NAMESPACE, f"{kind} {one}")) for one in unique], object)
        texts[there] = names[place] if len(unique) else []
    else:
        texts[there] = ids.astype(str)
    return pd.Series(texts, index=wanted.index)
