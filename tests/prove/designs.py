"""Reading designs in tests of the prover."""

from __future__ import annotations

from collections.abc import Mapping

from chiploom.hdl.read import Elaborated, Rules, read_design
from chiploom.hdl.sources import Source
from chiploom.prove import engine
from chiploom.prove.verdict import Limits, Verdict


def reference(text: str, *, top: str | None = None, parameters: Mapping[str, int] | None = None) -> Elaborated:
    rules = Rules(origin="reference")
    return read_design([Source("reference.sv", text)], top=top, parameters=parameters or {}, rules=rules)


def submission(text: str, *, top: str | None = None) -> Elaborated:
    return read_design([Source("submission.sv", text)], top=top)


def properties(text: str) -> Elaborated:
    return read_design([Source("properties.sv", text)], rules=Rules(origin="reference", assertions=True))


def verdict(
    expected: str,
    got: str,
    *,
    environment: str | None = None,
    power_up: str = "free",
    limits: Limits | None = None,
) -> Verdict:
    limits = limits or Limits(time_s=20.0)
    rules = None if environment is None else reference(environment)
    judge = engine.prepare_reference(reference(expected), rules, limits=limits)
    return engine.prove(judge, submission(got), power_up=power_up, limits=limits)
