"""The tables of e-mail: profiles, campaigns and flows, messages and what came of them."""

from __future__ import annotations

from sandbox.world.tables import Table, table

EMAIL_TABLES: dict[str, Table] = {
    "email_profiles": table(
        "One row per address known to an e-mail account, also addresses that never bought.",
        """
        profile_id str 26 characters, like a ULID
        shop str handle of the account
        person_id int hidden: whose; -1 a stranger who never buys
        customer_id int? account in the shop, the profile's external id, once it is open (as_of)
        email str lower-case address
        phone str E.164, may be empty
        first_name str may be empty
        last_name str may be empty
        country_code str ISO alpha-2
        city str may be empty
        created_at time first known to the account
        updated_at time latest visible change (as_of)
        consent str SUBSCRIBED, UNSUBSCRIBED or NEVER_SUBSCRIBED (as_of)
        consented_at time first consent, or NaT
        sign_up_visit_id int? visit with the sign-up, once it was (as_of)
        """,
        visible_at="created_at",
        later=("consented_at",),
    ),
    "email_lists": table(
        "One row per list.",
        """
        list_id str 6 characters
        shop str handle of the account
        name str Newsletter, SMS or VIP; nobody is in the last
        created_at time made
        updated_at time made
        """,
        visible_at="created_at",
    ),
    "email_segments": table(
        "One row per segment.",
        """
        segment_id str 6 characters
        shop str handle of the account
        name str its name
        created_at time made
        updated_at time made
        """,
        visible_at="created_at",
    ),
    "email_list_members": table(
        "One row per list x profile.",
        """
        list_id str the list
        profile_id str the profile
        shop str handle of the account
        joined_at time when
        """,
        visible_at="joined_at",
    ),
    "email_campaigns": table(
        "One row per campaign.",
        """
        campaign_id str 26 characters, like a ULID
        shop str handle of the account
        name str also the utm_campaign of its clicks; unique in the account
        channel str email or sms
        subject str of the message; empty for sms
        message_id str 26 characters: its only message
        status str Draft, Scheduled or Sent (as_of)
        created_at time made
        scheduled_at time when it was scheduled, or NaT
        sent_at time begin of the sending, or NaT
        updated_at time made, scheduled or sent, the latest (as_of)
        """,
        visible_at="created_at",
        later=("scheduled_at", "sent_at"),
    ),
    "email_flows": table(
        "One row per flow.",
        """
        flow_id str 6 characters
        shop str handle of the account
        name str also the utm_campaign of its clicks; unique in the account
        purpose str hidden: welcome, winback, post_purchase, replenishment or abandoned_cart
        status str live or draft
        trigger_type str Added to List, Metric or Date Based
        created_at time made
        updated_at time made
        """,
        visible_at="created_at",
    ),
    "email_flow_messages": table(
        "One row per message of a flow.",
        """
        message_id str 6 characters
        flow_id str its flow
        shop str handle of the account
        name str its name
        subject str its subject
        created_at time made
        """,
        visible_at="created_at",
    ),
    "email_messages": table(
        "One row per message x recipient.",
        """
        email_message_id int the sending
        shop str handle of the account
        profile_id str the recipient
        campaign_id str its campaign; empty if a flow's
        flow_id str its flow; empty if a campaign's
        message_id str what was sent: the campaign's message or the flow's
        channel str email or sms
        sent_at time when
        """,
        visible_at="sent_at",
    ),
    "email_events": table(
        "One row per event of a message x recipient, and per consent given or taken back.",
        """
        event_id str uuid
        shop str handle of the account
        email_message_id int? the sending; absent for consent outside a message
        profile_id str whose
        kind str received, bounced, dropped, opened, clicked, unsubscribed, subscribed, marked_spam
        url str of clicked, else empty
        is_machine bool opened by a mail program's proxy, or clicked by a scanner
        visit_id int? the visit a click led to; absent where it led nowhere
        happened_at time when
        arrived_at time when the account has it: up to 30 h later
        """,
        visible_at="arrived_at",
    ),
    "profile_predictions": table(
        "One row per profile with an order x Monday: what is predicted then; only the newest is "
        "shown. They begin 16 weeks before the preset's clock.",
        """
        shop str handle of the account
        profile_id str the profile
        predicted_at time Monday, 03:00 UTC
        historic_orders int orders so far
        historic_clv int cents of those
        predicted_orders float in the next 365 days
        predicted_clv int cents in the next 365 days
        churn_probability float chance that there is no further order
        average_days_between_orders float so far; NaN with a single order
        expected_date_of_next_order date NaT where churned
        """,
        visible_at="predicted_at",
    ),
}
