"""One GraphQL request from its text to its answer: checked, paid for, executed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphql import (
    DocumentNode,
    GraphQLError,
    OperationDefinitionNode,
    execute,
    get_operation_ast,
)
from graphql.execution.values import get_variable_values

from sandbox.vendors.shopify.cost import HIGHEST, Bucket, Costs
from sandbox.vendors.shopify.resolvers import executable_schema, type_of
from sandbox.vendors.shopify.roots import Request
from sandbox.vendors.shopify.schema import checked

Answer = dict[str, Any]

_RATE_LIMITS = "https://shopify.dev/api/usage/rate-limits"
THROTTLED = {
    "message": "Throttled",
    "extensions": {"code": "THROTTLED", "documentation": _RATE_LIMITS},
}


def answer(body: Any, request: Request, bucket: Bucket, wait: Callable[[float], None]) -> Answer:
    """Answer a GraphQL request as Shopify does: HTTP 200, whatever happens.

    Args:
        body: The parsed JSON body: ``query``, ``variables``, ``operationName``.
        request: The shop and what belongs to the request.
        bucket: Pays for it; already refilled.
        wait: Told of the seconds a throttled client is to wait.

    Returns:
        ``data`` and ``extensions``, or ``errors``.
    """
    if not isinstance(body, dict) or not isinstance(body.get("query"), str):
        return {"errors": [{"message": "Query can't be blank"}]}
    document, errors = checked(body["query"])
    if errors or document is None:
        return {"errors": [_formatted(error) for error in errors]}
    operation = get_operation_ast(document, body.get("operationName"))
    if operation is None:
        return {"errors": [{"message": "An operation name is required"}]}
    variables = get_variable_values(
        executable_schema(), operation.variable_definitions, body.get("variables") or {}
    )
    if isinstance(variables, list):
        return {"errors": [_formatted(error, "INVALID_VARIABLE") for error in variables]}
    return _paid(document, operation, variables, request, bucket, wait)


def _paid(
    document: DocumentNode,
    operation: OperationDefinitionNode,
    variables: dict[str, Any],
    request: Request,
    bucket: Bucket,
    wait: Callable[[float], None],
) -> Answer:
    """Execute an operation if its price can be paid."""
    costs = Costs(executable_schema(), document, variables)
    requested = costs.requested(operation)
    if requested > HIGHEST:
        return {"errors": [_too_dear(requested)]}
    if requested > bucket.available:
        status = {"cost": _cost(requested, None, bucket)}
        wait(bucket.wait_for(requested))
        return {"errors": [THROTTLED], "extensions": status}
    result = execute(
        executable_schema(),
        document,
        context_value=request,
        variable_values=variables,
        operation_name=operation.name.value if operation.name else None,
        type_resolver=type_of,
    )
    assert not hasattr(result, "__await__")
    actual = costs.actual(operation, result.data)
    bucket.pay(actual)
    extensions: Answer = {"cost": _cost(requested, actual, bucket)}
    if request.searches:
        extensions["search"] = request.searches
    found: Answer = {"data": result.data, "extensions": extensions}
    if result.errors:
        found["errors"] = [_formatted(error) for error in result.errors]
    return found


def _cost(requested: int, actual: int | None, bucket: Bucket) -> Answer:
    return {
        "requestedQueryCost": requested,
        "actualQueryCost": actual,
        "throttleStatus": bucket.status(),
    }


def _too_dear(cost: int) -> Answer:
    return {
        "message": (
            f"Query cost is {cost}, which exceeds the single query max cost limit ({HIGHEST}).\n\n"
            "See https://shopify.dev/concepts/about-apis/rate-limits for more information on how "
            "the\ncost of a query is calculated.\n\nTo query larger amounts of data with fewer "
            "limits, bulk operations should be used instead.\nSee "
            "https://shopify.dev/tutorials/perform-bulk-operations-with-admin-api for usage "
            "details.\n"
        ),
        "extensions": {
            "code": "MAX_COST_EXCEEDED",
            "cost": cost,
            "maxCost": HIGHEST,
            "documentation": _RATE_LIMITS,
        },
    }


def _formatted(error: GraphQLError, code: str | None = None) -> Answer:
    found: Answer = dict(error.formatted)
    if code and "extensions" not in found:
        found["extensions"] = {"code": code}
    return found
