"""Meta's rate limits, on the virtual clock: a score that decays, told in headers."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from sandbox.clock import Clock
from sandbox.vendors.meta_ads.errors import account_limit, app_limit, user_limit

DECAY_SECONDS = 300.0
BLOCK_SECONDS = DECAY_SECONDS


@dataclass
class Limits:
    """Scores of the accounts and of the app; a read costs one point.

    Attributes:
        clock: The virtual clock.
        account_max: Highest score of an account (development tier 60, standard 9,000).
        app_max: Highest score of the app.
    """

    clock: Clock
    account_max: float = 9_000.0
    app_max: float = 20_000.0
    _scores: dict[str, tuple[float, float]] = field(default_factory=dict)

    def read(self, account: str, *, is_insights: bool) -> dict[str, str]:
        """Count a read and return the usage headers.

        Raises:
            GraphError: Code 4, 17 or 613; the wait that it asks for then passes at once.
        """
        now = self.clock.request()
        app, own = self._add("app", self.app_max, now), self._add(account, self.account_max, now)
        if app > self.app_max or own > self.account_max:
            self.clock.wait(BLOCK_SECONDS)
            if app > self.app_max:
                raise app_limit()
            raise account_limit() if is_insights else user_limit()
        return self._headers(account, app / self.app_max, own / self.account_max)

    def _add(self, key: str, most: float, now: float) -> float:
        score, then = self._scores.get(key, (0.0, now))
        score = max(0.0, score - (now - then) * most / DECAY_SECONDS) + 1
        self._scores[key] = (score, now)
        return score

    def _headers(self, account: str, app: float, own: float) -> dict[str, str]:
        app_pct, own_pct = round(100 * app, 2), round(100 * own, 2)
        usage = {"call_count": app_pct, "total_cputime": app_pct, "total_time": app_pct}
        business = {
            account: [
                {
                    "type": "ads_insights",
                    **usage,
                    "call_count": own_pct,
                    "estimated_time_to_regain_access": 0,
                    "ads_api_access_tier": "standard_access",
                }
            ]
        }
        throttle = {
            "app_id_util_pct": app_pct,
            "acc_id_util_pct": own_pct,
            "ads_api_access_tier": "standard_access",
        }
        return {
            "x-app-usage": json.dumps(usage),
            "x-ad-account-usage": json.dumps({"acc_id_util_pct": own_pct}),
            "x-business-use-case-usage": json.dumps(business),
            "x-fb-ads-insights-throttle": json.dumps(throttle),
        }
