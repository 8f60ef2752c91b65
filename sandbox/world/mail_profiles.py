"""Who an e-mail account knows: buyers, people who signed up, and since when they consent."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sandbox.world.drawing import ABSENT, DAY, HOUR, MINUTE, NEVER, Bools, Ints, between, pick_words
from sandbox.world.identifiers import tokens, ulids
from sandbox.world.ledger import typed
from sandbox.world.presets import Preset
from sandbox.world.served import MAIL_HANDLES, Frames, micros_of
from sandbox.world.timeline import micros
from sandbox.world.words import FIRST_NAMES, LAST_NAMES, MAIL_HOSTS

STRANGER = 10**9
"""Keys of strangers lie above it, those of people are their ids."""
LISTS = ("Newsletter", "SMS", "VIP")
SEGMENTS = ("Engaged 90 days", "Win-back", "Big spenders")
FAR = 2**52  # in a hundred years; exact as a float


@dataclass(frozen=True)
class Profiles:
    """The profiles as arrays, by profile number; times in microseconds.

    Attributes:
        shop: Number in ``MAIL_HANDLES``.
        person: Person id, -1 for strangers.
        consented: First consent, or ``NEVER``.
        has_phone: Gets text messages.
        ids: Profile ids.
        frames: Tables email_profiles, email_lists, email_segments and email_list_members.
        mail_visits: Visits with channel Email or SMS: visit_id, profile, at, channel, path.
    """

    shop: Ints
    person: Ints
    consented: Ints
    has_phone: Bools
    ids: np.ndarray
    frames: Frames
    mail_visits: pd.DataFrame

    def find(self, shops: pd.Series, person_ids: pd.Series) -> Ints:
        """Profile numbers of people in shops; ``ABSENT`` where they are not known."""
        handles = np.array(MAIL_HANDLES, object)[self.shop]
        known = np.flatnonzero(self.person > 0)
        keys = pd.MultiIndex.from_arrays([handles[known], self.person[known]])
        wanted = pd.MultiIndex.from_arrays([shops, person_ids])
        return pd.Series(known, keys).reindex(wanted).fillna(ABSENT).to_numpy(np.int64)


def build(rng: np.random.Generator, preset: Preset, shop: Frames, served: pd.DataFrame) -> Profiles:
    """Everyone whose address is known, from whichever side it came."""
    visits = _visits(shop)
    accounts = shop["customers"][shop["customers"]["shop"].isin(MAIL_HANDLES)]
    guests = served[served["customer_id"] == ABSENT]
    known = _first_known(visits, accounts, guests)
    known = _with_consent(rng, known)
    frame = _with_names(rng, known, visits, accounts, shop["people"]).reset_index(drop=True)
    number = pd.Series(frame.index, pd.MultiIndex.from_frame(frame[["shop", "key"]]))
    mail = visits[visits["is_mail"]]
    places = number.reindex(pd.MultiIndex.from_frame(mail[["shop", "key"]])).to_numpy(np.int64)
    ids = ulids(rng, frame["created"].to_numpy())
    shop_number = frame["shop"].map({name: n for n, name in enumerate(MAIL_HANDLES)})
    profiles = Profiles(
        shop=shop_number.to_numpy(np.int64),
        person=np.where(frame["key"] > STRANGER, -1, frame["key"]),
        consented=frame["consented"].to_numpy(np.int64),
        has_phone=(frame["phone"] != "").to_numpy(),
        ids=ids,
        frames={},
        mail_visits=mail.assign(profile=places).reset_index(drop=True),
    )
    profiles.frames.update(_frames(rng, preset, profiles, frame))
    return profiles


def _visits(shop: Frames) -> pd.DataFrame:
    """Visits of the shops with a key of their visitor, and whether mail or a sign-up is in it."""
    visits = shop["visits"][shop["visits"]["shop"].isin(MAIL_HANDLES)]
    events = shop["web_events"]
    signs = events.loc[events["event_name"] == "sign_up"].groupby("visit_id")["happened_at"].min()
    channel = visits["channel"].astype(str)
    alone = "visit " + visits["visit_id"].astype(str)
    device = visits["user_pseudo_id"].where(visits["user_pseudo_id"] != "", alone)
    person = visits["person_id"].to_numpy()
    return pd.DataFrame(
        {
            "visit_id": visits["visit_id"].array,
            "shop": visits["shop"].array,
            "key": np.where(person > 0, person, STRANGER + 1 + pd.factorize(device)[0]),
            "at": micros_of(visits["started_at"]),
            "signed": micros_of(signs.reindex(visits["visit_id"])),
            "is_mail": channel.isin(["Email", "SMS"]).array,
            "channel": np.where(channel == "SMS", "sms", "email"),
            "path": visits["landing_path"].astype(str).array,
            "country_code": visits["country_code"].astype(str).array,
            "city": visits["city"].astype(str).array,
        }
    )


def _first_known(
    visits: pd.DataFrame, accounts: pd.DataFrame, guests: pd.DataFrame
) -> pd.DataFrame:
    """One row per shop and key: times of account, consent there, order, sign-up and first mail."""
    keys = ["shop", "key"]
    first = accounts.assign(
        key=accounts["person_id"],
        opened=micros_of(accounts["created_at"]),
        marketing=micros_of(accounts["marketing_at"]),
    ).set_index(keys)[["opened", "marketing", "customer_id"]]
    ordered = guests.rename(columns={"person_id": "key"}).groupby(keys)["created"].min()
    mail = visits[visits["is_mail"]].groupby(keys)["at"].min().rename("mail")
    texted = visits[visits["is_mail"] & (visits["channel"] == "sms")].groupby(keys)["at"].min()
    signs = visits[visits["signed"] != NEVER].sort_values("signed").drop_duplicates(keys)
    signs = signs.set_index(keys)[["signed", "visit_id"]]
    frame = pd.concat(
        [first, ordered.rename("ordered"), mail, texted.rename("texted"), signs], axis=1
    )
    times = ["opened", "marketing", "ordered", "mail", "texted", "signed"]
    frame[times] = frame[times].where(frame[times] != NEVER).fillna(FAR).astype("int64")
    frame[["customer_id", "visit_id"]] = (
        frame[["customer_id", "visit_id"]].fillna(ABSENT).astype("int64")
    )
    return frame.reset_index().sort_values(keys).reset_index(drop=True)


def _with_consent(rng: np.random.Generator, known: pd.DataFrame) -> pd.DataFrame:
    """Consent from a sign-up or the account, but always well before the first mail clicked."""
    n = len(known)
    given = known[["signed", "marketing"]].min(axis=1).to_numpy()
    needed = known["mail"].to_numpy()
    has_mail = needed != FAR
    needed = np.where(has_mail, needed - 9 * DAY, FAR)
    early = needed - between(rng, HOUR, 40 * DAY, n)
    soon = known["mail"].to_numpy() - between(rng, HOUR, 4 * DAY, n)  # clicks the welcome
    welcomed = (known["texted"] == FAR).to_numpy() & (rng.random(n) < 0.3)
    early = np.where(welcomed, soon, early)
    consented = np.where(has_mail & (given > needed), early, given)
    by_visit = (consented == known["signed"]) & (consented != FAR)
    created = np.minimum(known[["opened", "ordered"]].min(axis=1), consented)
    return known.assign(
        consented=np.where(consented == FAR, NEVER, consented),
        created=created,
        visit_id=known["visit_id"].where(by_visit, ABSENT),
    )


def _with_names(
    rng: np.random.Generator,
    known: pd.DataFrame,
    visits: pd.DataFrame,
    accounts: pd.DataFrame,
    people: pd.DataFrame,
) -> pd.DataFrame:
    """Address, names, phone and place: those of the account, of the person, or invented."""
    n, key = len(known), known["key"].to_numpy()
    is_person = key < STRANGER
    person = people.set_index("person_id").reindex(key)
    own = accounts.set_index("customer_id").reindex(known["customer_id"])
    seen = visits.drop_duplicates(["shop", "key"]).set_index(["shop", "key"])
    seen = seen.reindex(pd.MultiIndex.from_frame(known[["shop", "key"]]))
    names = {
        name: pick_words(rng, words, n)
        for name, words in (("first_name", FIRST_NAMES), ("last_name", LAST_NAMES))
    }
    host = pick_words(rng, MAIL_HOSTS, n)
    number = pd.Series(np.where(is_person, 0, key - STRANGER)).astype(str).to_numpy(object)
    invented = names["first_name"] + "." + names["last_name"] + ".s" + number + "@" + host
    tells = is_person | (rng.random(n) < 0.4)
    digits = pd.Series(between(rng, 0, 1_000_000, n)).astype(str).str.zfill(6).to_numpy(object)
    prefix = np.where(known["shop"] == MAIL_HANDLES[0], "+4915598", "+1555019")
    phone = own["phone"].fillna("").to_numpy(object)
    texted = (known["texted"] != FAR).to_numpy()
    columns = {
        name: np.where(is_person, person[name].fillna(""), np.where(tells, drawn, ""))
        for name, drawn in names.items()
    }
    return known.assign(
        **columns,
        email=np.where(is_person, person["email"].fillna(""), pd.Series(invented).str.lower()),
        phone=np.where(texted & (phone == ""), prefix + digits, phone),
        country_code=_either(own["country_code"], seen["country_code"], person["country_code"]),
        city=_either(own["city"], seen["city"]),
    )


def _either(*columns: pd.Series) -> np.ndarray:
    """The first of the values that is there, else empty."""
    found = columns[0].to_numpy(object)
    for column in columns[1:]:
        found = np.where(pd.isna(found), column.to_numpy(object), found)
    return np.where(pd.isna(found), "", found)


def _frames(
    rng: np.random.Generator, preset: Preset, profiles: Profiles, frame: pd.DataFrame
) -> Frames:
    table = typed(
        "email_profiles",
        {
            "profile_id": profiles.ids,
            "shop": frame["shop"],
            "person_id": profiles.person,
            "customer_id": frame["customer_id"].to_numpy(),
            **{
                name: frame[name]
                for name in ("email", "phone", "first_name", "last_name", "country_code", "city")
            },
            "created_at": frame["created"].to_numpy(),
            "updated_at": frame["created"].to_numpy(),
            "consent": np.full(len(frame), "NEVER_SUBSCRIBED", object),
            "consented_at": profiles.consented,
            "sign_up_visit_id": frame["visit_id"].to_numpy(),
        },
    )
    lists = _groups(rng, preset, "email_lists", "list_id", LISTS)
    return {
        "email_profiles": table.sort_values(["created_at", "profile_id"]).reset_index(drop=True),
        "email_lists": lists,
        "email_segments": _groups(rng, preset, "email_segments", "segment_id", SEGMENTS),
        "email_list_members": _members(profiles, lists),
    }


def _groups(
    rng: np.random.Generator, preset: Preset, table: str, key: str, names: tuple[str, ...]
) -> pd.DataFrame:
    n = len(MAIL_HANDLES) * len(names)
    made = np.full(n, micros(preset.start) - 60 * DAY)
    return typed(
        table,
        {
            key: tokens(rng, 6, n),
            "shop": np.repeat(np.array(MAIL_HANDLES, object), len(names)),
            "name": np.tile(np.array(names, object), len(MAIL_HANDLES)),
            "created_at": made,
            "updated_at": made,
        },
    )


def _members(profiles: Profiles, lists: pd.DataFrame) -> pd.DataFrame:
    """Who consents joins the newsletter; who gave a phone number also the text messages."""
    consents = profiles.consented != NEVER
    blocks = []
    for place, members in enumerate((consents, consents & profiles.has_phone)):
        profile = np.flatnonzero(members)
        number = profiles.shop[profile] * len(LISTS) + place
        blocks.append((number, profile))
    number, profile = (np.concatenate(part) for part in zip(*blocks, strict=True))
    joined = profiles.consented[profile] + MINUTE
    frame = typed(
        "email_list_members",
        {
            "list_id": lists["list_id"].to_numpy(object)[number],
            "profile_id": profiles.ids[profile],
            "shop": np.array(MAIL_HANDLES, object)[profiles.shop[profile]],
            "joined_at": joined,
        },
    )
    return frame.sort_values(["joined_at", "profile_id", "list_id"]).reset_index(drop=True)
