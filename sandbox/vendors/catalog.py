"""A product catalogue over HTTP, as a merchant feed: the till's articles, with all that it lacks.

One address a shop and form (``/basketline-till/products.json`` and ``.csv``), behind a bearer
token; it says its version in ``ETag`` and ``Last-Modified``, and answers 304 to who knows it.
"""

from __future__ import annotations

import csv
import email.utils
import hashlib
import io

import orjson
import pandas as pd
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.clock import Clock
from sandbox.faults import Faults
from sandbox.vendors import ASGIApp, Vendor
from sandbox.world.ledger import Ledger
from sandbox.world.world import World

SHOP = "basketline-till"
TOKEN = "catalog-sandbox"
MEDIA = {"json": "application/json", "csv": "text/csv; charset=utf-8"}


def items(view: Ledger, shop: str) -> list[dict[str, str]]:
    """The shop's articles with the attributes of a merchant feed; absent ones are empty."""
    products = view.products.set_index("product_id")
    currency = view.stores.set_index("shop")["currency"][shop]
    own = view.variants[(view.variants["shop"] == shop) & ~view.variants["is_gift_card"]]
    found = []
    for variant in own.sort_values("variant_id").itertuples():
        product = products.loc[variant.product_id]
        if product["status"] != "ACTIVE":
            continue
        is_reduced = pd.notna(variant.compare_at_price)
        price = variant.compare_at_price if is_reduced else variant.price
        found.append(
            {
                "id": variant.sku,
                "item_group_id": product["handle"],
                "title": _title(product["title"], variant.title),
                "link": f"https://{shop}.example/products/{product['handle']}",
                "brand": product["vendor"],
                "gtin": variant.barcode,
                "condition": "new",
                "availability": "in_stock" if variant.inventory_quantity > 0 else "out_of_stock",
                "product_type": f"Home > {product['category']}",
                "price": _money(price, currency),
                "sale_price": _money(variant.price, currency) if is_reduced else "",
                "cost_of_goods_sold": _money(variant.unit_cost, currency),
            }
        )
    return found


def changed_at(view: Ledger, shop: str) -> pd.Timestamp:
    """When the catalogue last changed."""
    own = view.variants[view.variants["shop"] == shop]["updated_at"]
    return own.max() if len(own) else view.stores["created_at"].min()


def _title(product: str, variant: str) -> str:
    return product if variant == "Default Title" else f"{product} {variant}"


def _money(cents: float, currency: str) -> str:
    return "" if pd.isna(cents) else f"{int(cents) / 100:.2f} {currency}"


def _body(found: list[dict[str, str]], form: str) -> bytes:
    if form == "json":
        filled = [{name: text for name, text in item.items() if text} for item in found]
        return orjson.dumps({"products": filled})
    text = io.StringIO()
    writer = csv.DictWriter(text, list(found[0]) if found else ["id"], lineterminator="\n")
    writer.writeheader()
    writer.writerows(found)
    return text.getvalue().encode()


def app(world: World, clock: Clock, faults: Faults) -> ASGIApp:
    """The shop's web server."""
    del clock, faults

    async def serve(request: Request) -> Response:
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return _refusal(401, "The token is not valid")
        shop, form = request.path_params["shop"], request.path_params["form"]
        view = world.view()
        if shop not in set(view.stores["shop"]) or form not in MEDIA:
            return _refusal(404, "There is no such catalogue")
        body = _body(items(view, shop), form)
        moment = changed_at(view, shop).timestamp()
        headers = {
            "ETag": f'"{hashlib.sha256(body).hexdigest()[:16]}"',
            "Last-Modified": email.utils.formatdate(moment, usegmt=True),
        }
        if request.headers.get("if-none-match") == headers["ETag"]:
            return Response(status_code=304, headers=headers)
        return Response(body, headers=headers, media_type=MEDIA[form])

    return Starlette(routes=[Route("/{shop}/products.{form}", serve)])


def _refusal(status: int, message: str) -> Response:
    return Response(orjson.dumps({"message": message}), status, media_type=MEDIA["json"])


def settings(address: str) -> dict[str, str]:
    """The settings that read the till's catalogue."""
    return {
        "CATALOG__FEEDS__0__NAME": SHOP,
        "CATALOG__FEEDS__0__URL": f"{address}/{SHOP}/products.json",
        "CATALOG__FEEDS__0__TOKEN": TOKEN,
    }


_JSON = {"Content-Type": "application/json"}

VENDOR = Vendor(
    name="catalog",
    app=app,
    throttled=(429, {**_JSON, "Retry-After": "1"}, b'{"message":"Too many requests"}'),
    failed=(502, {"Content-Type": "text/html"}, b"<html><body>Bad gateway</body></html>"),
    settings=settings,
)
