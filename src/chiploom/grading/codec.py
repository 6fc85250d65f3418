"""Verdicts and errors as JSON and back, without loss.

What comes out of the box was written by a process that read hostile text. It is parsed as JSON, checked field by
field and rebuilt from the known classes; nothing in it is ever executed or imported.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from chiploom import errors, messages
from chiploom.errors import ChiploomError
from chiploom.hdl.diagnostics import Diagnostic
from chiploom.prove.trace import Cycle, Trace
from chiploom.prove.verdict import Limits, Measurement, Outcome, Verdict

Item = TypeVar("Item")

#: Errors that may come out of a box, by name. A box cannot claim anything else.
_ERRORS = {
    kind.__name__: kind
    for kind in (
        ChiploomError,
        errors.UsageError,
        errors.AmbiguousTopError,
        errors.BrokenTaskError,
        errors.ReferenceError_,
        errors.PackError,
        errors.BoxError,
    )
}
_SEVERITIES = ("error", "warning", "note")


class Malformed(ValueError):  # noqa: N818 - a fact about bytes, handled by the worker
    """The bytes are not what this module writes."""


def encode(outcome: Verdict | ChiploomError) -> bytes:
    """Return a verdict or an error as JSON."""
    value = _verdict_json(outcome) if isinstance(outcome, Verdict) else _error_json(outcome)
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"), allow_nan=False).encode()


def decode(data: bytes) -> Verdict | ChiploomError:
    """Return what :func:`encode` was given.

    Raises
    ------
    Malformed
        If ``data`` is anything else.
    """
    try:
        value = json.loads(data, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise Malformed(str(error)) from None
    if not isinstance(value, dict):
        raise Malformed("not an object")
    return _error(value) if "error" in value else _verdict(value)


def _verdict_json(verdict: Verdict) -> dict[str, Any]:
    trace = verdict.trace
    return {
        "outcome": verdict.outcome.value,
        "method": verdict.method,
        "bound": verdict.bound,
        "assumptions": list(verdict.assumptions),
        "measurements": [[m.name, m.value, m.unit, m.met] for m in verdict.measurements],
        "warnings": [_diagnostic_json(diagnostic) for diagnostic in verdict.warnings],
        "diagnostics": [_diagnostic_json(diagnostic) for diagnostic in verdict.diagnostics],
        "trace": None if trace is None else _trace_json(trace),
        "limits": verdict.limits.as_json(),
        "limit_hit": verdict.limit_hit,
        "reason": verdict.reason,
        "tools": dict(verdict.tools),
        "seconds": verdict.seconds,
    }


def _diagnostic_json(diagnostic: Diagnostic) -> list[Any]:
    return [
        diagnostic.code,
        diagnostic.severity,
        dict(diagnostic.arguments),
        diagnostic.file,
        diagnostic.line,
        diagnostic.column,
        diagnostic.excerpt,
    ]


def _trace_json(trace: Trace) -> dict[str, Any]:
    return {
        "model": trace.model,
        "clock": trace.clock,
        "cycles": [
            [dict(cycle.inputs), dict(cycle.expected), dict(cycle.got), dict(cycle.registers)] for cycle in trace.cycles
        ],
        "failing": list(trace.failing),
        "explanation": dict(trace.explanation),
        "clock_edge": trace.clock_edge,
        "signed": sorted(trace.signed),
    }


def _error_json(error: ChiploomError) -> dict[str, Any]:
    kind = next(name for name in (base.__name__ for base in type(error).__mro__) if name in _ERRORS)
    return {"error": kind, "code": error.code, "message": error.message}


def _error(value: Mapping[str, Any]) -> ChiploomError:
    kind = _ERRORS.get(_text(value.get("error")))
    if kind is None:
        raise Malformed("unknown error")
    return kind(_text(value.get("code")), _text(value.get("message")))


def _verdict(value: Mapping[str, Any]) -> Verdict:
    try:
        outcome = Outcome(_text(value.get("outcome")))
    except ValueError:
        raise Malformed("unknown outcome") from None
    return Verdict(
        outcome=outcome,
        method=_text(value.get("method")),
        bound=_optional(value.get("bound"), _count),
        assumptions=_tuple(value.get("assumptions"), _text),
        measurements=_tuple(value.get("measurements"), _measurement),
        warnings=_tuple(value.get("warnings"), _diagnostic),
        diagnostics=_tuple(value.get("diagnostics"), _diagnostic),
        trace=_optional(value.get("trace"), _trace),
        limits=_limits(value.get("limits")),
        limit_hit=_optional(value.get("limit_hit"), _limit_name),
        reason=_text(value.get("reason")),
        tools=_texts(value.get("tools")),
        seconds=_number(value.get("seconds")),
    )


def _measurement(value: Any) -> Measurement:
    name, number, unit, met = _row(value, 4)
    return Measurement(_text(name), _number(number), _text(unit), _optional(met, _truth))


def _diagnostic(value: Any) -> Diagnostic:
    code, severity, arguments, file, line, column, excerpt = _row(value, 7)
    if severity not in _SEVERITIES:
        raise Malformed("unknown severity")
    diagnostic = Diagnostic(
        _text(code), severity, _texts(arguments), _text(file), _count(line), _count(column), _text(excerpt)
    )
    try:
        for language in ("en", "vi", "fr"):
            diagnostic.text(language)
    except (KeyError, IndexError, ValueError, AttributeError) as error:
        raise Malformed(f"diagnostic {code!a} has no wording: {error}") from None
    return diagnostic


def _trace(value: Any) -> Trace:
    if not isinstance(value, dict):
        raise Malformed("not a trace")
    return Trace(
        model=_text(value.get("model")),
        clock=_optional(value.get("clock"), _text),
        cycles=_tuple(value.get("cycles"), lambda row: Cycle(*(_texts(part) for part in _row(row, 4)))),
        failing=_tuple(value.get("failing"), _text),
        explanation=_texts(value.get("explanation")),
        clock_edge=_text(value.get("clock_edge")),
        signed=frozenset(_tuple(value.get("signed"), _text)),
    )


def _limit_name(value: Any) -> str:
    name = _text(value)
    try:
        messages.message(f"grading.limit-{name}")
    except KeyError:
        raise Malformed(f"no limit is called {name[:60]!a}") from None
    return name


def _limits(value: Any) -> Limits:
    if not isinstance(value, dict):
        raise Malformed("not limits")
    return Limits(
        time_s=_number(value.get("time_s")),
        **{name: _count(value.get(name)) for name in ("memory_mb", "memory_bits", "aig_nodes")},
    )


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise Malformed("not a text")
    return value


def _texts(value: Any) -> dict[str, str]:
    if not isinstance(value, dict):
        raise Malformed("not an object of texts")
    return {name: _text(item) for name, item in value.items()}


def _count(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise Malformed("not a count")
    return value


def _number(value: Any) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
        raise Malformed("not a number")
    return value


def _truth(value: Any) -> bool:
    if not isinstance(value, bool):
        raise Malformed("not true or false")
    return value


def _tuple(value: Any, item: Callable[[Any], Item]) -> tuple[Item, ...]:
    if not isinstance(value, list):
        raise Malformed("not a list")
    return tuple(map(item, value))


def _row(value: Any, length: int) -> list[Any]:
    if not isinstance(value, list) or len(value) != length:
        raise Malformed("not a row")
    return value


def _optional(value: Any, item: Callable[[Any], Item]) -> Item | None:
    return None if value is None else item(value)


def _refuse(constant: str) -> None:
    raise Malformed(constant)
