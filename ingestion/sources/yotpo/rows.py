"""Makes flat rows of Yotpo's objects."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

Row = dict[str, Any]
Answer = Mapping[str, Any]

MEDIA = {"images": "photo", "videos": "video"}
# What changes by itself, and is no news of a member.
_RESTLESS = frozenset({"last_seen_at", "observed_at"})
_REFERRAL_FIELDS = {
    "referral_total_clicks": "total_clicks",
    "referral_unique_clicks": "unique_clicks",
    "referral_orders": "orders",
    "referral_amount_cents": "amount_cents",
}


def review_row(review: Answer) -> Row:
    """A review without its lists."""
    return {name: value for name, value in review.items() if not isinstance(value, list | dict)}


def media_rows(review: Answer) -> Iterator[Row]:
    """The photos and videos of a review, in the order that they came."""
    found = [(kind, one) for field, kind in MEDIA.items() for one in review.get(field) or ()]
    for position, (kind, one) in enumerate(found, 1):
        yield {
            "review_id": review["id"],
            "position": position,
            "media_type": kind,
            "url": one.get("image") or one.get("video") or one.get("url"),
            "thumbnail_url": one.get("thumbnail"),
            "review_updated_at": review.get("updated_at"),
        }


def question_row(question: Answer, *, product_id: str) -> Row:
    """A question and how it was answered.

    Args:
        question: As the API tells it.
        product_id: The shop's id of the product it is about.
    """
    answers = question.get("sorted_public_answers") or []
    answered = [one["created_at"] for one in answers if one.get("created_at")]
    return {
        "id": question["id"],
        "product_id": product_id,
        "content": question.get("content"),
        "user_type": question.get("user_type"),
        "asker__display_name": (question.get("asker") or {}).get("display_name"),
        "answer_count": len(answers),
        "created_at": question.get("created_at"),
        "first_answered_at": min(answered) if answered else None,
    }


def member_id(customer: Answer) -> str:
    """What tells members apart: the shop's id of the customer, or the address of a guest."""
    number = customer.get("third_party_id") or customer.get("thirty_party_id")
    return str(number or customer.get("email") or "")


def seen_as(customer: Answer) -> str:
    """A name of the member that holds no address: for what is remembered, and for ids."""
    return hashlib.sha256(member_id(customer).encode()).hexdigest()[:16]


def digest(customer: Answer) -> str:
    """Tells whether what is known of a member is what was seen before."""
    steady = sorted((name, repr(customer[name])) for name in customer if name not in _RESTLESS)
    return hashlib.sha256(repr(steady).encode()).hexdigest()[:16]


def member_row(customer: Answer, columns: Mapping[str, str], *, observed_at: Any) -> Row:
    """A member as it is now.

    Args:
        customer: The detailed answer, with its referral code.
        columns: The table's.
        observed_at: The start of the run.
    """
    code = customer.get("referral_code") or customer.get("referral_link") or {}
    row = {name: customer.get(name) for name in columns}
    row |= {name: code.get(field) for name, field in _REFERRAL_FIELDS.items()}
    return row | {
        "member_id": member_id(customer),
        "third_party_id": customer.get("third_party_id") or customer.get("thirty_party_id"),
        "referral_code": code.get("code"),
        "observed_at": observed_at,
    }


def event_rows(customer: Answer) -> Iterator[Row]:
    """The member's points history; entries have no id, so one is made of what they say."""
    repeats: Counter[str] = Counter()
    owner = member_id(customer)
    for item in customer.get("history_items") or ():
        told = f"{owner}|{item.get('created_at')}|{item.get('action')}|{item.get('points')}"
        repeats[told] += 1
        orders = item.get("order_ids") or []
        yield {
            "event_id": hashlib.sha256(f"{told}|{repeats[told]}".encode()).hexdigest()[:32],
            "member_id": owner,
            "third_party_id": customer.get("third_party_id") or customer.get("thirty_party_id"),
            "email": customer.get("email"),
            "action": item.get("action"),
            "action_name": item.get("action_name"),
            "status": item.get("status"),
            "order_id": str(orders[0]) if orders else None,
            "points": item.get("points"),
            "created_at": item.get("created_at"),
            "completed_at": item.get("completed_at"),
        }


def friend_rows(customer: Answer) -> list[Row]:
    """Friends who bought; when, and with which order, is told by the advocate's own reward."""
    code = customer.get("referral_code") or customer.get("referral_link") or {}
    rewards = sorted(
        (
            item
            for item in customer.get("history_items") or ()
            if "refer" in str(item.get("action_name") or item.get("action")).lower()
        ),
        key=lambda item: str(item.get("created_at")),
    )
    friends = code.get("completed_referral_customers") or []
    return [
        {
            "member_id": member_id(customer),
            "position": place + 1,
            "friend_email": friend.get("email"),
            "completed_at": rewards[place].get("created_at") if place < len(rewards) else None,
            "order_id": _first(rewards[place].get("order_ids")) if place < len(rewards) else None,
        }
        for place, friend in enumerate(friends)
    ]


def click_rows(customer: Answer, *, known: int, counted_at: Any) -> list[Row]:
    """A row for each click that was not counted before.

    Args:
        customer: The detailed answer, with its referral code.
        known: How many were counted before.
        counted_at: The start of the run; None where it is not known when the clicks were.
    """
    return [
        {
            "click_id": f"{seen_as(customer)}-{number}",
            "member_id": member_id(customer),
            "third_party_id": customer.get("third_party_id") or customer.get("thirty_party_id"),
            "email": customer.get("email"),
            "click_number": number,
            "counted_at": counted_at,
        }
        for number in range(known + 1, click_count(customer) + 1)
    ]


def click_count(customer: Answer) -> int:
    """Clicks of a referral link so far; a friend who bought did click."""
    code = customer.get("referral_code") or customer.get("referral_link") or {}
    friends = code.get("completed_referral_customers") or ()
    return max(int(code.get("unique_clicks") or 0), len(friends))


def _first(values: Any) -> str | None:
    return str(values[0]) if values else None
