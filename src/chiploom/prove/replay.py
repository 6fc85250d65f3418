"""Independent replay: a counterexample is believed only when Yosys' own simulator shows it too.

The solvers work on an and-inverter graph of ours. The replay shares no code with it: it takes the netlists as Yosys
wrote them, lets Yosys' ``sim`` run them side by side and compares what comes out, port by port, cycle by cycle.

What the counterexample leaves open is replayed with several fillings. Inputs that do not matter: the values it claims
are those with zeros in their place; with ones the difference must show as well (not tried where much is to be done).
Uninitialised registers and X of the reference: what is claimed to be definite must come out whatever they are.

A Yosys error ends the process, so this is called where that is survivable.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

from chiploom.hdl.netlist import Cell, Netlist
from chiploom.prove.counterexample import Counterexample, assertion_name
from chiploom.prove.trace import edge_follows, visible_inputs
from chiploom.prove.unknowns import makes_unknowns
from chiploom.prove.yosys_sim import BenchText, Bit, Instance, TestBench

#: What is put where a bit is open.
_Filling = Literal[0, 1]
#: Tells, when asked, whether x can arise in a design.
_Answer = Callable[[], bool]
#: Where cells, or cells times cycles, are more than this, inputs that do not matter are replayed with zeros only.
_MANY_CELLS = 2_000
_MUCH_WORK = 50_000


@dataclass(frozen=True, slots=True)
class ReplayResult:
    """Whether the simulator shows what the counterexample claims, and if not, the first thing that differs."""

    confirmed: bool
    reason: str = ""


def replay(
    counterexample: Counterexample,
    reference: Netlist,
    submission: Netlist,
    environment: Netlist | None = None,
    *,
    known: Sequence[tuple[Netlist, BenchText]] = (),
) -> ReplayResult:
    """Replay a counterexample against a reference.

    Parameters
    ----------
    counterexample : Counterexample
        The claim.
    reference, submission : Netlist
        Flattened, without memories. Ports have the same names and widths.
    environment : Netlist, optional
        Module with the task's inputs and the reference's outputs as inputs; ``assume_ok`` must be 1 in every cycle,
        ``compare_<port>`` must be 1 where the difference is.
    known : sequence of (Netlist, BenchText)
        Netlists whose text for the simulator was made before.
    """
    stage = _Stage(counterexample, TestBench(known))
    runs = []
    for inputs in stage.input_fillings(reference, submission):
        actual = stage.add_submission(submission, inputs)
        golds, rules = [], []
        for open_bits in _open_fillings(reference, environment):
            gold = stage.add_author(reference, inputs, open_bits)
            golds.append(gold)
            if environment is not None:
                ties = {
                    name: gold.instance.ports[name]
                    for name, port in environment.ports.items()
                    if port.direction == "input" and reference.ports.get(name, port).direction != "input"
                }
                rules.append(stage.add_author(environment, inputs, open_bits, ties))
        runs.append(_Run(stage, actual, golds, rules))
    samples = stage.run()
    may_be_open = cache(lambda: makes_unknowns(reference)), cache(lambda: makes_unknowns(submission))
    for number, run in enumerate(runs):
        for index, sample in enumerate(samples):
            mistake = run.mistake(index, sample, may_be_open, claimed=number == 0)
            if mistake:
                return ReplayResult(False, f"cycle {index + 1}: {mistake}")
        if not run.differs(samples[-1], may_be_open, claimed=number == 0):
            ports = ", ".join(counterexample.failing)
            return ReplayResult(False, f"cycle {len(samples)}: no difference at {ports} in the simulator")
    return ReplayResult(True)


def replay_properties(counterexample: Counterexample, properties: Netlist, submission: Netlist) -> ReplayResult:
    """Replay a counterexample against an author's assertions.

    The submission's outputs feed the property module. Every assumption must hold in every cycle, and an assertion
    named in ``counterexample.failing`` must fail in the last. A clocked assertion or assumption reads the values just
    before the clock edge that ends the cycle.
    """
    stage = _Stage(counterexample)
    runs = []
    for inputs in stage.input_fillings(properties, submission):
        actual = stage.add_submission(submission, inputs)
        ties = {
            name: actual.instance.ports[name]
            for name, port in properties.ports.items()
            if port.direction == "input" and submission.ports.get(name, port).direction != "input"
        }
        for open_bits in _open_fillings(properties):
            runs.append((inputs, _PropertyRun(stage, actual, stage.add_author(properties, inputs, open_bits, ties))))
    samples = stage.run()
    may_be_open = cache(lambda: makes_unknowns(submission) or makes_unknowns(properties))
    for inputs, run in runs:
        for index, sample in enumerate(samples):
            mistake = run.mistake(index, samples)
            if not mistake and inputs == 0:
                mistake = _submission_mistake(counterexample, index, run.actual_at, sample, may_be_open)
            if mistake:
                return ReplayResult(False, f"cycle {index + 1}: {mistake}")
        if not run.fails(samples, may_be_open):
            names = ", ".join(counterexample.failing)
            return ReplayResult(False, f"cycle {len(samples)}: the assertion {names} holds in the simulator")
    return ReplayResult(True)


# -- the test bench and who is in it ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Actor:
    """A netlist in the test bench, with what fills its inputs that do not matter and its nets that nothing drives."""

    netlist: Netlist
    instance: Instance
    inputs: _Filling
    open_bits: _Filling
    is_submission: bool
    undriven: frozenset[int]


@dataclass(frozen=True, slots=True)
class _View:
    """Where a sample holds a signal, and whether the design drives it."""

    value: slice
    enable: slice = field(default_factory=lambda: slice(0))

    def read(self, sample: str) -> str:
        """Return the bits, most significant first."""
        value, enable = sample[self.value], sample[self.enable]
        if enable:
            value = "".join("z" if on == "0" else bit for bit, on in zip(value, enable, strict=True))
        return value[::-1]


@dataclass(slots=True)
class _Stage:
    """The test bench, its actors and the bits that are watched."""

    counterexample: Counterexample
    bench: TestBench = field(default_factory=TestBench)
    actors: list[_Actor] = field(default_factory=list)
    watched: list[Bit] = field(default_factory=list)

    def input_fillings(self, *netlists: Netlist) -> tuple[_Filling, ...]:
        """Return what to put where an input does not matter."""
        cells = sum(len(netlist.cells) for netlist in netlists)
        if cells > _MANY_CELLS or cells * len(self.counterexample.inputs) > _MUCH_WORK:
            return (0,)
        is_open = any("x" in value for step in self.counterexample.inputs for value in step.values())
        return (0, 1) if is_open else (0,)

    def add_author(
        self,
        netlist: Netlist,
        inputs: _Filling,
        open_bits: _Filling,
        ties: Mapping[str, Sequence[Bit]] | None = None,
    ) -> _Actor:
        """Add a netlist of the author's: registers without initial value are filled."""
        power_up: dict[int, int] = {net: open_bits for cell in netlist.cells for net in cell.connections.get("Q", ())}
        instance = self.bench.add(netlist, power_up={**power_up, **netlist.power_up}, ties=ties)
        self.actors.append(_Actor(netlist, instance, inputs, open_bits, False, frozenset(instance.undriven)))
        return self.actors[-1]

    def add_submission(self, netlist: Netlist, inputs: _Filling) -> _Actor:
        """Add the submission, which powers up as the counterexample says."""
        power_up: dict[int, int] = {net: inputs for cell in netlist.cells for net in cell.connections.get("Q", ())}
        power_up |= {**netlist.power_up, **self.counterexample.power_up}
        instance = self.bench.add(netlist, power_up=power_up)
        self.actors.append(_Actor(netlist, instance, inputs, inputs, True, frozenset(instance.undriven)))
        return self.actors[-1]

    def watch_port(self, actor: _Actor, name: str) -> _View:
        """Watch a port; an inout port reads z where the design does not drive it."""
        value = self.watch(actor.instance.ports[name])
        return _View(value, self.watch(actor.instance.enables.get(name, ())))

    def watch(self, bits: Sequence[Bit]) -> slice:
        """Watch bits (least significant first) and return where a sample holds them."""
        start = len(self.watched)
        self.watched += bits
        return slice(start, len(self.watched))

    def run(self) -> list[str]:
        """Run and return one sample of the watched bits per cycle, taken before the clock edge that ends it."""
        steps: list[Mapping[Bit, str]] = []
        sampled_at: list[int] = []
        # An asynchronous load reads, in sim, the data of the step before: let every cycle settle twice.
        settle = any(cell.type.startswith("$aldff") for actor in self.actors for cell in actor.netlist.cells)
        claim = self.counterexample
        idle, active = ("0", "1") if claim.clock_edge == "posedge" else ("1", "0")
        clock = claim.clock if claim.model in ("cycle", "tick") else None
        clocks = [bit for actor in self.actors if clock for bit in actor.instance.ports.get(clock, ())]
        for index in range(len(claim.inputs)):
            steps.append(self._drive(index) | dict.fromkeys(clocks, idle))
            if settle:
                steps.append({})
            sampled_at.append(len(steps) - 1)
            if clocks and edge_follows(claim.model, claim.inputs[index]):
                steps.append(dict.fromkeys(clocks, active))
        samples = self.bench.run(steps, self.watched)
        return [samples[place] for place in sampled_at]

    def _drive(self, index: int) -> dict[Bit, str]:
        """Return the values that change at a cycle's beginning."""
        step: dict[Bit, str] = {}
        inputs = visible_inputs(self.counterexample.model, None, self.counterexample.inputs[index])
        before = visible_inputs(self.counterexample.model, None, self.counterexample.inputs[index - 1]) if index else {}
        changed = {name: value for name, value in inputs.items() if before.get(name) != value}
        for actor in self.actors:
            for name, value in changed.items():
                port = actor.netlist.ports.get(name)
                if port is None or port.direction == "output":
                    continue
                bits = actor.instance.external.get(name) or actor.instance.ports[name]
                step.update(zip(bits, reversed(value.replace("x", str(actor.inputs))), strict=True))
            if actor.is_submission:
                free = self.counterexample.free[index]
                known = self.counterexample.free[index - 1] if index else {}
                step.update(
                    (actor.instance.net(net), str(value))
                    for net, value in free.items()
                    if net in actor.undriven and known.get(net) != value
                )
            if index == 0:
                rest = (actor.instance.net(net) for net in actor.instance.undriven)
                step = dict.fromkeys(rest, str(actor.open_bits)) | step
        return step


class _Run:
    """A submission beside its references, with the same filling of the inputs that do not matter."""

    def __init__(self, stage: _Stage, actual: _Actor, golds: Sequence[_Actor], rules: Sequence[_Actor]) -> None:
        self.claim = stage.counterexample
        outputs = [name for name, port in golds[0].netlist.ports.items() if port.direction != "input"]
        self.golds_at = [{name: stage.watch_port(gold, name) for name in outputs} for gold in golds]
        self.actual_at = _watch_submission(stage, actual)
        self.rules_at = [
            {
                name: stage.watch_port(rule, name)
                for name, port in rule.netlist.ports.items()
                if port.direction != "input"
            }
            for rule in rules
        ]

    def mistake(self, index: int, sample: str, may_be_open: tuple[_Answer, _Answer], *, claimed: bool) -> str:
        """Return what is wrong with the claim in this cycle, "" if nothing is."""
        for where in self.rules_at:
            if "assume_ok" in where and where["assume_ok"].read(sample) != "1":
                return "the environment's assume_ok does not hold: not an allowed trace"
        if not claimed:
            return ""
        for where in self.golds_at:
            for name, value in self.claim.expected[index].items():
                seen = where[name].read(sample) if name in where else value
                if not _agree(value, seen, may_be_open[0]):
                    return f"the reference's {name} is {seen} in the simulator, not {value}"
        return _submission_mistake(self.claim, index, self.actual_at, sample, may_be_open[1])

    def differs(self, sample: str, may_be_open: tuple[_Answer, _Answer], *, claimed: bool) -> bool:
        """Tell whether a failing port differs, whatever the reference's open bits are."""
        return any(
            self._port_differs(name, sample, may_be_open[1], claimed)
            for name in self.claim.failing
            if name in self.golds_at[0] and name in self.actual_at and self._is_compared(name, sample)
        )

    def _is_compared(self, name: str, sample: str) -> bool:
        return all(
            where[f"compare_{name}"].read(sample) == "1" for where in self.rules_at if f"compare_{name}" in where
        )

    def _port_differs(self, name: str, sample: str, may_be_open: _Answer, claimed: bool) -> bool:
        seen = self.actual_at[name].read(sample)
        references = [where[name].read(sample) for where in self.golds_at]
        want = self.claim.expected[-1].get(name, "")
        have = self.claim.got[-1].get(name, "")
        for place, (bit, shown) in enumerate(zip(seen, zip(*references, strict=True), strict=True)):
            definite = len(set(shown)) == 1 and shown[0] != "x"
            if not definite or bit == shown[0] or (bit == "x" and not may_be_open()):
                continue
            if not claimed or (
                want[place : place + 1] == shown[0] and have[place : place + 1] not in (shown[0], "x", "")
            ):
                return True
        return False


class _PropertyRun:
    """A submission and the property module that watches it."""

    def __init__(self, stage: _Stage, actual: _Actor, rules: _Actor) -> None:
        self.claim = stage.counterexample
        self.checks = [cell for cell in rules.netlist.cells if _flavour(cell) in ("assert", "assume")]
        self.places = {
            cell.name: (
                stage.watch(rules.instance.bits(cell.connections["A"])),
                stage.watch(rules.instance.bits(cell.connections["EN"])),
                stage.watch(rules.instance.bits(cell.connections.get("TRG", ()))),
            )
            for cell in self.checks
        }
        self.actual_at = _watch_submission(stage, actual)

    def mistake(self, index: int, samples: Sequence[str]) -> str:
        """Return the assumption that does not hold in this cycle, "" if all do."""
        for cell in self.checks:
            if _flavour(cell) == "assume" and self._looks(cell, samples, index):
                condition, enable, _ = self.places[cell.name]
                if samples[index][enable] != "0" and samples[index][condition] != "1":
                    return f"the assumption at {cell.source} does not hold: not an allowed trace"
        return ""

    def fails(self, samples: Sequence[str], may_be_open: _Answer) -> bool:
        """Tell whether a claimed assertion fails in the last cycle."""
        for cell in self.checks:
            if _flavour(cell) == "assert" and {cell.name, cell.source, assertion_name(cell)} & set(self.claim.failing):
                condition, enable, _ = self.places[cell.name]
                for index in self._deciding(cell, len(samples)):
                    sample = samples[index]
                    is_false = sample[condition] == "0" or (sample[condition] == "x" and may_be_open())
                    if is_false and sample[enable] == "1" and self._looks(cell, samples, index):
                        return True
        return False

    def _deciding(self, cell: Cell, cycles: int) -> tuple[int, ...]:
        """Return the cycles whose values decide about the last."""
        if self.claim.model == "global-step" and _is_clocked(cell):
            return (cycles - 2,) if cycles > 1 else ()
        return (cycles - 1,)

    def _looks(self, cell: Cell, samples: Sequence[str], index: int) -> bool:
        """Tell whether a formal cell looks at its condition in this cycle: at its edge, if it has one."""
        if not _is_clocked(cell) or self.claim.model in ("combinational", "cycle"):
            return True
        if self.claim.model == "tick":
            return edge_follows(self.claim.model, self.claim.inputs[index])
        if index + 1 >= len(samples):
            return False
        trigger = self.places[cell.name][2]
        edges = {"1": ("0", "1"), "0": ("1", "0")}
        return any(
            (old, new) == edges[polarity]
            for old, new, polarity in zip(
                samples[index][trigger], samples[index + 1][trigger], cell.parameters["TRG_POLARITY"][::-1], strict=True
            )
        )


def _submission_mistake(
    claim: Counterexample, index: int, where: Mapping[str, _View], sample: str, may_be_open: _Answer
) -> str:
    """Return where the simulator shows something else of the submission than the claim does, "" if nowhere."""
    for name, value in (*claim.registers[index].items(), *claim.got[index].items()):
        if name not in where:
            continue
        seen = where[name].read(sample)
        # A register of which only the low bits were needed is claimed without the others.
        if not _agree(value.rjust(len(seen), "x"), seen, may_be_open):
            return f"the submission's {name} is {seen} in the simulator, not {value}"
    return ""


def _watch_submission(stage: _Stage, actual: _Actor) -> dict[str, _View]:
    """Watch the submission's ports, and its registers that the claim names."""
    registers = {name for step in stage.counterexample.registers for name in step}
    return {
        **{
            name: _View(stage.watch(actual.instance.bits(actual.netlist.signals[name])))
            for name in sorted(registers & actual.netlist.signals.keys())
        },
        **{name: stage.watch_port(actual, name) for name in actual.netlist.ports},
    }


def _flavour(cell: Cell) -> str:
    """Return assert, assume, cover ... for a formal cell, "" for any other."""
    if cell.type == "$check":
        return cell.parameters["FLAVOR"].strip()
    return cell.type.lstrip("$") if cell.type in ("$assert", "$assume", "$cover") else ""


def _is_clocked(cell: Cell) -> bool:
    return cell.type == "$check" and cell.integer("TRG_ENABLE") == 1


def _agree(claimed: str, seen: str, may_be_open: _Answer) -> bool:
    """Tell whether definite claimed bits are what the simulator shows; its x is tolerated where one can arise."""
    return claimed == seen or (
        len(claimed) == len(seen)
        and all(a == b or a == "x" or (b == "x" and may_be_open()) for a, b in zip(claimed, seen, strict=True))
    )


def _open_fillings(*netlists: Netlist | None) -> tuple[_Filling, ...]:
    """Return what to put into the authors' registers and undriven nets."""
    for netlist in netlists:
        if netlist is not None and (any("Q" in cell.connections for cell in netlist.cells) or _has_undriven(netlist)):
            return (0, 1)
    return (0,)


def _has_undriven(netlist: Netlist) -> bool:
    driven = {bit for port in netlist.ports.values() if port.direction != "output" for bit in port.bits}
    used = {bit for port in netlist.ports.values() if port.direction == "output" for bit in port.bits}
    for cell in netlist.cells:
        for pin, bits in cell.connections.items():
            (driven if pin in cell.outputs else used).update(bits)
    return any(bit >= 2 for bit in used - driven)
