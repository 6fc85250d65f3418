import pytest
from hypothesis import given
from hypothesis import strategies as st

from chiploom.hdl.sources import Source
from chiploom.tasks.syntax import Edit, Parsed, renamed_module, with_parameters

TEXT = """// đếm
module m #(parameter int W = 4, X = 3, localparam Y = W + 1)(input clk, output logic [W-1:0] q);
  parameter [2:0] Z = 3'd2;
  localparam V = 3;
endmodule
module n #(int A = 3, parameter B = 4); endmodule
"""


def test_parameters_are_written_into_the_text() -> None:
    (found,) = with_parameters((Source("a.sv", TEXT),), "m", {"W": 7, "Z": -3, "X": 1, "Y": 99, "V": 1, "none": 5})
    assert found.name == "a.sv"
    assert found.text == TEXT.replace("W = 4", "W = 7").replace("X = 3", "X = 1").replace("Z = 3'd2", "Z = -3")


def test_only_the_top_modules_parameters_are_set() -> None:
    (found,) = with_parameters((Source("a.sv", TEXT),), "n", {"A": 8, "B": 9, "W": 7})
    assert found.text == TEXT.replace("A = 3", "A = 8").replace("B = 4", "B = 9")


def test_a_module_is_renamed_where_it_is_declared_and_used() -> None:
    text = "module a(input x); a2 u(); endmodule: a\nmodule t; a u1(), u2(); wire a_x, a1; endmodule // a\n"
    assert renamed_module(text, "a", "b") == (
        "module b(input x); a2 u(); endmodule: b\nmodule t; b u1(), u2(); wire a_x, a1; endmodule // a\n"
    )


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 5), st.text(max_size=4)), max_size=6))
def test_edits_change_their_places_and_nothing_else(places: list[tuple[int, int, str]]) -> None:
    parsed = Parsed("module m; wire é, b; endmodule // 0123456789 é")
    edits = []
    position = 0
    for gap, length, text in places:
        start = position + gap % 7
        # Stay within the ASCII tail: an edit never cuts a character in two.
        start, end = 32 + start, min(32 + start + length, 44)
        if start > 44 or end < start:
            break
        edits.append(Edit(start, end, text))
        position = end - 32
    expected = parsed.data
    for edit in reversed(edits):
        expected = expected[: edit.start] + edit.text.encode() + expected[edit.end :]
    assert parsed.apply(edits) == expected.decode()


def test_overlapping_edits_are_refused() -> None:
    with pytest.raises(ValueError, match="overlap"):
        Parsed("module m; endmodule").apply([Edit(0, 5, "a"), Edit(4, 6, "b")])


def test_what_a_macro_expands_to_has_no_place() -> None:
    parsed = Parsed("`define Q 1\nmodule m(output y); assign y = `Q; endmodule")
    spans = [parsed.span(node) for module in parsed.modules() for node in [module.header]]
    assert spans[0] is not None
    text = with_parameters((Source("a", "`define W 4\nmodule m #(parameter P = `W)(); endmodule"),), "m", {"P": 5})[
        0
    ].text
    assert "`W" in text  # left as it is rather than edited in the wrong place
