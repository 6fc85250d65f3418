"""Novice errors: what a learner writes, and what is said about it, in words of ours."""

import pytest

from chiploom.hdl import wording
from chiploom.hdl.sources import Source

from .reading import read

SUB = "\nmodule sub(input a, output b); assign b = a; endmodule\n"

#: code -> (design with one error, line it is on)
NOVICE = {
    "missing-semicolon": ("module t(output y);\nassign y = 0\nendmodule", 2),
    "missing-endmodule": ("module t(output y);\nassign y = 0;\n", 2),
    "missing-end": ("module t(input a, output reg y);\nalways @* begin\ny = a;\nendmodule", 3),
    "missing-endcase": (
        "module t(input a, output reg y);\nalways @* begin\ncase (a)\n0: y = 1;\ndefault: y = 0;\nend\nendmodule",
        5,
    ),
    "missing-endfunction": ("module t(output y);\nfunction f; input a; f = a;\nendmodule", 2),
    "missing-parenthesis": ("module t(input a, output y);\nassign y = (a;\nendmodule", 2),
    "missing-quote": ('module t(output y);\nlocalparam S = "abc;\nassign y = 0;\nendmodule', 2),
    "missing-comment-end": ("module t(output y);\nassign y = 0;\nendmodule\n/* end", 4),
    "missing-endif": ("module t(output y);\n`ifdef A\nassign y = 0;\nendmodule", 2),
    "expected-expression": ("module t(output y);\nassign y = ;\nendmodule", 2),
    "expected-name": ("module t(output output);\nendmodule", 1),
    "unexpected-end": ("module t(output y);\nassign y = 0;\nend\nendmodule", 3),
    "unexpected-bracket": ("module t(input a, output y);\nassign y = a;\n)\nendmodule", 3),
    "statement-outside-always": ("module t(input a, output reg y);\ny = a;\nendmodule", 2),
    "outside-module": ("module t(input a, output y);\nassign y = a;\nendmodule\nalways @* y = 1;", 4),
    "missing-comma": ("module t(\ninput a\noutput y\n);\nassign y = a;\nendmodule", 2),
    "loop-variable-undeclared": (
        "module t(input [3:0] a, output reg [3:0] y);\nalways @*\nfor (i = 0; i < 4; i = i + 1) y[i] = a;\nendmodule",
        3,
    ),
    "extra-comma": ("module t(input a, output y,\n);\nassign y = a;\nendmodule", 1),
    "misspelled-keyword": ("module t(input a, output reg y);\nalway @* y = a;\nendmodule", 2),
    "else-if": ("module t(input a, output reg y);\nalways @* if (a) y = 0;\nelsif (a) y = 1;\nendmodule", 3),
    "then-keyword": ("module t(input a, output reg y);\nalways @* if (a) then y = 1;\nendmodule", 2),
    "curly-bracket-block": ("module t(input a, output reg y);\nalways @(*) {\ny = a;\n}\nendmodule", 3),
    "condition-without-parentheses": ("module t(input a, output reg y);\nalways @* if a y = 1;\nendmodule", 2),
    "reversed-operator": ("module t(input a, output reg y);\nalways @(posedge a) y =< 1;\nendmodule", 2),
    "bad-literal": ("module t(output [3:0] y);\nassign y = 4b1010;\nendmodule", 2),
    "bad-digit": ("module t(output [3:0] y);\nassign y = 4'b1012;\nendmodule", 2),
    "backtick-in-literal": ("module t(output [3:0] y);\nassign y = 4`b1010;\nendmodule", 2),
    "non-ascii-character": ("module t(output [3:0] y);\nassign y = 4\u2019b1010;\nendmodule", 2),
    "star-without-at": ("module t(input a, output reg y);\nalways (*) y = a;\nendmodule", 2),
    "assign-needs-equals": ("module t(input a, output y);\nassign y <= a;\nendmodule", 2),
    "expression-as-statement": ("module t(input a, output reg y);\nalways @* y == a;\nendmodule", 2),
    "assignment-as-expression": (
        "module t(input a, output reg y);\nalways @* if (a = 1) y = 0; else y = 1;\nendmodule",
        2,
    ),
    "declaration-after-statement": (
        "module t(input a, output reg y);\nalways @* begin\ny = a;\nreg q;\nend\nendmodule",
        4,
    ),
    "width-without-range": ("module t(input [8] a, output y);\nassign y = a[0];\nendmodule", 1),
    "wire-reg": ("module t(input a, output y);\nwire reg q;\nassign y = a;\nendmodule", 2),
    "unknown-macro": ("module t(output [7:0] y);\nassign y = `WIDTH;\nendmodule", 2),
    "misspelled-macro": ("`define WIDTH 8\nmodule t(output [7:0] y);\nassign y = `WIDHT;\nendmodule", 3),
    "undeclared-name": ("module t(output y);\nassign y = nowhere;\nendmodule", 2),
    "misspelled-name": ("module t(input enable, output y);\nassign y = enabel;\nendmodule", 2),
    "used-before-declared": ("module t(output y);\nassign y = q & 1;\nwire q = 0;\nendmodule", 2),
    "duplicate-declaration": ("module t(input a, output y);\nwire q;\nwire q;\nassign y = a;\nendmodule", 3),
    "duplicate-module": (
        "module t(output y);\nassign y = 0;\nendmodule\nmodule t(output y); assign y = 1; endmodule",
        4,
    ),
    "port-declared-twice": ("module t(input a, output y);\ninput a;\nassign y = a;\nendmodule", 2),
    "port-without-direction": ("module t(a, y);\noutput y;\nassign y = 0;\nendmodule", 1),
    "port-not-in-list": ("module t(y);\noutput y;\ninput a;\nassign y = a;\nendmodule", 3),
    "unknown-module": ("module t(input a, output y);\nwhatever u(a, y);\nendmodule", 2),
    "misspelled-module": ("module t(input a, output y);\nsubb u(a, y);\nendmodule" + SUB, 2),
    "unknown-port": ("module t(input a, output y);\nsub u(.x(a), .b(y));\nendmodule" + SUB, 2),
    "unknown-parameter": ("module t(input a, output y);\nsub #(.N(3)) u(a, y);\nendmodule" + SUB, 2),
    "too-many-ports": ("module t(input a, output y);\nsub u(a, y, a);\nendmodule" + SUB, 2),
    "port-connected-twice": ("module t(input a, output y);\nsub u(.a(a), .b(y), .a(a));\nendmodule" + SUB, 2),
    "instance-without-name": ("module t(input a, output y);\nsub (a, y);\nendmodule" + SUB, 2),
    "instance-in-block": ("module t(input a, output reg y);\nalways @* begin\nsub u(a, y);\nend\nendmodule" + SUB, 3),
    "recursive-instance": ("module t(input a, output y);\nt u(a, y);\nendmodule", 2),
    "parameter-without-value": ("module t(output y);\nlocalparam N;\nassign y = 0;\nendmodule", 2),
    "not-constant": ("module t(input a, output y);\nif (a) assign y = 1;\nendmodule", 2),
    "unknown-system-name": ("module t(output y);\nassign y = $nothing(1);\nendmodule", 2),
    "assign-to-wire": ("module t(input a, output y);\nalways @* y = a;\nendmodule", 2),
    "assign-to-input": ("module t(input a, output y);\nassign a = 1;\nassign y = a;\nendmodule", 2),
    "always-without-sensitivity": ("module t(input a, output reg y);\nalways y = a;\nendmodule", 2),
    "multiple-drivers": ("module t(input a, b, output y);\nassign y = a;\nassign y = b;\nendmodule", 3),
    "scalar-indexed": ("module t(input a, output y);\nassign y = a[0];\nendmodule", 2),
    "index-out-of-range": ("module t(input [3:0] a, output y);\nassign y = a[4];\nendmodule", 2),
    "memory-as-whole": (
        "module t(input c, output y);\nlogic [3:0] m [4];\nassign y = m[0][0];\nalways @(posedge c) m <= 0;\nendmodule",
        4,
    ),
    "range-reversed": ("module t(input [3:0] a, output [1:0] y);\nassign y = a[0:1];\nendmodule", 2),
}


@pytest.mark.parametrize("key", NOVICE)
def test_a_novice_error_is_said_in_our_words_where_it_is(key: str) -> None:
    text, line = NOVICE[key]
    outcome = read(text + "\n")
    assert outcome.rejected
    first = outcome.found[0]
    assert (first.code, first.line) == (f"hdl.{key}", line), outcome.found
    assert first.excerpt.split("\n")[0] == text.split("\n")[line - 1].rstrip()


def test_at_least_the_thirty_most_frequent_are_ours() -> None:
    assert len(NOVICE) >= 30


@pytest.mark.parametrize("key", NOVICE)
def test_every_wording_exists_in_the_three_languages(key: str) -> None:
    first = read(NOVICE[key][0] + "\n").found[0]
    texts = [first.text(language) for language in ("en", "vi", "fr")]
    assert len(set(texts)) == 3
    assert all(text and "\n" not in text and "{" not in text.replace("{{", "") for text in texts)


def test_did_you_mean() -> None:
    found = read(NOVICE["misspelled-name"][0]).found[0]
    assert found.message == "the name `enabel` is not declared; did you mean `enable`?"
    assert found.text("vi") == "tên `enabel` chưa được khai báo; có phải bạn muốn viết `enable`?"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Module t(input a, output y); assign y = a; endmodule", "module"),
        ("module t(input a, output y); Assign y = a; endmodule", "assign"),
        ("module t(input a, output reg y); always @(posegde a) y <= 1; endmodule", "posedge"),
        ("module t(input a, output reg y); always @* switch (a) 0: y = 1; endcase endmodule", "case"),
        ("module t(input a, output reg y); always @* IF (a) y = 1; endmodule", "if"),
        ("module t(input a, output y); assign y = a; endmodul", "endmodule"),
        ("module t(input a, output y); assign y = a; endmod", "endmodule"),
        ("module t(input a, output y); assign y = a; end_mod", "endmodule"),
        ("module t(input a, output y); assign y = a; Endmodule", "endmodule"),
        ("module t(input a, output y); assign y = a; ndmodule", "endmodule"),
    ],
)
def test_a_misspelled_keyword_is_set_right(written: str, meant: str) -> None:
    found = read(written + "\n").found[0]
    assert (found.code, found.arguments["suggestion"]) == ("hdl.misspelled-keyword", meant)


def test_a_misspelt_assign_is_no_second_declaration_of_its_port() -> None:
    found = read("module t(input a, output y);\nasign y = ~a;\nendmodule\n").found
    assert [diagnostic.code for diagnostic in found if diagnostic.severity == "error"] == ["hdl.misspelled-keyword"]


def test_a_macro_of_another_file_is_pointed_to() -> None:
    design = "module t(output [7:0] y); assign y = `WIDTH; endmodule\n"
    files = [Source("lib/defs.vh", "`define WIDTH 8\n"), Source("t.sv", design)]
    found = read(files).one("hdl.macro-of-other-file")
    assert found.arguments == {"name": "WIDTH", "file": "defs.vh"}
    assert read([files[0], Source("t.sv", f'`include "defs.vh"\n{design}')]).accepted


def test_what_has_no_wording_keeps_slangs_with_its_code() -> None:
    text = "module t(input [3:0] a, output y); assign y = $bits(); endmodule\n"
    found = read(text).found[0]
    assert found.code == "slang.TooFewArguments"
    assert "$bits" in found.text("vi")


def test_a_slang_sentence_never_shows_a_scratch_path() -> None:
    assert wording.scrubbed("included from '/tmp/chiploom-x/f0.sv'") == "included from 'the file'"


def test_every_name_in_the_tables_is_one_of_slangs() -> None:
    from pyslang import Diags

    for name in (*wording.ERRORS, *wording.WARNINGS, *wording._WORDINGS):
        assert hasattr(Diags, name), name
