"""Independent replay: a counterexample is believed only when Yosys' own simulator shows it too.

The solvers work on an and-inverter graph of ours. The replay shares no code with it: it takes the netlists as Yosys
wrote them, lets Yosys' ``sim`` run them side by side and compares what comes out, port by port, cycle by cycle.

Whatever the counterexample leaves open (inputs that do not matter, uninitialised registers and X of the reference) is
replayed with several different fillings; the difference must show in each.

A Yosys error ends the process, so this is called where that is survivable.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from chiploom.hdl.netlist import Cell, Netlist
from chiploom.prove.counterexample import Counterexample
from chiploom.prove.trace import edge_follows, visible_inputs
from chiploom.prove.yosys_sim import Bit, Instance, TestBench, makes_unknowns

#: Gives the value of one open bit from its running number.
_Filling = Callable[[int], int]


@dataclass(frozen=True, slots=True)
class ReplayResult:
    """Whether the simulator shows what the counterexample claims, and if not, the first thing that differs."""

    confirmed: bool
    reason: str = ""


def replay(
    counterexample: Counterexample, reference: Netlist, submission: Netlist, environment: Netlist | None = None
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
    """
    stage = _Stage(counterexample)
    for filling in stage.fillings((reference, environment), submission):
        gold = stage.add(reference, "reference", filling)
        if environment is not None:
            ties = {
                name: gold.instance.ports[name]
                for name, port in environment.ports.items()
                if port.direction == "input" and name in reference.ports and reference.ports[name].direction != "input"
            }
            stage.add(environment, "environment", filling, ties)
        stage.add_submission(submission, filling)
    return _judge_against_reference(stage, reference, submission, environment)


def replay_properties(counterexample: Counterexample, properties: Netlist, submission: Netlist) -> ReplayResult:
    """Replay a counterexample against an author's assertions.

    The submission's outputs feed the property module. Every assumption must hold in every cycle, and an assertion
    named in ``counterexample.failing`` must fail in the last. A clocked assertion or assumption reads the values just
    before the clock edge that ends the cycle.
    """
    stage = _Stage(counterexample)
    for filling in stage.fillings((properties,), submission):
        actual = stage.add_submission(submission, filling)
        ties = {
            name: actual.instance.ports[name]
            for name, port in properties.ports.items()
            if name in submission.ports and submission.ports[name].direction != "input"
        }
        stage.add(properties, "properties", filling, ties)
    return _judge_properties(stage, properties, submission)


@dataclass(frozen=True, slots=True)
class _Actor:
    """A netlist in the test bench, with what drives its open bits."""

    role: str
    netlist: Netlist
    instance: Instance
    filling: _Filling


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

    def fillings(self, authors: Sequence[Netlist | None], submission: Netlist) -> tuple[_Filling, ...]:
        """Return as many fillings as what is open deserves."""
        inputs_open = any("x" in value for step in self.counterexample.inputs for value in step.values())
        authors_open = any(
            netlist is not None and (any("Q" in cell.connections for cell in netlist.cells) or _undriven(netlist))
            for netlist in authors
        )
        if not inputs_open and not authors_open and not _undriven(submission):
            return (_zeros,)
        return (_zeros, _ones, _mixture) if inputs_open else (_zeros, _ones)

    def add(
        self, netlist: Netlist, role: str, filling: _Filling, ties: Mapping[str, Sequence[Bit]] | None = None
    ) -> _Actor:
        """Add a netlist of the author's: registers without initial value are filled."""
        power_up = {net: filling(net) for cell in netlist.cells for net in cell.connections.get("Q", ())}
        return self._add(netlist, role, filling, {**power_up, **netlist.power_up}, ties)

    def add_submission(self, netlist: Netlist, filling: _Filling) -> _Actor:
        """Add the submission, which powers up as the counterexample says."""
        power_up = {net: filling(net) for cell in netlist.cells for net in cell.connections.get("Q", ())}
        return self._add(
            netlist,
            "submission",
            filling,
            {**power_up, **netlist.power_up, **self.counterexample.power_up},
            None,
        )

    def _add(
        self,
        netlist: Netlist,
        role: str,
        filling: _Filling,
        power_up: Mapping[int, int],
        ties: Mapping[str, Sequence[Bit]] | None,
    ) -> _Actor:
        actor = _Actor(role, netlist, self.bench.add(netlist, power_up=power_up, ties=ties), filling)
        self.actors.append(actor)
        return actor

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
        step: dict[Bit, str] = {}
        for actor in self.actors:
            inputs = visible_inputs(self.counterexample.model, None, self.counterexample.inputs[index])
            for name, value in inputs.items():
                port = actor.netlist.ports.get(name)
                if port is None or port.direction == "output":
                    continue
                bits = actor.instance.external.get(name) or actor.instance.ports[name]
                for place, (bit, char) in enumerate(zip(bits, reversed(value), strict=True)):
                    # The same filling of the same input for every actor: the place names the bit, not the net.
                    step[bit] = str(actor.filling(_number(name, place, index))) if char == "x" else char
            free = self.counterexample.free[index] if actor.role == "submission" else {}
            for net in actor.instance.undriven:
                value_of_net = free[net] if net in free else actor.filling(net + 97 * index)
                step[actor.instance.nets[net]] = str(value_of_net)
        return step


def _judge_against_reference(
    stage: _Stage, reference: Netlist, submission: Netlist, environment: Netlist | None
) -> ReplayResult:
    claim = stage.counterexample
    gold = [actor for actor in stage.actors if actor.role == "reference"]
    actual = [actor for actor in stage.actors if actor.role == "submission"]
    rules = [actor for actor in stage.actors if actor.role == "environment"]
    outputs = [name for name, port in reference.ports.items() if port.direction != "input" and name in submission.ports]
    gold_at = [{name: stage.watch_port(actor, name) for name in outputs} for actor in gold]
    actual_at = [{name: stage.watch_port(actor, name) for name in outputs} for actor in actual]
    assume_at = [
        stage.watch(actor.instance.ports["assume_ok"]) for actor in rules if "assume_ok" in actor.netlist.ports
    ]
    compare_at = [
        {
            name: stage.watch(actor.instance.ports[f"compare_{name}"])
            for name in outputs
            if f"compare_{name}" in actor.netlist.ports
        }
        for actor in rules
    ]
    register_at = [_watch_registers(stage, actor) for actor in actual]
    samples = stage.run()
    gold_may_be_open = makes_unknowns(reference)
    actual_may_be_open = makes_unknowns(submission)

    for index, sample in enumerate(samples):
        for place in assume_at:
            if sample[place] != "1":
                return _no(index, f"the environment's assume_ok is {sample[place]}, so this trace is not allowed")
        for where in gold_at:
            for name, value in claim.expected[index].items():
                seen = where[name].read(sample) if name in where else value
                if not _agree(value, seen, gold_may_be_open):
                    return _no(index, f"the reference's {name} is {seen} in the simulator, not {value}")
        for where in [*actual_at, *register_at]:
            mistake = _submission_mistake(claim, index, where, sample, actual_may_be_open)
            if mistake:
                return _no(index, mistake)

    last = len(samples) - 1
    for number in range(len(gold)):
        compared = compare_at[number] if compare_at else {}
        if not any(
            name in gold_at[number]
            and (name not in compared or samples[last][compared[name]] == "1")
            and _differ(
                claim.expected[last].get(name, ""),
                claim.got[last].get(name, ""),
                gold_at[number][name].read(samples[last]),
                actual_at[number][name].read(samples[last]),
            )
            for name in claim.failing
        ):
            return _no(last, f"no difference at {', '.join(claim.failing)} in the simulator")
    return ReplayResult(True)


def _judge_properties(stage: _Stage, properties: Netlist, submission: Netlist) -> ReplayResult:
    claim = stage.counterexample
    actual = [actor for actor in stage.actors if actor.role == "submission"]
    rules = [actor for actor in stage.actors if actor.role == "properties"]
    checks = [cell for cell in properties.cells if _flavour(cell) in ("assert", "assume")]
    places = [
        {
            cell.name: (
                stage.watch(actor.instance.bits(cell.connections["A"])),
                stage.watch(actor.instance.bits(cell.connections["EN"])),
                stage.watch(actor.instance.bits(cell.connections.get("TRG", ()))),
            )
            for cell in checks
        }
        for actor in rules
    ]
    actual_at = [
        {
            **{name: stage.watch_port(actor, name) for name in actor.instance.ports},
            **_watch_registers(stage, actor),
        }
        for actor in actual
    ]
    samples = stage.run()
    may_be_open = makes_unknowns(submission) or makes_unknowns(properties)

    for index, sample in enumerate(samples):
        for where in actual_at:
            mistake = _submission_mistake(claim, index, where, sample, may_be_open)
            if mistake:
                return _no(index, mistake)
        for place in places:
            for cell in checks:
                if _flavour(cell) == "assume" and _is_checked(claim, cell, samples, index, place[cell.name]):
                    condition, enable, _ = place[cell.name]
                    if sample[enable] != "0" and sample[condition] != "1":
                        return _no(
                            index, f"the assumption at {cell.source} does not hold, so this trace is not allowed"
                        )

    last = len(samples) - 1
    for place in places:
        broken = [
            cell
            for cell in checks
            if _flavour(cell) == "assert"
            and {cell.name, cell.source, cell.name.lstrip("\\")} & set(claim.failing)
            and any(
                _is_checked(claim, cell, samples, index, place[cell.name])
                and samples[index][place[cell.name][1]] == "1"
                and samples[index][place[cell.name][0]] in ("0", "x" if may_be_open else "0")
                for index in _checked_cycles(claim, cell, last)
            )
        ]
        if not broken:
            return _no(last, f"the assertion {', '.join(claim.failing)} holds in the simulator")
    return ReplayResult(True)


def _submission_mistake(
    claim: Counterexample, index: int, where: Mapping[str, _View], sample: str, may_be_open: bool
) -> str:
    """Return where the simulator shows something else of the submission than the claim does, "" if nowhere."""
    for name, value in {**claim.registers[index], **claim.got[index]}.items():
        if name not in where:
            continue
        seen = where[name].read(sample)
        # A register of which only the low bits were needed is claimed without the others.
        if not _agree(value.rjust(len(seen), "x"), seen, may_be_open):
            return f"the submission's {name} is {seen} in the simulator, not {value}"
    return ""


def _flavour(cell: Cell) -> str:
    """Return assert, assume, cover ... for a formal cell, "" for any other."""
    if cell.type == "$check":
        return cell.parameters["FLAVOR"].strip()
    return cell.type.lstrip("$") if cell.type in ("$assert", "$assume", "$cover") else ""


def _is_clocked(cell: Cell) -> bool:
    return cell.type == "$check" and cell.integer("TRG_ENABLE") == 1


def _checked_cycles(claim: Counterexample, cell: Cell, last: int) -> tuple[int, ...]:
    """Return the cycles whose values decide about the last cycle."""
    if claim.model == "global-step" and _is_clocked(cell):
        return (last - 1,) if last else ()
    return (last,)


def _is_checked(
    claim: Counterexample, cell: Cell, samples: Sequence[str], index: int, place: tuple[slice, slice, slice]
) -> bool:
    """Tell whether a formal cell looks at its condition in this cycle."""
    if not _is_clocked(cell):
        return True
    if claim.model != "global-step":
        return claim.model == "combinational" or edge_follows(claim.model, claim.inputs[index])
    if index + 1 >= len(samples):
        return False
    before, after = samples[index][place[2]], samples[index + 1][place[2]]
    polarities = cell.parameters["TRG_POLARITY"][::-1]
    return any(
        (old, new) == (("0", "1") if polarity == "1" else ("1", "0"))
        for old, new, polarity in zip(before, after, polarities, strict=True)
    )


def _watch_registers(stage: _Stage, actor: _Actor) -> dict[str, _View]:
    names = {name for step in stage.counterexample.registers for name in step}
    return {
        name: _View(stage.watch(actor.instance.bits(actor.netlist.signals[name])))
        for name in sorted(names & actor.netlist.signals.keys())
    }


def _agree(claimed: str, seen: str, may_be_open: bool) -> bool:
    """Tell whether definite claimed bits are what the simulator shows; its x is tolerated where one can arise."""
    return len(claimed) == len(seen) and all(
        a == b or a == "x" or (b == "x" and may_be_open) for a, b in zip(claimed, seen, strict=True)
    )


def _differ(expected: str, got: str, gold: str, actual: str) -> bool:
    """Tell whether some bit differs both in the claim and in the simulator."""
    return any(
        want != "x" and have not in (want, "x") and shown == want and seen != want
        for want, have, shown, seen in zip(expected, got, gold, actual, strict=False)
    )


def _no(index: int, reason: str) -> ReplayResult:
    return ReplayResult(False, f"cycle {index + 1}: {reason}")


def _undriven(netlist: Netlist) -> bool:
    driven = {bit for port in netlist.ports.values() if port.direction != "output" for bit in port.bits}
    used = {bit for port in netlist.ports.values() if port.direction == "output" for bit in port.bits}
    for cell in netlist.cells:
        for pin, bits in cell.connections.items():
            (driven if pin in cell.outputs else used).update(bits)
    return any(bit >= 2 for bit in used - driven)


def _zeros(_: int) -> int:
    return 0


def _ones(_: int) -> int:
    return 1


def _mixture(number: int) -> int:
    return (number * 2654435761 >> 15) & 1


def _number(name: str, place: int, index: int) -> int:
    """Return a number that names one bit of an input in one cycle."""
    return sum(ord(char) * (position + 1) for position, char in enumerate(name)) * 4099 + place * 131 + index
