"""The tables of advocacy and care: reviews, loyalty, surveys, posts, tickets, contacts."""

from __future__ import annotations

from sandbox.world.tables import Table, table

_REVIEWS: dict[str, Table] = {
    "reviews": table(
        "One row per product review.",
        """
        review_id int the review
        shop str handle
        order_id int? order it was asked for; absent where anybody wrote it
        line_id int? order line it is about
        product_id int the product
        person_id int hidden: who; -1 a stranger
        email str as typed
        display_name str as shown
        rating int 1 to 5
        title str heading
        content str text
        is_verified bool of a buyer
        votes_up int found helpful
        votes_down int not
        is_published bool shown in the shop
        is_deleted bool deleted by now (as_of)
        created_at time written
        updated_at time written or deleted, the latest (as_of)
        deleted_at time deleted, or NaT
        """,
        visible_at="created_at",
        later=("deleted_at",),
    ),
    "ugc": table(
        "One row per photo, video or question of a visitor.",
        """
        ugc_id int the content
        shop str handle
        kind str photo, video or question
        review_id int? review of a photo or video
        product_id int the product
        person_id int hidden: who; -1 a stranger
        email str as typed
        display_name str as shown
        content str address of the picture, or the question
        answer str of a question that was answered, else empty
        created_at time when
        """,
        visible_at="created_at",
    ),
}

_LOYALTY: dict[str, Table] = {
    "loyalty_members": table(
        "One row per member of a shop's loyalty programme.",
        """
        member_id int the member
        shop str handle
        person_id int hidden: who
        customer_id int account in the shop
        email str as in the account
        enrolled_at time joined
        tier str bronze, silver, gold or vip: by the spend of 365 days (as_of)
        points_balance int sum of the entries (as_of)
        opted_out_at time left, or NaT
        referral_code str to hand on
        updated_at time latest visible entry, tier or departure (as_of)
        """,
        visible_at="enrolled_at",
        later=("opted_out_at",),
    ),
    "loyalty_tiers": table(
        "One row per member x change of tier, the first one at enrolment.",
        """
        member_id int the member
        shop str handle
        tier str from then on
        valid_from time when
        """,
        visible_at="valid_from",
    ),
    "loyalty_entries": table(
        "One row per movement of points.",
        """
        entry_id int the entry
        shop str handle
        member_id int whose
        kind str earn, redeem, adjust or expire
        reason str in words
        points int signed
        order_id int? order that earned, redeemed or was cancelled
        happened_at time when
        """,
        visible_at="happened_at",
    ),
    "referral_clicks": table(
        "One row per click on a member's referral link.",
        """
        referral_id int the click
        shop str handle
        member_id int the advocate
        person_id int hidden: the friend; -1 a stranger who never buys
        visit_id int the visit it led to
        user_pseudo_id str cookie id of the visit; empty without consent
        clicked_at time when
        friend_email str empty before the conversion (as_of)
        order_id int? the friend's first order, once placed (as_of)
        converted_at time that order, or NaT
        """,
        visible_at="clicked_at",
        later=("converted_at",),
    ),
}

_SURVEYS: dict[str, Table] = {
    "survey_responses": table(
        "One row per answer to the question how likely one recommends the shop.",
        """
        response_id str token
        shop str handle
        form_id str form of the shop
        email str hidden field of the link; empty where it was opened without
        person_id int hidden: who
        order_id int? order it was asked for
        score int 0 to 10
        comment str may be empty
        landed_at time opened
        submitted_at time sent
        """,
        visible_at="submitted_at",
    ),
}

_SOCIAL: dict[str, Table] = {
    "social_posts": table(
        "One row per post of an account.",
        """
        post_id str 17 digits
        account_id str 17 digits
        shop str handle the account is booked to
        media_type str IMAGE, VIDEO or CAROUSEL_ALBUM
        product_type str FEED or REELS
        caption str text
        permalink str address
        published_at time when
        """,
        visible_at="published_at",
    ),
    "social_entries": table(
        "One row per post x day: increments, reported the next day.",
        """
        post_id str the post
        day date in UTC
        reported_at time when it shows
        views int increment
        reach int increment
        likes int increment
        comments int increment
        shares int increment
        saves int increment
        """,
        visible_at="reported_at",
    ),
    "social_account_days": table(
        "One row per account x day.",
        """
        account_id str the account
        shop str handle the account is booked to
        day date in UTC
        reported_at time when it shows
        views int of all posts
        reach int accounts reached
        profile_views int of the profile
        follower_count int at the end of the day
        new_followers int gained on the day
        """,
        visible_at="reported_at",
    ),
}

_CARE: dict[str, Table] = {
    "tickets": table(
        "One row per ticket of a help desk.",
        """
        ticket_id int the ticket
        shop str handle of the account
        person_id int hidden: who; -1 a stranger
        customer_email str as typed
        customer_name str as typed
        order_id int? order it is about
        channel str email, chat, phone or instagram
        subject str heading
        reason str tag: late_parcel, damaged, wrong_item, question or return
        priority str normal or high
        is_spam bool no customer at all
        opened_by_agent bool the shop wrote first
        created_at time opened
        closed_at time closed, or NaT
        updated_at time latest visible message or closing (as_of)
        status str open or closed (as_of)
        messages_count int visible messages (as_of)
        """,
        visible_at="created_at",
        later=("closed_at",),
    ),
    "ticket_messages": table(
        "One row per message of a ticket, internal notes included.",
        """
        message_id int the message
        ticket_id int its ticket
        shop str handle of the account
        from_agent bool written by the shop
        is_public bool false: internal note
        is_automated bool written by a rule
        agent_name str empty for customers and rules
        agent_email str likewise
        body str text
        sent_at time when
        """,
        visible_at="sent_at",
    ),
    "ticket_surveys": table(
        "One row per ticket that was asked for satisfaction.",
        """
        survey_id int the survey
        ticket_id int its ticket
        shop str handle of the account
        score int? 1 to 5, once answered (as_of)
        comment str empty before (as_of)
        sent_at time asked
        scored_at time answered, or NaT
        """,
        visible_at="sent_at",
        later=("scored_at",),
    ),
}

_CONTACTS: dict[str, Table] = {
    "crm_contacts": table(
        "One row per contact of the one portal of all shops.",
        """
        contact_id int the contact
        email str as typed
        phone str E.164, may be empty
        first_name str given name
        last_name str family name
        company str may be empty
        country str ISO alpha-2
        city str where
        lifecycle_stage str subscriber, lead, opportunity; customer once ordered (as_of)
        marketing_consent bool opted in
        created_at time made
        updated_at time made, became a customer or archived, the latest (as_of)
        archived_at time archived, or NaT
        """,
        visible_at="created_at",
        later=("archived_at",),
    ),
}

ADVOCACY_TABLES: dict[str, Table] = {
    **_REVIEWS,
    **_LOYALTY,
    **_SURVEYS,
    **_SOCIAL,
    **_CARE,
    **_CONTACTS,
}
