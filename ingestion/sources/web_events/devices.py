"""What a user agent tells of the device: category, browser and operating system."""

from __future__ import annotations

import re
from dataclasses import dataclass

_BROWSERS = (
    ("Edge", r"\bEdg(?:e|A|iOS)?/"),
    ("Opera", r"\bOPR/|\bOpera\b"),
    ("Samsung Internet", r"SamsungBrowser/"),
    ("Firefox", r"\bFirefox/|\bFxiOS/"),
    ("Chrome", r"\bChrome/|\bCriOS/"),
    ("Safari", r"\bSafari/|\bAppleWebKit/"),
)
_SYSTEMS = (
    ("iOS", r"iPhone|iPad|iPod"),
    ("Android", r"Android"),
    ("Windows", r"Windows"),
    ("Macintosh", r"Macintosh|Mac OS X"),
    ("Chrome OS", r"\bCrOS\b"),
    ("Linux", r"Linux|X11"),
)
_TABLET = re.compile(r"iPad|Tablet|Kindle|Silk/|PlayBook")
_PHONE = re.compile(r"iPhone|iPod|Mobi|Windows Phone")


@dataclass(frozen=True)
class Device:
    """A device.

    Attributes:
        category: desktop, mobile or tablet.
        browser: Browser; None where it is not known.
        os: Operating system; None where it is not known.
    """

    category: str
    browser: str | None
    os: str | None


def read_user_agent(user_agent: str) -> Device:
    """The device behind a user agent.

    An Android that does not call itself mobile is a tablet, as Google says of Chrome's.

    Args:
        user_agent: The text that the browser sends.
    """
    system = _first(_SYSTEMS, user_agent)
    browser = _first(_BROWSERS, user_agent)
    if _TABLET.search(user_agent):
        return Device("tablet", browser, system)
    if _PHONE.search(user_agent):
        return Device("mobile", browser, system)
    return Device("tablet" if system == "Android" else "desktop", browser, system)


def _first(rules: tuple[tuple[str, str], ...], text: str) -> str | None:
    return next((name for name, pattern in rules if re.search(pattern, text)), None)
