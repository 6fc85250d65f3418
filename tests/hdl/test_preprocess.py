from pathlib import Path

import pytest

from chiploom.hdl.preprocess import Place, units
from chiploom.hdl.sources import Source

from .reading import read

ADDER = Source("lib/adder.vh", "wire [3:0] sum = a + b;\n")


def design(*sources: Source) -> list[Source]:
    return list(sources)


def test_include_is_found_by_base_name_whatever_its_path() -> None:
    top = Source(
        "src/top.sv",
        'module t(input [3:0] a, b, output [3:0] y);\n`include "../elsewhere/adder.vh"\nassign y = sum; endmodule\n',
    )
    for files in ([top, ADDER], [ADDER, top]):
        assert read(files).accepted


def test_places_lead_back_to_the_included_file_and_past_it() -> None:
    top = Source("top.sv", 'module t;\n  `include "d.vh" /* ở đây */ wire q;\nendmodule\n')
    (unit,) = units([top, Source("d.vh", "\n\nwire x;\n")])
    offset = unit.text.encode().index(b"wire x")
    assert unit.place(offset) == Place(1, 3, 1)
    offset = unit.text.encode().index(b"wire q")
    column = top.text.splitlines()[1].index("wire q") + 1
    assert unit.place(offset) == Place(0, 2, column)
    assert unit.place(unit.text.encode().index(b"endmodule")) == Place(0, 3, 1)


def test_diagnostic_in_an_included_file_names_that_file() -> None:
    top = Source("top.sv", 'module t(output y);\n`include "part.vh"\nendmodule\n')
    outcome = read([top, Source("part.vh", "// phần thân\nassign y = misssing;\n")])
    found = outcome.one("hdl.undeclared-name")
    assert (found.file, found.line, found.column) == ("part.vh", 2, 12)
    assert found.excerpt.splitlines()[0] == "assign y = misssing;"


def test_nested_includes_and_guards() -> None:
    a = Source("a.vh", '`ifndef A\n`define A\n`include "b.vh"\nlocalparam X = Y;\n`endif\n')
    b = Source("b.vh", '`ifndef B\n`define B\n`include "a.vh"\nlocalparam Y = 3;\n`endif\n')
    top = Source("top.sv", 'module t(output [1:0] y);\n`include "a.vh"\n`include "a.vh"\nassign y = X;\nendmodule\n')
    assert read([b, top, a]).accepted


def test_a_file_that_includes_itself_ends() -> None:
    outcome = read([Source("a.sv", '`include "a.sv"\nmodule t; endmodule\n')])
    assert outcome.errors == ["hdl.include-again-or-not-alone"]


def test_files_that_double_each_other_end() -> None:
    files = [Source(f"f{i}.vh", f'`include "f{i + 1}.vh"\n`include "f{i + 1}.vh"\n') for i in range(60)]
    text = "// " + "x" * 2000 + "\n"
    outcome = read([Source("t.sv", '`include "f0.vh"\nmodule t; endmodule\n'), *files, Source("f60.vh", text)])
    assert outcome.rejected


def test_an_include_nobody_handed_in_is_only_wrong_where_it_is_active() -> None:
    inactive = '`ifdef NEVER\n`include "none.vh"\n`endif\nmodule t; endmodule\n'
    assert read([Source("a.sv", inactive)]).accepted
    outcome = read([Source("a.sv", inactive.replace("`ifdef", "`ifndef"))])
    assert outcome.one("hdl.include-not-found").arguments["name"] == "none.vh"
    assert outcome.one("hdl.include-not-found").line == 2


def test_comments_and_strings_are_no_directives() -> None:
    text = '// `include "x.vh"\n/* `include "x.vh" */\nmodule t; localparam S = "`include"; endmodule\n'
    assert read([Source("a.sv", text)]).accepted


PASTED = {
    "plain": '`include "{path}"\n',
    "angle": "`include <{path}>\n",
    "in a macro": '`define X `include "{path}"\n`X\n',
    "directive in a macro": '`define X `include\n`X "{path}"\n',
    "name in a macro": '`define N "{path}"\n`include `N\n',
    "stringified": '`define Q(x) `"x`"\n`include `Q({path})\n',
    "pasted": '`define J(a) ```a \n`J(include) "{path}"\n',
    "pasted from halves": '`define C(x,y) `x``y\n`C(inc,lude) "{path}"\n',
    "pasted backtick": '`define D(a,b) a``b\n`D(`,include) "{path}"\n',
    "continued line": '`define Y \\\n`include "{path}"\n`Y\n',
}


@pytest.mark.parametrize("how", PASTED)
def test_no_include_reads_the_file_system(tmp_path: Path, how: str) -> None:
    """The file holds a whole module: were it read, the design would be complete."""
    secret = tmp_path / "secret.sv"
    secret.write_text("module secret_part(input a, output y); assign y = a; endmodule\n")
    use = "module t(input a, output y); secret_part u(a, y); endmodule\n"
    for path in (secret, f"../../../../../../../..{secret}"):
        outcome = read([Source("a.sv", PASTED[how].format(path=path) + use)], top="t")
        assert outcome.rejected
        assert all(code.startswith("hdl.") for code in outcome.errors), outcome.found
        assert not any("assign y" in found.excerpt and "secret_part(" in found.excerpt for found in outcome.found)
