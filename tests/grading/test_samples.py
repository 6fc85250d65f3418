import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chiploom.errors import InputFileError
from chiploom.grading.samples import MAX_COMPLETION_CHARACTERS, extract, read_samples
from chiploom.prove.verdict import Limits
from chiploom.tasks.model import Policy, PortSpec, Task
from chiploom.tasks.syntax import Parsed

TASK = Task(
    id="t",
    kind="design",
    track="design",
    level=1,
    minutes=1,
    skills=(),
    top="TopModule",
    title={},
    statement={},
    hints=(),
    ports=(PortSpec("a", "input", 4), PortSpec("y", "output", 4, signed=True)),
    clock=None,
    power_up="free",
    limits=Limits(),
    policy=Policy(),
    parameters={},
    variant=None,
    variant_count=0,
    reference=(),
    environment=(),
    properties=(),
    starter=(),
    alternatives=(),
    broken=(),
    diagrams={},
)
CODE = "module TopModule(input [3:0] a, output [3:0] y);\n  assign y = ~a;\nendmodule"
HELPER = "module helper(input x, output z);\n  assign z = x;\nendmodule"


def code_of(completion: str) -> str:
    return extract(completion, TASK).sources[0].text.strip()


@pytest.mark.parametrize(
    "completion",
    [
        CODE,
        f"{CODE}\n\n",
        f"```verilog\n{CODE}\n```",
        f"```\n{CODE}\n```",
        f"~~~systemverilog\n{CODE}\n~~~",
        f"Sure! Here is the module:\n\n```verilog\n{CODE}\n```\n\nIt inverts `a`.",
        f"Here is the code:\n{CODE}\nThis uses an inverter; every module needs an endmodule.",
        f"`TopModule` is simple. A module contains logic.\n\n{CODE}",
        f"module TopModule inverts its input, as asked.\n\n{CODE}",
        f'It is 5" wide.\n{CODE}',
        f"{CODE}\n```\nDone.",
        f"```verilog\n{CODE}",
        f"Usage:\n```sh\nmake\n```\nand\n```verilog\n{CODE}\n```",
        f"\ufeff{CODE}\r\n".replace("\n", "\r\n"),
    ],
)
def test_the_module_is_found_in_the_chatter(completion: str) -> None:
    assert code_of(completion) == CODE


def test_helpers_and_directives_are_kept() -> None:
    text = f"`timescale 1ns/1ps\n`define W 4\n{HELPER}\n\n{CODE}"
    assert code_of(f"Two modules:\n```verilog\n{text}\n```\n") == text
    assert code_of(f"Words.\n```\n{HELPER}\n```\nand\n```\n{CODE}\n```") == f"{HELPER}\n\n{CODE}"


def test_of_a_repeated_module_the_last_counts() -> None:
    wrong = CODE.replace("~a", "a")
    found = extract(f"First try:\n```\n{wrong}\n```\nWait, that is wrong.\n```\n{CODE}\n```", TASK)
    assert found.sources[0].text.strip() == CODE
    assert any("last one counts" in note for note in found.notes)


def test_words_in_comments_and_strings_are_no_code() -> None:
    code = (
        "// module old(\nmodule TopModule(input [3:0] a, output [3:0] y);\n  /* endmodule */ assign y = a;\nendmodule"
    )
    assert code_of(code).endswith("/* endmodule */ assign y = a;\nendmodule")
    assert not extract(code, TASK).notes


@pytest.mark.parametrize("completion", ["  assign y = ~a;\nendmodule", "  assign y = ~a;", "```\nassign y = ~a;\n```"])
def test_a_body_gets_the_tasks_header(completion: str) -> None:
    found = extract(completion, TASK)
    text = found.sources[0].text
    assert "module TopModule (\n  input logic [3:0] a,\n  output logic signed [3:0] y\n);" in text
    assert text.count("endmodule") == 1
    assert not Parsed(text).has_errors
    assert any("only a body" in note for note in found.notes)


def test_what_was_done_is_noted_and_a_clean_completion_has_no_note() -> None:
    assert extract(CODE, TASK).notes == ()
    assert extract(f"```\n{CODE}\n```", TASK).notes == ("code fence removed",)
    assert "words around the code removed" in extract(f"Hello.\n{CODE}", TASK).notes
    assert extract("  \n", TASK).notes == ("no code",)
    refusal = extract("I cannot help with that.", TASK)
    assert (refusal.sources[0].text, refusal.notes) == ("I cannot help with that.\n", ("no code found",))


@given(st.text(alphabet='module endmodule`(;)\n"/*~{}\\x00 TopM#', max_size=200))
def test_nothing_makes_it_fail(completion: str) -> None:
    found = extract(completion, TASK)
    assert len(found.sources) == 1
    assert found.sources[0].text.endswith("\n")


def test_a_huge_completion_is_cut() -> None:
    found = extract("module TopModule(" + "a" * 3_000_000, TASK)
    assert len(found.sources[0].text) <= MAX_COMPLETION_CHARACTERS + 1000
    assert any(note.startswith("cut to") for note in found.notes)


def write(path: Path, *lines: object) -> Path:
    texts = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines]
    path.write_bytes(b"\n".join(texts) + b"\n")
    return path


def test_malformed_lines_are_reported_with_their_numbers(tmp_path: Path) -> None:
    path = write(
        tmp_path / "s.jsonl",
        {"task_id": "t", "completion": "a", "model": "extra keys are fine"},
        b"{not json",
        b"",
        ["t", "a"],
        {"task_id": "t"},
        {"task_id": 3, "completion": "a"},
        {"task_id": "other", "completion": "a"},
        b'{"task_id": "t", "completion": "\xff"}',
        b"[" * 100_000,
        {"task_id": "t", "completion": "b\ud800"},
        b'{"task_id": "t", "completion": "' + b"x" * 10_000_001 + b'"}',
        {"task_id": "t", "completion": "c"},
    )
    samples, bad = read_samples(path, frozenset({"t"}))
    assert [(s.line, s.index, s.completion) for s in samples] == [(1, 0, "a"), (10, 1, "b?"), (12, 2, "c")]
    assert [b.line for b in bad.first] == [2, 4, 5, 6, 7, 8, 9, 11]
    assert "unknown task 'other'" in bad.first[4].problem
    assert all(b.problem for b in bad.first) and bad.count == 8


def test_of_very_many_bad_lines_the_first_are_kept_and_all_are_counted(tmp_path: Path) -> None:
    path = write(tmp_path / "s.jsonl", {"task_id": "t", "completion": "a"}, *[b"{"] * 5000)
    samples, bad = read_samples(path, frozenset({"t"}))
    assert (len(samples), bad.count) == (1, 5000)
    assert [b.line for b in bad.first] == list(range(2, 22))


def test_a_line_may_say_whose_it_is(tmp_path: Path) -> None:
    path = write(
        tmp_path / "s.jsonl",
        {"task_id": "t", "completion": "a", "subject": "ann"},
        {"task_id": "t", "completion": "b"},
        {"task_id": "t", "completion": "c", "subject": 7},
    )
    samples, bad = read_samples(path, frozenset({"t"}))
    assert [(s.completion, s.subject) for s in samples] == [("a", "ann"), ("b", "")]
    assert [(b.line, b.problem) for b in bad.first] == [(3, "'subject' is not a string")]


@pytest.mark.parametrize(
    ("make", "code"),
    [
        ("missing", "file-not-found"),
        ("dir", "is-a-directory"),
        ("empty", "file-empty"),
        ("pipe", "file-unreadable"),
        ("name", "file-unreadable"),
        ("noise", "no-sample"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path, make: str, code: str) -> None:
    path = tmp_path / "s.jsonl"
    if make == "dir":
        path.mkdir()
    elif make == "empty":
        path.write_text("\n\n")
    elif make == "pipe":
        os.mkfifo(path)
    elif make == "name":
        path = tmp_path / ("s" * 300)
    elif make == "noise":
        path.write_text('noise\n{"task_id": "other", "completion": ""}\n')
    with pytest.raises(InputFileError) as caught:
        read_samples(path, frozenset({"t"}))
    assert caught.value.code == code
