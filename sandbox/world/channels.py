"""Where visits come from."""

from __future__ import annotations

from typing import NamedTuple


class Traffic(NamedTuple):
    """One origin of visits.

    Attributes:
        channel: Planted channel, named as in METRICS.md.
        source: utm_source, or the referring host.
        medium: utm_medium.
        campaign: utm_campaign; of ads that of the ad, unless it is given here.
        referrer: Address of the page before.
        weight: How often.
        needs: Platform of the ads, or ``EMAIL``, that the shop must have; empty: nothing.
        otherwise: Row that visits of other shops come from instead.
        tags: Whether an ad's address carries its campaign, or the click id alone.
    """

    channel: str
    source: str
    medium: str
    campaign: str
    referrer: str
    weight: float
    needs: str = ""
    otherwise: int = 0
    tags: bool = True


META, GOOGLE, TIKTOK, PINTEREST = "meta_ads", "google_ads", "tiktok_ads", "pinterest_ads"
EMAIL = "email"
MAIL_SHOPS = (0, 1)
"""Numbers of the shops that send e-mail."""
GOOGLE_PAGE = "https://www.google.com/"
DIRECT, ORGANIC_SEARCH, ORGANIC_SOCIAL = 0, 1, 3

TRAFFIC = (
    Traffic("Direct", "(direct)", "(none)", "", "", 22),
    Traffic("Organic Search", "google", "organic", "", GOOGLE_PAGE, 22),
    Traffic("Organic Search", "bing", "organic", "", "https://www.bing.com/", 3),
    Traffic("Organic Social", "instagram.com", "referral", "", "https://instagram.com/", 4),
    Traffic(
        "Paid Search", "google", "cpc", "brand-search", GOOGLE_PAGE, 7, GOOGLE, ORGANIC_SEARCH
    ),
    Traffic(
        "Paid Search", "google", "cpc", "generic-search", GOOGLE_PAGE, 5, GOOGLE, ORGANIC_SEARCH
    ),
    Traffic(
        "Paid Shopping", "google", "cpc", "shopping-all", GOOGLE_PAGE, 6, GOOGLE, ORGANIC_SEARCH
    ),
    Traffic(
        "Display", "google", "display", "remarketing", "https://news.example/", 1, GOOGLE, DIRECT
    ),
    Traffic(
        "Cross-network", "google", "cpc", "cross-network-max", GOOGLE_PAGE, 3, GOOGLE,
        ORGANIC_SEARCH,
    ),
    Traffic(
        "Paid Video", "youtube.com", "cpc", "stories", "https://www.youtube.com/", 1, GOOGLE, DIRECT
    ),
    Traffic(
        "Paid Search", "google", "organic", "generic-search", GOOGLE_PAGE, 1, GOOGLE,
        ORGANIC_SEARCH, tags=False,
    ),
    Traffic(
        "Paid Social", "facebook", "paid_social", "", "https://l.facebook.com/", 8, META,
        ORGANIC_SOCIAL,
    ),
    Traffic(
        "Paid Social", "instagram", "paid_social", "", "https://l.instagram.com/", 8, META,
        ORGANIC_SOCIAL,
    ),
    Traffic(
        "Paid Social", "tiktok", "paid_social", "", "https://www.tiktok.com/", 4, TIKTOK,
        ORGANIC_SOCIAL,
    ),
    Traffic(
        "Paid Social", "pinterest", "paid_social", "", "https://www.pinterest.com/", 4, PINTEREST,
        ORGANIC_SOCIAL,
    ),
    Traffic("Email", "klaviyo", "email", "newsletter", "", 6, EMAIL, DIRECT),
    Traffic("SMS", "sms", "sms", "drop", "", 1, EMAIL, DIRECT),
    Traffic("Referral", "blog.example", "referral", "", "https://blog.example/gifts", 3),
    Traffic(
        "Affiliate", "partner.example", "affiliate", "spring-deals", "https://partner.example/", 2
    ),
    Traffic("Other", "flyer", "qr", "", "", 0.5),
)  # fmt: skip
