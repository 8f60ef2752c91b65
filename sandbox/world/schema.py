"""The tables of the ledger: grain, columns, units, and when a row becomes visible.

Conventions: money is int64 in the smallest unit (cents) of the shop's currency; ``time`` is
``datetime64[us, UTC]`` in whole seconds, ``micro`` the same to the microsecond; ``date`` is
``datetime64[us]`` at midnight of the local calendar day; ``int?`` is nullable. ``hidden`` columns
and tables are the world's truth: no vendor shows them.
"""

from __future__ import annotations

from sandbox.world.schema_advocacy import ADVOCACY_TABLES
from sandbox.world.schema_email import EMAIL_TABLES
from sandbox.world.schema_goods import GOODS_TABLES
from sandbox.world.tables import DTYPES, Column, Table
from sandbox.world.tables import table as _table

__all__ = ["CANCELLATIONS", "DTYPES", "STATUSES", "TABLES", "Column", "Table"]

CANCELLATIONS = {
    "shopify": "cancelledAt and cancelReason; a refund of what was paid, at the same moment",
    "woocommerce": "status cancelled, date_modified: nothing changes after it; date_paid tells "
    "whether it was once paid; no refund is booked, the payment provider pays back",
    "commercetools": "orderState Cancelled, lastModifiedAt: nothing changes after it; a Refund or "
    "CancelAuthorization of its payment at the same moment, no returnInfo",
    "sql_orders": "status voided minutes after the sale, with its time; counts nowhere",
}
"""What each platform shows of ``orders.cancelled_at``."""

STATUSES = {
    "shopify": (),
    "woocommerce": (
        "pending", "on-hold", "processing", "completed", "cancelled", "refunded", "failed", "trash",
    ),
    "commercetools": ("Open", "Confirmed", "Complete", "Cancelled"),
    "sql_orders": ("completed", "voided"),
}  # fmt: skip
"""The values of ``orders.status``."""

TABLES: dict[str, Table] = {
    "stores": _table(
        "One row per shop.",
        """
        shop str handle, also the product's account id: basketline-eu, basketline-us ...
        shop_id int Shopify's numeric id
        name str shop name
        platform str shopify, woocommerce, commercetools or sql_orders
        collectors str comma between who collects its web events: ga4, first_party; may be empty
        first_party_at time when its own collector was switched on, or NaT
        currency str ISO code of the shop's money
        timezone str IANA zone of the shop's day
        country str ISO 3166 alpha-2 of the shop
        taxes_included bool prices contain the tax (VAT shop)
        email str address of the shop
        created_at time opening of the shop
        """,
        later=("first_party_at",),
    ),
    "products": _table(
        "One row per product of a shop.",
        """
        product_id int Shopify's numeric id
        shop str handle
        title str product name
        handle str URL part: /products/<handle>
        vendor str brand
        category str Shopify's product type
        tags str comma and blank between tags
        status str ACTIVE, ARCHIVED or DRAFT
        is_gift_card bool the product is a gift card
        created_at time also the first publication
        updated_at time latest visible change (as_of)
        """,
        visible_at="created_at",
    ),
    "variants": _table(
        "One row per variant of a product; price and cost are those in force (as_of).",
        """
        variant_id int Shopify's numeric id
        inventory_item_id int Shopify's numeric id of its inventory item
        product_id int its product
        shop str handle
        sku str stock keeping unit, the same in every shop for the same article
        barcode str EAN-13
        title str e.g. "Small", or "Default Title"
        position int 1-based within the product
        price int cents, with tax where the shop's prices contain it
        compare_at_price int? cents
        unit_cost int? cents without tax; absent where the shop has not entered it
        weight_grams int as it is sent; 0 of gift cards
        taxable bool tax is charged
        requires_shipping bool false for gift cards
        is_gift_card bool as its product
        inventory_quantity int units on hand (as_of)
        created_at time as its product
        updated_at time latest visible change (as_of)
        """,
        visible_at="created_at",
    ),
    "variant_versions": _table(
        "One row per variant x period of one price and cost.",
        """
        variant_id int the variant
        shop str handle
        valid_from time start of this version
        price int cents
        compare_at_price int? cents
        unit_cost int? cents without tax; absent where the shop has not entered it
        """,
        visible_at="valid_from",
    ),
    "people": _table(
        "Hidden truth: one row per person.",
        """
        person_id int the person
        email str lower-case address
        first_name str given name
        last_name str family name
        home_shop str the shop of all or most purchases
        in_both_shops bool also buys in a second shop, there with another spelling
        country_code str ISO alpha-2
        acquired_at time start of the hidden buying life; the first purchase
        dropped_at time hidden end of the buying life (may lie after the horizon)
        purchase_rate float purchases per day while alive
        dropout float chance to drop out after a purchase
        value_segment int 0..3 mixture component of spend: budget, mid, high, premium
        value_propensity float draw of that component: log of the spend multiplier
        price_segment int 0..2 component of price sensitivity: full price, deals, discounts
        price_propensity float logit of the chance that an order has a discount
        category_segment int 0..2 component of taste: single, focused, multi
        category_propensity float logit of the chance that a line leaves the favourite category
        favourite_category str the category bought most
        return_segment int 0..2 component of returns: keeper, occasional, frequent
        return_propensity float logit of the chance that a unit comes back
        repurchase_segment int 0..2 component of repurchase: explorer, mixed, repurchaser
        repurchase_propensity float logit of the chance that a line repeats a product
        """,
    ),
    "customers": _table(
        "One row per customer account of a shop (person x shop).",
        """
        customer_id int Shopify's numeric id
        shop str handle
        person_id int hidden: whose account
        email str as typed: case and blanks differ between shops for the same person
        first_name str given name
        last_name str family name
        phone str E.164, may be empty
        address1 str street
        city str city
        province str region name, may be empty
        province_code str region code, may be empty
        zip str postal code
        country_code str ISO alpha-2
        locale str e.g. de-DE
        state str ENABLED, DISABLED or INVITED
        tags str comma and blank between tags
        accepts_marketing bool subscribed to marketing e-mail
        marketing_at time consent given, or NaT
        created_at time account opened
        updated_at time latest visible change (as_of)
        """,
        visible_at="created_at",
        later=("marketing_at",),
    ),
    "changes": _table(
        "One row per change that moves an entity's updated_at, however late.",
        """
        entity cat order, customer, product, variant or checkout
        entity_id int its id
        shop str handle
        changed_at time when
        kind cat created, edited, paid, refunded, cancelled, fulfilled, tagged, price ...
        """,
        visible_at="changed_at",
    ),
    "visits": _table(
        "One row per visit of one browser (one GA4 session).",
        """
        visit_id int the visit
        shop str handle, also the GA4 stream
        person_id int hidden: who; -1 a stranger who never buys
        started_at time first event
        ended_at time last event
        user_pseudo_id str GA4 cookie id of the device; empty without consent
        ga_session_id int seconds since 1970 of the start
        ga_session_number int 1-based of this device
        user_id str customer id if there was a login or checkout, else empty
        login_at time from then on events carry the user_id; NaT without one
        has_consent bool false: events carry no user_pseudo_id and no session id
        channel cat planted channel, named as in METRICS.md
        source cat utm_source or referring host; (direct) if none
        medium cat utm_medium; (none) if none
        campaign cat utm_campaign, may be empty
        utm_id cat utm_id, may be empty
        utm_content cat utm_content, may be empty
        gclid str click id of Google Ads, may be empty
        fbclid str click id of Meta, may be empty
        ttclid str click id of TikTok, may be empty
        epik str click id of Pinterest, may be empty
        referrer cat address of the page before, may be empty
        ad_id int? the ad clicked
        ad_platform cat whose ad: meta_ads, google_ads, tiktok_ads, pinterest_ads; may be empty
        landing_path cat path of the first page
        device cat desktop, mobile or tablet
        os cat operating system
        browser cat browser
        country_code cat ISO alpha-2
        city cat city, may be empty
        """,
        visible_at="started_at",
        later=("login_at",),
    ),
    "web_events": _table(
        "One row per event that the tag sent; order by happened_at, event_id.",
        """
        event_id int the event
        visit_id int its visit
        shop cat handle, also the GA4 stream
        event_name cat session_start, page_view, view_item, add_to_cart, begin_checkout ...
        happened_at micro on the visitor's clock
        arrived_at micro when the collector has it: up to 72 h late
        page_view_number int 1-based number of the page view of the visit it belongs to
        page_path cat path
        variant_id int? item of view_item, add_to_cart, add_to_wishlist
        quantity int? units of that item
        order_id int? of purchase: transaction id
        checkout_id int? of begin_checkout
        value int? cents: item value, cart value or order total
        engagement_msec int? engagement since the event before
        percent_scrolled int? 90 on scroll, else absent
        is_repeat bool a purchase sent a second time
        """,
        visible_at="arrived_at",
    ),
    "checkouts": _table(
        "One row per checkout that got as far as contact data.",
        """
        checkout_id int Shopify's numeric id
        shop str handle
        visit_id int? the visit it was started in
        customer_id int? account, once there is one (as_of)
        person_id int hidden: whose
        email str as typed
        token str in the recovery address
        created_at time started
        abandoned_at time 10 minutes later where not completed by then: from then on listed
        completed_at time became an order (late: recovered), or NaT
        order_id int? that order, once completed (as_of)
        updated_at time latest visible change (as_of)
        currency str shop's currency
        subtotal int cents after discounts, with tax where prices contain it
        discount int cents
        tax int cents
        total int cents
        discount_code str may be empty
        """,
        visible_at="created_at",
        later=("abandoned_at", "completed_at"),
    ),
    "checkout_lines": _table(
        "One row per line of a checkout.",
        """
        checkout_line_id int the line
        checkout_id int its checkout
        shop str handle
        variant_id int what
        product_id int its product
        quantity int units
        unit_price int cents
        discount int cents for all units
        created_at time as its checkout
        """,
        visible_at="created_at",
    ),
    "orders": _table(
        "One row per order, also test and deleted ones; total_* are as placed.",
        """
        order_id int Shopify's numeric id
        shop str handle
        number int 1001, 1002 ... by shop
        name str "#1001"
        person_id int hidden: who; -1 nobody can be told (no e-mail, no account)
        customer_id int? account; absent for guests
        email str as typed, empty if none was given
        phone str E.164, may be empty
        is_guest bool no account
        visit_id int? visit in which it was placed; absent for point of sale and drafts
        checkout_id int? its checkout
        source_name str web, pos, shopify_draft_order or subscription_contract
        processed_at time the moment of sale: its local date is the order's day
        created_at time when the platform has it; later than processed_at for imported ones
        cancelled_at time full cancellation, or NaT; see CANCELLATIONS for what each shop shows
        cancel_reason str CUSTOMER, INVENTORY, FRAUD, DECLINED, STAFF, OTHER; empty before
        closed_at time archived, or NaT
        deleted_at time deleted, or NaT: from then on no API shows it
        updated_at time latest visible change (as_of)
        is_test bool test order
        tags str comma and blank between tags
        late_tag str tag added at tagged_at; as_of appends it to tags
        tagged_at time the latest update that changes no money, or NaT
        currency str shop's currency
        presentment_currency str currency the buyer saw
        presentment_rate float units of presentment per unit of shop currency; 1.0 if the same
        taxes_included bool line prices contain the tax
        subtotal int cents: goods and gift cards after discounts (with tax if included)
        discounts int cents: all line and shipping discounts
        tax int cents: of lines and shipping
        shipping int cents: charged after shipping discount (with tax if included)
        tip int cents
        total int cents: what the buyer owes = subtotal + shipping + tip (+ tax if not included)
        discount_codes str comma between codes
        ship_name str receiver
        ship_address1 str street
        ship_city str city
        ship_province str region, may be empty
        ship_province_code str region code, may be empty
        ship_zip str postal code
        ship_country_code str ISO alpha-2
        current_subtotal int cents after edits and refunds (as_of)
        current_discounts int cents, likewise (as_of)
        current_tax int cents, likewise (as_of)
        current_shipping int cents, likewise (as_of)
        current_total int cents, likewise (as_of)
        received int cents: successful sales and captures (as_of)
        refunded int cents: successful refunds (as_of)
        financial_status str AUTHORIZED, PAID, PENDING, REFUNDED ... FAILED, not on Shopify (as_of)
        fulfillment_status str FULFILLED, PARTIALLY_FULFILLED, UNFULFILLED (as_of)
        status str in the platform's own words, see STATUSES; empty on Shopify (as_of)
        """,
        visible_at="created_at",
        later=("cancelled_at", "closed_at", "deleted_at", "tagged_at"),
    ),
    "order_lines": _table(
        "One row per line of an order, also lines added by an edit.",
        """
        line_id int Shopify's numeric id
        order_id int its order
        shop str handle
        product_id int what
        variant_id int what
        sku str as sold
        title str product name as sold
        variant_title str as sold
        category str product type as sold
        vendor str brand as sold
        is_gift_card bool a gift card
        quantity int units when the line was added
        current_quantity int units after edits and returns (as_of)
        unit_price int cents, with tax if included
        unit_cost int? cents without tax, in force at the sale
        tax_rate_bp int basis points: 1900 = 19 %
        discount int cents: all allocations of the line
        tax int cents on quantity x price - discount
        requires_shipping bool physical
        added_at time order's created_at, or the edit's time
        """,
        visible_at="added_at",
    ),
    "discount_allocations": _table(
        "One row per order line (or shipping line) x discount; cents add up to its discount.",
        """
        allocation_id int the allocation
        order_id int its order
        shop str handle
        line_id int? order line; absent for shipping
        shipping_line_id int? shipping line; absent for goods
        application_index int 0-based number of the discount within the order
        kind str code, automatic or manual
        title str the code, or the automatic discount's name
        target str line (some lines), order (spread over all lines) or shipping
        value_type str percentage or fixed_amount
        value float percent, or money units
        amount int cents
        added_at time as its line
        """,
        visible_at="added_at",
    ),
    "shipping_lines": _table(
        "One row per order with shipping.",
        """
        shipping_line_id int Shopify's numeric id
        order_id int its order
        shop str handle
        title str e.g. Standard
        code str e.g. standard
        price int cents before discount, with tax if included
        discount int cents
        tax_rate_bp int basis points
        tax int cents on price - discount
        created_at time as its order
        """,
        visible_at="created_at",
    ),
    "sales_entries": _table(
        "One row per dated, signed change of an order's money: the ledger in the strict sense. "
        "gross without tax = total - tax + discount; nothing is ever rewritten.",
        """
        entry_id int Shopify's sale id
        agreement_id int groups the entries of one event (order, edit, refund, cancellation)
        order_id int its order
        shop str handle
        happened_at time counts on this time's local date
        visible_at time when the platform has it (imported orders: later)
        reason str ORDER, ORDER_EDIT, REFUND or RETURN, as Shopify's agreement
        action_type str ORDER, RETURN or UPDATE, as Shopify's sale
        movement_type str order, edit, return, cancellation or adjustment (hidden: derived)
        line_type str PRODUCT, GIFT_CARD, SHIPPING, TIP, FEE or ADJUSTMENT
        line_id int? order line
        shipping_line_id int? shipping line
        refund_id int? refund that caused it
        quantity int signed units; 0 where units mean nothing
        total int signed cents, after discount, with tax
        tax int signed cents
        discount int signed cents before tax
        discount_with_tax int signed cents
        """,
        visible_at="visible_at",
    ),
    "refunds": _table(
        "One row per refund (also that of a cancellation).",
        """
        refund_id int Shopify's numeric id
        order_id int its order
        shop str handle
        processed_at time created and processed
        note str may be empty
        is_cancellation bool belongs to the full cancellation of the order
        has_receipt bool false: brought back to the till without one, nobody can tell the order
        total int cents paid back
        """,
        visible_at="processed_at",
    ),
    "refund_lines": _table(
        "One row per refund x order line.",
        """
        refund_line_id int Shopify's numeric id
        refund_id int its refund
        order_id int its order
        shop str handle
        line_id int order line
        quantity int units back, positive
        subtotal int cents: positive, after discount; with tax if included
        tax int cents: positive, tax of those units
        restock_type str RETURN, CANCEL or NO_RESTOCK
        processed_at time as its refund
        """,
        visible_at="processed_at",
    ),
    "refund_shipping_lines": _table(
        "One row per refund with shipping money back.",
        """
        refund_id int its refund
        order_id int its order
        shop str handle
        shipping_line_id int shipping line
        amount int cents: positive; with tax if included
        tax int cents: positive
        processed_at time as its refund
        """,
        visible_at="processed_at",
    ),
    "refund_adjustments": _table(
        "One row per order adjustment: the difference between goods and money of a refund.",
        """
        adjustment_id int Shopify's numeric id
        refund_id int its refund
        order_id int its order
        shop str handle
        amount int signed cents: negative = paid back beyond the lines, positive = kept back
        tax int signed cents (always 0 here)
        reason str REFUND_DISCREPANCY, CUSTOMER, DAMAGE or RESTOCK
        processed_at time as its refund
        """,
        visible_at="processed_at",
    ),
    "transactions": _table(
        "One row per payment transaction.",
        """
        transaction_id int Shopify's numeric id
        order_id int its order
        shop str handle
        parent_id int? authorisation of a capture, payment of a refund
        refund_id int? refund it pays
        kind str SALE, AUTHORIZATION, CAPTURE, REFUND or VOID
        status str SUCCESS, FAILURE or PENDING
        gateway str shopify_payments, paypal, gift_card, klarna, bank_deposit
        amount int cents, positive
        fee int? cents, once known; only shopify_payments tells it
        is_test bool as its order
        processed_at time when
        """,
        visible_at="processed_at",
    ),
    "fulfillments": _table(
        "One row per parcel.",
        """
        fulfillment_id int Shopify's numeric id
        order_id int its order
        shop str handle
        number int 1-based within the order
        carrier str name
        tracking_number str number
        shipped_at time handed over
        delivered_at time delivered, or NaT
        """,
        visible_at="shipped_at",
        later=("delivered_at",),
    ),
    "fulfillment_lines": _table(
        "One row per parcel x order line.",
        """
        fulfillment_id int its parcel
        order_id int its order
        shop str handle
        line_id int order line
        quantity int units in the parcel
        shipped_at time as its parcel
        """,
        visible_at="shipped_at",
    ),
    "order_costs": _table(
        "One row per order x cost that the fulfilment house bills.",
        """
        order_id int its order
        shop str handle
        cost_type str fulfilment
        amount int cents
        currency str ISO code
        cost_date date local date of the parcel
        billed_at time when it enters the file
        """,
        visible_at="billed_at",
    ),
    "ad_accounts": _table(
        "One row per ad account.",
        """
        platform cat meta_ads, google_ads, tiktok_ads or pinterest_ads
        account_id str as the platform has it, Meta's without act_: 1001, 2003
        shop str whose ads
        name str account name
        currency str ISO code of its money
        timezone str IANA zone of its days
        created_at time opened
        """,
        visible_at="created_at",
    ),
    "ads": _table(
        "One row per ad, with its set (ad group) and campaign.",
        """
        platform cat as its account
        ad_id int the platform's id, unique over all
        ad_name str ad
        adset_id int the platform's id
        adset_name str ad set or ad group
        campaign_id int the platform's id; also the utm_id of its clicks
        campaign_name str campaign; also the utm_campaign of its clicks
        campaign_type str Google: SEARCH, SHOPPING, PERFORMANCE_MAX, VIDEO, DISPLAY; else objective
        objective str e.g. OUTCOME_SALES
        optimization_goal str e.g. OFFSITE_CONVERSIONS
        daily_budget int cents of the account's currency, of the set
        has_ad_level bool false: the platform reports nothing below the campaign
        status str ACTIVE, PAUSED once it has ended (as_of)
        account_id str its account
        created_at time made
        started_at time first delivery
        ended_at time paused, or NaT
        updated_at time made, started or paused, the latest (as_of)
        """,
        visible_at="created_at",
        later=("started_at", "ended_at"),
    ),
    "ad_entries": _table(
        "One row per ad x local day x report: increments; their sum is what is known.",
        """
        platform cat as its account
        ad_id int the ad
        account_id str its account
        ad_date date day in the account's zone
        reported_at time when the increment shows: during the day, corrections <= 3 days later
        impressions int increment
        clicks int increment; the same as link_clicks except on Meta
        link_clicks int increment; the same as link_clicks except on Meta
        reach int increment; 0 on Google
        spend int increment in cents of the account's currency
        """,
        visible_at="reported_at",
    ),
    "ad_conversions": _table(
        "One row per conversion that the ad platform claims.",
        """
        platform cat as its account
        ad_id int the ad credited
        account_id str its account
        ad_date date day of the click or impression, in the account's zone
        reported_at time when the platform shows it: 28 or 30 days after, some of Google's up to 90
        action_type cat purchase, add_to_cart, initiate_checkout or view_content
        delay_days int whole days between click and conversion, below the platform's window
        is_view bool after an impression, not a click
        value int cents of the account's currency
        """,
        visible_at="reported_at",
    ),
    "fx": _table(
        "One row per business day x currency: reference rate, base EUR.",
        """
        rate_date date day of the rate
        currency str ISO code
        rate_e4 int units of currency per euro x 10^4
        published_at time 15:00 UTC of the day
        """,
        visible_at="published_at",
    ),
    **GOODS_TABLES,
    **EMAIL_TABLES,
    **ADVOCACY_TABLES,
}
