"""What an amount works out to that a person wrote down as arithmetic."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal

_OPERATORS: dict[type[ast.AST], Callable[..., Decimal]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.USub: operator.neg,
}


def worked_out(text: str) -> Decimal:
    """The value of decimal arithmetic, such as `2*19.90-3.98`.

    Args:
        text: Numbers, `+ - * /`, brackets, and `round(x, digits)`, which rounds half away from 0.

    Raises:
        ValueError: Where it is anything else.
    """
    try:
        return _value(ast.parse(text.strip(), mode="eval").body, text)
    except SyntaxError as error:
        raise ValueError(f"{text!r} is no arithmetic") from error


def _value(node: ast.expr, text: str) -> Decimal:
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        # The digits as they stand: a float would have others.
        return Decimal(ast.get_source_segment(text.strip(), node) or "")
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        return _OPERATORS[type(node.op)](_value(node.left, text), _value(node.right, text))
    if isinstance(node, ast.UnaryOp) and type(node.op) in _OPERATORS:
        return _OPERATORS[type(node.op)](_value(node.operand, text))
    if isinstance(node, ast.Call) and ast.unparse(node.func) == "round" and len(node.args) == 2:
        amount, digits = (_value(argument, text) for argument in node.args)
        return amount.quantize(Decimal(1).scaleb(-int(digits)), rounding=ROUND_HALF_UP)
    raise ValueError(f"{text!r} is no arithmetic")
