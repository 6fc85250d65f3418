"""Expressions over a task's parameters: port widths, constraints of variants, and ``${...}`` in texts.

Evaluated by Jinja2's sandbox cut down to arithmetic, comparison and logic: no filters, no attributes, no loops, and
only the functions of :data:`FUNCTIONS`. A pack comes from outside; its texts must not be able to do more.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, Undefined
from jinja2.environment import Template, TemplateExpression
from jinja2.exceptions import SecurityError
from jinja2.sandbox import SandboxedEnvironment

from chiploom.errors import PackError

#: What an expression may call.
FUNCTIONS = {"clog2": lambda value: max(int(value) - 1, 0).bit_length(), "min": min, "max": max, "abs": abs}

_MAX_BITS = 4096
# Delimiters from the private use area: no text of a pack can open a block or a comment.
_NEVER = "\ue0f0\ue0f1\ue0f2"


def fill(text: str, parameters: Mapping[str, int], where: str) -> str:
    """Replace every ``${expression}`` of ``text``.

    Parameters
    ----------
    where : str
        File (and key) of the text, for errors.

    Raises
    ------
    PackError
        ``bad-template``: not an expression, or a name that is no parameter.
    """
    if "${" not in text:
        return text
    try:
        return _template(text).render(parameters)
    except TemplateSyntaxError as error:
        raise PackError("bad-template", f"{where}: line {error.lineno}: {error.message}") from None
    except (TemplateError, ArithmeticError, TypeError, ValueError) as error:
        raise PackError("bad-template", f"{where}: {error}; parameters: {_names(parameters)}") from None


def integer(expression: str, parameters: Mapping[str, int], where: str) -> int:
    """Evaluate ``expression`` to a whole number.

    Raises
    ------
    PackError
        ``bad-expression``.
    """
    value = _evaluate(expression, parameters, where)
    if isinstance(value, bool) or not isinstance(value, int):
        raise PackError("bad-expression", f"{where}: {expression!r} gives {value!r}; it must give a whole number")
    return value


def truth(expression: str, parameters: Mapping[str, int], where: str) -> bool:
    """Evaluate ``expression`` to true or false.

    Raises
    ------
    PackError
        ``bad-expression``.
    """
    value = _evaluate(expression, parameters, where)
    if not isinstance(value, bool):
        raise PackError("bad-expression", f"{where}: {expression!r} gives {value!r}; it must give true or false")
    return value


def _evaluate(expression: str, parameters: Mapping[str, int], where: str) -> Any:
    try:
        value = _compiled(expression)(**parameters)
        return str(value) if isinstance(value, Undefined) else value
    except TemplateSyntaxError as error:
        raise PackError("bad-expression", f"{where}: {expression!r}: {error.message}") from None
    except (TemplateError, ArithmeticError, TypeError, ValueError) as error:
        raise PackError(
            "bad-expression", f"{where}: {expression!r}: {error}; parameters: {_names(parameters)}"
        ) from None


class _Arithmetic(SandboxedEnvironment):
    """Numbers in, numbers out: no attribute, no item, no call but the known functions, no huge results."""

    intercepted_binops = frozenset({"**", "*", "%"})

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        return False

    def getitem(self, obj: Any, argument: Any) -> Any:
        raise SecurityError("subscripts are not allowed here")

    def is_safe_callable(self, obj: Any) -> bool:
        return any(obj is function for function in FUNCTIONS.values())

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        if not isinstance(left, int) or not isinstance(right, int):
            raise SecurityError(f"'{operator}' needs two whole numbers")
        # Bounded by the size of the result: a pack must not be able to keep us busy.
        bits = left.bit_length() * (max(right, 0) if operator == "**" else 1) + right.bit_length()
        if bits > _MAX_BITS:
            raise SecurityError(f"the result of '{operator}' is too large")
        return super().call_binop(context, operator, left, right)


def _environment() -> SandboxedEnvironment:
    environment = _Arithmetic(
        variable_start_string="${",
        variable_end_string="}",
        block_start_string=_NEVER + "<",
        block_end_string=">" + _NEVER,
        comment_start_string=_NEVER + "(",
        comment_end_string=")" + _NEVER,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        autoescape=False,
    )
    environment.globals.clear()
    environment.globals.update(FUNCTIONS)
    environment.filters.clear()
    environment.tests.clear()
    return environment


_ENVIRONMENT = _environment()


@lru_cache(maxsize=512)
def _template(text: str) -> Template:
    return _ENVIRONMENT.from_string(text)


@lru_cache(maxsize=512)
def _compiled(expression: str) -> TemplateExpression:
    # undefined_to_none would turn a misspelt parameter into None instead of an error.
    return _ENVIRONMENT.compile_expression(expression, undefined_to_none=False)


def _names(parameters: Mapping[str, int]) -> str:
    return ", ".join(sorted(parameters)) or "none"
