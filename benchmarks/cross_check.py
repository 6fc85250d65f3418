"""Long random simulation of two designs side by side on Icarus Verilog, which shares no code with the prover.

It cannot prove anything; it can only catch a proof that is wrong. Where the reference is unknown any answer is right,
and what the submission leaves unknown counts for nothing, since a simulator's unknowns are not free values.
"""

from __future__ import annotations

import re
import subprocess
import tempfile
from pathlib import Path

from pyosys import libyosys
from pyslang.syntax import SyntaxKind

import harness
from chiploom.prove.verdict import Verdict
from chiploom.tasks import isolate
from chiploom.tasks.model import Task
from chiploom.tasks.syntax import Parsed, renamed_module, walk, with_parameters

ENGINE = "Icarus Verilog, random inputs"
STEPS = 20_000
_LIMIT_S = 60.0
_REFERENCE, _SUBMISSION = "CrossReference", "CrossSubmission"
_RESETS = re.compile(r"(^|_)(a|ar|sync|async)?_?(reset|rst|res|clear|clr)(_?n)?($|_)", re.IGNORECASE)


class NotRun(Exception):  # noqa: N818 - a fact about the engine, not about a design
    """The engine could not run the designs."""


def contradiction(task: Task, text: str, verdict: Verdict) -> str | None:
    """Return what speaks against the proof that ``text`` equals the task's reference; None if nothing does.

    A difference on the texts may be one of simulation only (an incomplete sensitivity list, an ``if`` on an unknown
    value); then the elaborated netlists are simulated, where such differences are gone.
    """
    reference_top = task.reference_top or task.top
    reference = with_parameters(task.reference, reference_top, task.parameters)[0].text
    if not harness.is_installed():
        return "not cross-checked: iverilog is not installed"
    try:
        finding = simulate(
            task,
            renamed_module(reference, reference_top, _REFERENCE),
            renamed_module(text, task.top, _SUBMISSION),
            randomised=_registers(text, task),
        )
    except NotRun as problem:
        finding = str(problem)
    if finding is None:
        return None
    try:
        second = simulate(
            task,
            _as_netlist(reference, reference_top, _REFERENCE),
            _as_netlist(text, task.top, _SUBMISSION),
            randomised=(),
        )
    except (NotRun, isolate.ChildDied) as problem:
        return f"{finding}; netlists: {problem}"
    return None if second is None else f"{finding}; netlists: {second}"


def simulate(task: Task, reference: str, submission: str, *, randomised: tuple[str, ...] = ()) -> str | None:
    """Run both designs on the same random inputs; return the first definite difference.

    Raises
    ------
    NotRun
        Icarus Verilog cannot read or finish them.
    """
    bench = _bench(task, randomised)
    with tempfile.TemporaryDirectory() as scratch:
        for name, text in (("reference.sv", reference), ("submission.sv", submission), ("bench.sv", bench)):
            (Path(scratch) / name).write_text(text, encoding="utf-8")
        files = ["reference.sv", "submission.sv", "bench.sv"]
        try:
            for command in (["iverilog", "-g2012", "-s", "bench", "-o", "run", *files], ["vvp", "-n", "run"]):
                done = subprocess.run(
                    command, cwd=scratch, capture_output=True, timeout=_LIMIT_S, check=False, stdin=subprocess.DEVNULL
                )
                if done.returncode:
                    said = (done.stderr or done.stdout).decode(errors="replace").strip().splitlines()
                    raise NotRun(f"{command[0]}: {(said or ['failed'])[0][:160]}")
        except subprocess.TimeoutExpired:
            raise NotRun(f"no end within {_LIMIT_S:g} s") from None
    output = done.stdout.decode(errors="replace")
    match = re.search(r"^DIFFERENT.*$", output, re.MULTILINE)
    if match:
        return match[0]
    if "SAME" not in output:
        raise NotRun("the simulation ended early")
    return None


def _bench(task: Task, randomised: tuple[str, ...]) -> str:
    inputs = [port for port in task.ports if port.direction == "input"]
    outputs = [port for port in task.ports if port.direction == "output"]
    clock = next((port.name for port in inputs if port.name == task.clock), None)
    driven = [port for port in inputs if port.name != clock]
    lines = ["`timescale 1ns/1ps", "module bench;", "  integer step, seed, shape, word; reg other;"]
    lines += [f"  reg [{port.width - 1}:0] i_{port.name} = 0;" for port in inputs]
    lines += [f"  integer s_{port.name} = 0;" for port in driven]
    for port in outputs:
        lines.append(f"  wire [{port.width - 1}:0] r_{port.name}, d_{port.name};")
    for prefix, module, instance in (("r", _REFERENCE, "reference"), ("d", _SUBMISSION, "submission")):
        pins = [f".{port.name}(i_{port.name})" for port in inputs]
        pins += [f".{port.name}({prefix}_{port.name})" for port in outputs]
        lines.append(f"  {module} {instance}({', '.join(pins)});")
    lines += ["  task check; begin"]
    for port in outputs:
        name = port.name
        lines += [
            # One definite bit that differs makes the reduction 1, whatever is unknown beside it.
            f"    if ((|(r_{name} ^ d_{name})) === 1'b1) begin",
            f'      $display("DIFFERENT {name} at step %0d: expected %b, got %b", step, r_{name}, d_{name}); $finish;',
            "    end",
        ]
    lines += ["  end endtask", "  initial begin", "    seed = 32'h5eed; step = -1; #1;"]
    lines += [f"    submission.{name} = {{4{{$random(seed)}}}};" for name in randomised]
    lines += [f"    for (step = 0; step < {STEPS}; step = step + 1) begin", "      if (step % 128 == 0) begin"]
    # How often each input is 1 changes from time to time, so that rare states are reached.
    lines += [f"        s_{port.name} = $random(seed);" for port in driven]
    lines += ["      end"]
    for port in driven:
        lines += _stimulus(port.name, port.width)
    lines += ["      #1 check;"]
    if clock:
        lines += [f"      i_{clock} = ~i_{clock};", "      #1 check;"]
    lines += ["    end", '    $display("SAME"); $finish;', "  end", "endmodule"]
    return "\n".join(lines) + "\n"


def _stimulus(name: str, width: int) -> list[str]:
    if width == 1:
        if _RESETS.search(name):
            # In reset at first, then seldom: 1 of 64 where it is active high, 63 of 64 where it is active low.
            active = "0" if name.lower().endswith("n") else "1"
            return [
                f"      i_{name} = (step < 6 || ({{$random(seed)}} % (s_{name}[0] ? 64 : 512)) == 0) ? 1'b{active} : "
                f"~1'b{active};"
            ]
        return [
            f"      case (s_{name}[3:1])",
            f"        0: i_{name} = {{$random(seed)}} % 32 == 0;",
            f"        1: i_{name} = {{$random(seed)}} % 32 != 0;",
            f"        2: i_{name} = i_{name} ^ ({{$random(seed)}} % 16 == 0);",
            f"        default: i_{name} = $random(seed);",
            "      endcase",
        ]
    words = ", ".join("$random(seed)" for _ in range((width + 31) // 32))
    return [
        "      case ({$random(seed)} % 8)",
        f"        0: i_{name} = 0;",
        f"        1: i_{name} = ~{width}'d0;",
        f"        2: i_{name} = i_{name} + 1;",
        f"        3: i_{name} = {width}'d1 << ({{$random(seed)}} % {width});",
        f"        4: i_{name} = i_{name} ^ ({width}'d1 << ({{$random(seed)}} % {width}));",
        f"        default: i_{name} = {{{words}}};",
        "      endcase",
    ]


def _registers(text: str, task: Task) -> tuple[str, ...]:
    """Return what clocked processes assign: it may start with any value where the task says so."""
    if task.power_up != "free" or task.clock is None:
        return ()
    names = []
    for node in walk(Parsed(text).root):
        if node.kind == SyntaxKind.NonblockingAssignmentExpression and node.left.kind == SyntaxKind.IdentifierName:
            names.append(node.left.identifier.valueText)
    return tuple(dict.fromkeys(names))


def _as_netlist(text: str, top: str, name: str) -> str:
    """Return an elaborated design as Verilog of single cells."""
    with tempfile.TemporaryDirectory() as scratch:
        source, netlist = Path(scratch) / "design.sv", Path(scratch) / "netlist.v"
        source.write_text(text, encoding="utf-8")

        def elaborate() -> None:
            design = libyosys.Design()
            for command in (
                ["read_slang", "--top", top, str(source)],
                ["hierarchy", "-check"],
                ["proc"],
                ["flatten"],
                ["opt_clean"],
                ["rename", "-top", name],
                ["write_verilog", "-noattr", str(netlist)],
            ):
                design.run_pass(["tee", "-q", *command])

        isolate.call(elaborate)
        return netlist.read_text(encoding="utf-8")
