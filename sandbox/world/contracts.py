"""What the shops' contracts say of the costs that nobody bills: this world's own copy.

The demo gives the warehouse the same figures, as rules; a test says that they agree.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

ANY = "*"
START = date(2023, 1, 1)


@dataclass(frozen=True)
class Charge:
    """What a payment, or sending an order, costs; in units of 10^-4 of the shop's currency.

    Attributes:
        basis_points: Of a payment.
        fixed: Per payment or order.
        line: Per line of goods.
        kilogram: Per kilogram.
    """

    basis_points: int = 0
    fixed: int = 0
    line: int = 0
    kilogram: int = 0


PAYMENTS: dict[str, dict[str, Charge]] = {
    "basketline-eu": {
        "paypal": Charge(249, 3500),
        "klarna": Charge(299, 3500),
        ANY: Charge(),
    },
    "basketline-us": {
        "paypal": Charge(349, 4900),
        "klarna": Charge(329, 3000),
        ANY: Charge(),
    },
    "basketline-uk": {
        "stripe": Charge(150, 2000),
        "ppcp-gateway": Charge(290, 3000),
        "klarna_payments": Charge(499, 3500),
        "bacs": Charge(),
    },
    "basketline-fr": {
        "stripe": Charge(150, 2500),
        "ppcp-gateway": Charge(290, 3500),
        "klarna_payments": Charge(299, 3500),
        "bacs": Charge(),
    },
    "basketline-pro": {
        "adyen": Charge(140, 2000),
        "paypal": Charge(249, 3500),
        "klarna": Charge(299, 3500),
        "invoice": Charge(),
    },
    "basketline-till": {"card": Charge(90), "cash": Charge()},
}
"""Fees by shop and gateway, where the payment itself tells none."""

PICKING: dict[str, Charge] = {
    "basketline-eu": Charge(fixed=21000, line=3500),
    "basketline-us": Charge(fixed=24500, line=4000),
    "basketline-uk": Charge(fixed=19000, line=3000),
    "basketline-fr": Charge(fixed=22000, line=3500),
    "basketline-pro": Charge(fixed=35000, line=5000),
    "basketline-till": Charge(),
}
"""Picking and packing by shop, where the fulfilment house has billed none."""

CARRIAGE: dict[str, dict[date, Charge]] = {
    "basketline-eu": {
        START: Charge(fixed=32000, kilogram=4500),
        date(2026, 1, 1): Charge(fixed=33500, kilogram=4800),
    },
    "basketline-us": {START: Charge(fixed=48000, kilogram=9000)},
    "basketline-uk": {START: Charge(fixed=29500, kilogram=4000)},
    "basketline-fr": {START: Charge(fixed=41000, kilogram=5000)},
    "basketline-pro": {START: Charge(fixed=69000, kilogram=3500)},
    "basketline-till": {START: Charge()},
}
"""Carriage by shop and the first day of the contract."""
