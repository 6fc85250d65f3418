import dataclasses
import pickle
from pathlib import Path

import pytest

from chiploom.errors import PackError, ReferenceError_
from chiploom.hdl.sources import Source
from chiploom.prove.verdict import Outcome, Verdict
from chiploom.tasks import isolate, kinds
from chiploom.tasks.load import load_pack, load_task
from chiploom.tasks.model import PortSpec, Task


@pytest.fixture
def counter(pack_directory: Path) -> Task:
    return load_task(load_pack(pack_directory), "counter")


def grade(task: Task, text: str) -> Verdict:
    return isolate.call(lambda: kinds.grade(kinds.prepare(task), [Source("mine.sv", text)]))


COUNT_TO_4 = """module counter(input logic clk, input logic reset, output logic [2:0] count);
  always_ff @(posedge clk) if (reset) count <= 0; else count <= count == 4 ? 0 : count + 1;
endmodule
"""


@pytest.mark.parametrize("kind", ["design", "repair"])
def test_a_design_is_held_against_the_reference(counter: Task, kind: str) -> None:
    task = dataclasses.replace(counter, kind=kind)
    assert grade(task, COUNT_TO_4).outcome is Outcome.PROVED
    wrong = grade(task, COUNT_TO_4.replace("== 4", "== 5"))
    assert wrong.outcome is Outcome.REFUTED
    assert wrong.trace is not None
    assert "count" in wrong.trace.failing


@pytest.mark.parametrize(
    "text",
    [
        COUNT_TO_4.replace(";", "", 1),
        COUNT_TO_4.replace("module counter", "module cuonter"),
        COUNT_TO_4.replace("[2:0]", "[3:0]"),
        COUNT_TO_4.replace("input logic reset", "input logic rst").replace("(reset)", "(rst)"),
        COUNT_TO_4.replace("count <= 0;", "$finish;"),
        "",
    ],
)
def test_what_is_not_the_asked_for_module_is_rejected_with_reasons(counter: Task, text: str) -> None:
    verdict = grade(counter, text)
    assert verdict.outcome is Outcome.REJECTED
    assert verdict.diagnostics
    assert verdict.tools


def test_the_variants_numbers_count(pack_directory: Path) -> None:
    pack = load_pack(pack_directory)
    for number in (1, 2):
        task = load_task(pack, "counter", number)
        width, last = task.parameters["WIDTH"], task.parameters["MODULO"] - 1
        text = COUNT_TO_4.replace("[2:0]", f"[{width - 1}:0]").replace("== 4", f"== {last}")
        assert grade(task, text).outcome is Outcome.PROVED
        assert grade(task, text.replace(f"== {last}", f"== {last - 1}")).outcome is Outcome.REFUTED


def test_what_was_prepared_can_travel(counter: Task) -> None:
    # What is called in isolation comes back as a pickle.
    prepared = isolate.call(kinds.prepare, counter)
    assert prepared.reference is not None
    assert prepared.reference.design.top == "counter"
    assert prepared.reference.built is not None
    again = pickle.loads(pickle.dumps(prepared))
    source = (Source("mine.sv", COUNT_TO_4),)
    verdicts = [isolate.call(kinds.grade, each, source) for each in (prepared, again)]
    assert [verdict.outcome for verdict in verdicts] == [Outcome.PROVED] * 2


def test_a_reference_that_is_not_what_the_task_says_is_the_authors_fault(counter: Task) -> None:
    wider = dataclasses.replace(counter, ports=(*counter.ports[:2], PortSpec("count", "output", 4)))
    with pytest.raises(ReferenceError_, match=r"'count': task.toml says output of 4 bit"):
        isolate.call(kinds.prepare, wider)
    more = dataclasses.replace(counter, ports=(*counter.ports, PortSpec("carry", "output")))
    with pytest.raises(ReferenceError_, match=r"'carry'.*no such port"):
        isolate.call(kinds.prepare, more)
    broken = dataclasses.replace(counter, reference=(Source("reference.sv", "module counter(; endmodule"),))
    with pytest.raises(ReferenceError_, match=r"counter: reference: reference\.sv:1") as caught:
        isolate.call(kinds.prepare, broken)
    assert (caught.value.code, caught.value.exit_status) == ("reference-broken", 65)


def test_a_memory_over_the_limit_is_undecided_and_says_so(counter: Task) -> None:
    text = COUNT_TO_4.replace(
        "always_ff", "logic [31:0] m [1048576]; always_ff @(posedge clk) m[count] <= m[count + 1]; always_ff"
    )
    verdict = grade(counter, text)
    assert (verdict.outcome, verdict.limit_hit) == (Outcome.UNDECIDED, "memory_bits")


PROPERTIES = """module rules(input logic clk, input logic reset, input logic [2:0] count);
  logic started;
  logic [2:0] last;
  initial started = 0;
  always @(posedge clk) begin
    started <= reset | started;
    last <= count;
    if (started && !reset) assert (count < 5);
  end
endmodule
"""


@pytest.fixture
def ruled(counter: Task) -> Task:
    return dataclasses.replace(
        counter, kind="properties", reference=(), reference_top=None, properties=(Source("properties.sv", PROPERTIES),)
    )


def test_properties_are_held_however_the_design_is_built(ruled: Task) -> None:
    assert grade(ruled, COUNT_TO_4).outcome is Outcome.PROVED
    assert grade(ruled, COUNT_TO_4.replace("== 4", "== 2")).outcome is Outcome.PROVED
    assert grade(ruled, COUNT_TO_4.replace("== 4", "== 5")).outcome is Outcome.REFUTED


def test_properties_name_only_ports_of_the_task(ruled: Task) -> None:
    other = PROPERTIES.replace("input logic reset", "input logic [1:0] reset").replace("reset)", "reset[0])")
    with pytest.raises(ReferenceError_, match=r"'reset' of properties.sv has 2 bit, task.toml says 1 bit"):
        isolate.call(kinds.prepare, dataclasses.replace(ruled, properties=(Source("properties.sv", other),)))
    giving = PROPERTIES.replace("input logic [2:0] count)", "input logic [2:0] count, output logic y)")
    with pytest.raises(ReferenceError_, match=r"'y' of properties.sv must be an input"):
        isolate.call(kinds.prepare, dataclasses.replace(ruled, properties=(Source("properties.sv", giving),)))


def test_an_unknown_kind_is_named(counter: Task) -> None:
    with pytest.raises(PackError, match="design, repair, properties"):
        kinds.prepare(dataclasses.replace(counter, kind="riddle"))
