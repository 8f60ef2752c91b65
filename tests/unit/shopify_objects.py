"""Shopify objects made by hand from the official schema, as a page and as a bulk file give them."""

import json

ORDER_ID = "gid://shopify/Order/1"


def bag(amount, presentment=None):
    found = {"shopMoney": {"amount": amount}}
    return found | ({"presentmentMoney": {"amount": presentment}} if presentment else {})


def order(**changes):
    """An order of two units at 119.00 with VAT inside, a discount of 10, shipping and a tip."""
    return {
        "id": ORDER_ID,
        "name": "#1001",
        "email": "Anna@Example.com",
        "phone": None,
        "createdAt": "2026-03-01T10:00:00Z",
        "processedAt": "2026-03-01T09:59:00Z",
        "updatedAt": "2026-03-09T08:00:00Z",
        "cancelledAt": None,
        "closedAt": None,
        "cancelReason": None,
        "currencyCode": "EUR",
        "presentmentCurrencyCode": "CHF",
        "displayFinancialStatus": "PARTIALLY_REFUNDED",
        "displayFulfillmentStatus": "FULFILLED",
        "sourceName": "web",
        "checkoutToken": "c0ffee",
        "tags": ["a", "b"],
        "discountCodes": ["TEN"],
        "test": False,
        "edited": False,
        "taxesIncluded": True,
        "customer": {"id": "gid://shopify/Customer/7"},
        "shippingAddress": {
            "countryCodeV2": "DE",
            "provinceCode": None,
            "province": None,
            "city": "Köln",
            "zip": "50667",
        },
        "billingAddress": None,
        "customerJourneySummary": {"lastVisit": None},
        "originalTotalPriceSet": bag("235.00", "230.30"),
        "totalPriceSet": bag("235.00"),
        "subtotalPriceSet": bag("228.00"),
        "totalTaxSet": bag("37.20"),
        "totalDiscountsSet": bag("10.00"),
        "totalShippingPriceSet": bag("5.00"),
        "totalTipReceivedSet": bag("2.00"),
        "originalTotalDutiesSet": None,
        "currentTotalPriceSet": bag("121.00"),
        "totalRefundedSet": bag("114.00"),
        "additionalFees": [],
        "transactions": [transaction()],
        "refunds": [refund()],
        "fulfillments": [fulfillment()],
        "lineItems": [line_item()],
        "shippingLines": [shipping_line()],
        "agreements": [agreement()],
    } | changes


def line_item(number=11, **changes):
    return {
        "id": f"gid://shopify/LineItem/{number}",
        "name": "Mug - blue",
        "title": "Mug",
        "variantTitle": "blue",
        "sku": "MUG-B",
        "vendor": "Kiln",
        "quantity": 2,
        "currentQuantity": 1,
        "unfulfilledQuantity": 0,
        "isGiftCard": False,
        "requiresShipping": True,
        "product": {"id": "gid://shopify/Product/3"},
        "variant": {"id": "gid://shopify/ProductVariant/4"},
        "originalUnitPriceSet": bag("119.00"),
        "originalTotalSet": bag("238.00"),
        "discountAllocations": [allocation("7.50"), allocation("2.50")],
        "taxLines": [{"rate": 0.19, "priceSet": bag("36.40")}],
    } | changes


def allocation(amount):
    application = {"index": 0, "targetType": "LINE_ITEM", "allocationMethod": "ACROSS"}
    return {"allocatedAmountSet": bag(amount), "discountApplication": application}


def shipping_line(**changes):
    return {
        "id": "gid://shopify/ShippingLine/11",
        "title": "Standard",
        "code": "std",
        "isRemoved": False,
        "originalPriceSet": bag("5.00"),
        "discountedPriceSet": bag("5.00"),
        "discountAllocations": [],
        "taxLines": [{"rate": 0.19, "priceSet": bag("0.80")}],
    } | changes


def agreement(**changes):
    return {
        "id": "gid://shopify/SalesAgreement/21",
        "happenedAt": "2026-03-01T09:59:00Z",
        "reason": "ORDER",
        "sales": [
            sale(31, "PRODUCT", 2, "228.00", lineItem={"id": "gid://shopify/LineItem/11"}),
            sale(32, "SHIPPING", 1, "5.00", shippingLine={"id": "gid://shopify/ShippingLine/11"}),
            sale(33, "TIP", None, "2.00", lineItem={"id": "gid://shopify/LineItem/99"}),
        ],
    } | changes


def sale(number, kind, quantity, total, **links):
    return {
        "id": f"gid://shopify/Sale/{number}",
        "actionType": "ORDER",
        "lineType": kind,
        "quantity": quantity,
        "totalAmount": bag(total),
        "totalTaxAmount": bag("0.00"),
        "totalDiscountAmountBeforeTaxes": bag("0.00"),
        "totalDiscountAmountAfterTaxes": bag("0.00"),
    } | links


def transaction(**changes):
    return {
        "id": "gid://shopify/OrderTransaction/41",
        "kind": "SALE",
        "status": "SUCCESS",
        "gateway": "shopify_payments",
        "test": False,
        "processedAt": "2026-03-01T09:59:30Z",
        "amountSet": bag("235.00"),
        "parentTransaction": None,
        "fees": [{"amount": {"amount": "3.71", "currencyCode": "EUR"}}],
    } | changes


def refund(**changes):
    return {
        "id": "gid://shopify/Refund/51",
        "processedAt": "2026-03-09T08:00:00Z",
        "totalRefundedSet": bag("119.00"),
        "duties": [],
        "refundLineItems": [
            {
                "id": "gid://shopify/RefundLineItem/61",
                "quantity": 1,
                "restockType": "RETURN",
                "lineItem": {
                    "id": "gid://shopify/LineItem/11",
                    "isGiftCard": False,
                    "product": {"id": "gid://shopify/Product/3"},
                },
                "subtotalSet": bag("114.00"),
                "totalTaxSet": bag("18.20"),
            }
        ],
        "refundShippingLines": [
            {
                "id": "gid://shopify/RefundShippingLine/61",
                "shippingLine": {"id": "gid://shopify/ShippingLine/11"},
                "subtotalAmountSet": bag("5.00"),
                "taxAmountSet": bag("0.80"),
            }
        ],
        "orderAdjustments": [
            {
                "id": "gid://shopify/OrderAdjustment/61",
                "reason": "REFUND_DISCREPANCY",
                "amountSet": bag("-3.00"),
                "taxAmountSet": bag("0.00"),
            }
        ],
    } | changes


def fulfillment(**changes):
    return {
        "id": "gid://shopify/Fulfillment/81",
        "status": "SUCCESS",
        "displayStatus": "DELIVERED",
        "totalQuantity": 2,
        "createdAt": "2026-03-02T08:00:00Z",
        "inTransitAt": "2026-03-02T16:00:00Z",
        "deliveredAt": "2026-03-04T11:00:00Z",
        "updatedAt": "2026-03-04T11:00:00Z",
        "location": {"id": "gid://shopify/Location/9"},
        "trackingInfo": [{"company": "DHL"}],
        "fulfillmentLineItems": [fulfillment_line()],
    } | changes


def fulfillment_line(number=11, quantity=2):
    item = {"id": f"gid://shopify/LineItem/{number}"}
    return {"id": f"gid://shopify/FulfillmentLineItem/{number}", "quantity": quantity,
            "lineItem": item}  # fmt: skip


def connection(nodes, *, cursor=None):
    return {"pageInfo": {"hasNextPage": bool(cursor), "endCursor": cursor}, "nodes": nodes}


def paged(whole, **changes):
    """The order as `orders_page` gives it; its refunds without what they consist of."""
    edges = [
        {"cursor": f"a{n}", "node": each | {"sales": connection(each["sales"])}}
        for n, each in enumerate(whole["agreements"])
    ]
    return (
        whole
        | {
            "lineItems": connection(whole["lineItems"]),
            "shippingLines": connection(whole["shippingLines"]),
            "agreements": {"pageInfo": connection([])["pageInfo"], "edges": edges},
            "refunds": [bare_refund(each) for each in whole["refunds"]],
            "fulfillments": [bare_fulfillment(each) for each in whole["fulfillments"]],
        }
        | changes
    )


def bare_refund(whole):
    kept = ("id", "processedAt", "totalRefundedSet", "duties")
    return {name: whole[name] for name in kept}


def bare_fulfillment(whole):
    return {name: value for name, value in whole.items() if name != "fulfillmentLineItems"}


def bulk_lines(whole):
    """The order as lines of a bulk file, each child under its parent."""
    lists = ("lineItems", "shippingLines", "agreements")
    root = {name: value for name, value in whole.items() if name not in lists}
    yield root | {
        "refunds": [bare_refund(each) for each in whole["refunds"]],
        "fulfillments": [bare_fulfillment(each) for each in whole["fulfillments"]],
    }
    for name in ("lineItems", "shippingLines"):
        for child in whole[name]:
            yield child | {"__parentId": whole["id"]}
    for each in whole["agreements"]:
        bare = {name: value for name, value in each.items() if name != "sales"}
        yield bare | {"__parentId": whole["id"]}
        for sold in each["sales"]:
            yield sold | {"__parentId": each["id"]}


def as_jsonl(objects):
    return b"".join(json.dumps(each, ensure_ascii=False).encode() + b"\n" for each in objects)
