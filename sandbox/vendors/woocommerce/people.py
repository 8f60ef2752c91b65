"""User accounts: customers, and the person who runs the site."""

from __future__ import annotations

import hashlib

from sandbox.vendors.woocommerce.site import Object, Site, meta

_BLANK = dict.fromkeys(
    (
        "first_name",
        "last_name",
        "company",
        "address_1",
        "address_2",
        "city",
        "postcode",
        "country",
        "state",
    ),
    "",
)


def users(site: Site) -> list[Object]:
    """Everybody with an account; guests have none."""
    bought = set(site.table("orders")["customer_id"].dropna())
    found = [_customer(site, row, is_paying=row["customer_id"] in bought)
             for row in site.records("customers")]  # fmt: skip
    return [_admin(site), *found]


def _customer(site: Site, row: Object, *, is_paying: bool) -> Object:
    own = site.ids.of("customers", row["customer_id"])
    billing = {
        **_BLANK,
        "first_name": row["first_name"],
        "last_name": row["last_name"],
        "address_1": row["address1"],
        "city": row["city"],
        "postcode": row["zip"],
        "country": row["country_code"],
        "state": row["province"],
        "email": row["email"],
        "phone": row["phone"],
    }
    return {
        "id": own,
        **site.times("created", row["created_at"]),
        **site.times("modified", row["updated_at"]),
        "email": row["email"],
        "first_name": row["first_name"],
        "last_name": row["last_name"],
        "role": "customer",
        "username": f"{row['first_name']}.{own}".lower(),
        "billing": billing,
        "shipping": {**_BLANK, "phone": ""},
        "is_paying_customer": is_paying,
        **_rest(site, own, row["email"]),
    }


def _admin(site: Site) -> Object:
    """Was made with the site and never changed: there is no time of change."""
    email = str(site.row["email"])
    return {
        "id": site.ids.admin,
        **site.times("created", site.row["created_at"]),
        **site.times("modified", None),
        "email": email,
        "first_name": "",
        "last_name": "",
        "role": "administrator",
        "username": "admin",
        "billing": {**_BLANK, "email": "", "phone": ""},
        "shipping": {**_BLANK, "phone": ""},
        "is_paying_customer": False,
        **_rest(site, site.ids.admin, email),
    }


def _rest(site: Site, own: int, email: str) -> Object:
    face = hashlib.sha256(email.strip().lower().encode()).hexdigest()
    return {
        "avatar_url": f"https://secure.gravatar.com/avatar/{face}?s=96&d=mm&r=g",
        "meta_data": meta({"wc_last_active": "0"}, first=own * 10),
        "_links": site.links(f"customers/{own}"),
    }
