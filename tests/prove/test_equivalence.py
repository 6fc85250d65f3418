from __future__ import annotations

import pytest

from chiploom.errors import ReferenceError_
from chiploom.prove.trace import TICK
from chiploom.prove.verdict import Limits, Outcome, Verdict
from prove.designs import verdict


def assert_outcome(found: Verdict, outcome: Outcome) -> None:
    assert found.outcome is outcome, (found.outcome, found.method, found.limit_hit, found.reason, found.trace)


def module(ports: str, body: str, name: str = "m") -> str:
    return f"module {name}({ports});\n{body}\nendmodule\n"


CLOCKED = "input clk, input rst, input d, output logic q"
SYNCHRONOUS = module(CLOCKED, "always_ff @(posedge clk) if (rst) q <= 0; else q <= d;")
ASYNCHRONOUS = module(CLOCKED, "always_ff @(posedge clk, posedge rst) if (rst) q <= 0; else q <= d;")
MASKED = module(CLOCKED, "logic r; always_ff @(posedge clk) if (rst) r <= 0; else r <= d; assign q = rst ? 1'b0 : r;")


@pytest.mark.parametrize(
    ("expected", "got", "outcome"),
    [
        (SYNCHRONOUS, SYNCHRONOUS, Outcome.PROVED),
        (ASYNCHRONOUS, ASYNCHRONOUS, Outcome.PROVED),
        # The false proof of a prototype: a synchronous reset with a masked output passes for an asynchronous one,
        # unless a reset pulse between clock edges is looked at.
        (ASYNCHRONOUS, MASKED, Outcome.REFUTED),
        (MASKED, ASYNCHRONOUS, Outcome.REFUTED),
        (SYNCHRONOUS, ASYNCHRONOUS, Outcome.REFUTED),
        (SYNCHRONOUS, SYNCHRONOUS.replace("posedge clk", "negedge clk"), Outcome.REFUTED),
        (ASYNCHRONOUS, ASYNCHRONOUS.replace("posedge rst", "negedge rst"), Outcome.REFUTED),
    ],
    ids=[
        "sync",
        "async",
        "masked-is-not-async",
        "async-is-not-masked",
        "sync-is-not-async",
        "other-clock-edge",
        "other-reset-edge",
    ],
)
def test_resets_and_edges(expected: str, got: str, outcome: Outcome) -> None:
    if "negedge rst" in got:
        got = got.replace("if (rst)", "if (!rst)")
    assert_outcome(verdict(expected, got), outcome)


def test_masked_reset_differs_between_edges_in_the_tick_model() -> None:
    found = verdict(ASYNCHRONOUS, MASKED)
    assert found.trace is not None
    assert found.trace.model == "tick"
    assert any(cycle.inputs[TICK] == "0" for cycle in found.trace.cycles)


def test_counter_without_reset_is_a_vacuous_reference() -> None:
    toggling = module("input clk, output logic q", "always_ff @(posedge clk) q <= ~q;")
    constant = module("input clk, output logic q", "assign q = 0;")
    with pytest.raises(ReferenceError_) as caught:
        verdict(toggling, constant)
    assert caught.value.code == "vacuous-reference"
    assert "q[0]" in caught.value.message


def test_same_design_is_proved_whatever_its_reference_leaves_open() -> None:
    toggling = module("input clk, output logic q", "always_ff @(posedge clk) q <= ~q;")
    found = verdict(toggling, toggling)
    assert_outcome(found, Outcome.PROVED)
    assert found.method == "structural"


def test_unknown_outputs_of_the_submission_are_not_right_by_luck() -> None:
    expected = module("input a, output logic y", "assign y = a;")
    assert_outcome(verdict(expected, module("input a, output logic y", "assign y = 1'bx;")), Outcome.REFUTED)
    assert_outcome(verdict(expected, module("input a, output logic y", "")), Outcome.REFUTED)


def test_any_answer_is_right_where_the_reference_is_unknown() -> None:
    expected = module(
        "input [1:0] s, output logic [1:0] y",
        "always_comb case (s) 0: y = 1; 1: y = 2; 2: y = 0; default: y = 'x; endcase",
    )
    got = module("input [1:0] s, output logic [1:0] y", "assign y = s[1] ? 2'd0 : s[0] ? 2'd2 : 2'd1;")
    assert_outcome(verdict(expected, got), Outcome.PROVED)
    assert_outcome(verdict(got, expected), Outcome.REFUTED)


COUNTER = "input clk, output logic [2:0] q"


def test_initial_values_count_only_where_the_task_says_so() -> None:
    counter = module(COUNTER, "initial q = 0; always_ff @(posedge clk) q <= q + 1;")
    free = verdict(counter, counter)
    assert_outcome(free, Outcome.REFUTED)
    assert [warning.code for warning in free.warnings if warning.code.startswith("prove.")] == ["prove.initial-ignored"]
    assert_outcome(verdict(counter, counter, power_up="initial"), Outcome.PROVED)
    other = counter.replace("q = 0", "q = 1")
    assert_outcome(verdict(counter, other, power_up="initial"), Outcome.REFUTED)


def test_extra_state_is_allowed() -> None:
    shift = module("input clk, input d, output logic q", "always_ff @(posedge clk) q <= d;")
    padded = module(
        "input clk, input d, output logic q",
        "logic [3:0] age; always_ff @(posedge clk) begin q <= d; age <= age + 1; end",
    )
    assert_outcome(verdict(shift, padded), Outcome.PROVED)


def test_state_encoded_otherwise_is_proved() -> None:
    ports = "input clk, input rst, input x, output logic z"
    binary = module(
        ports,
        """logic [1:0] s;
        always_ff @(posedge clk) if (rst) s <= 0; else case (s)
          0: s <= x ? 1 : 0; 1: s <= x ? 1 : 2; 2: s <= x ? 3 : 0; default: s <= x ? 1 : 2; endcase
        assign z = s == 3;""",
    )
    one_hot = module(
        ports,
        """logic [3:0] s;
        always_ff @(posedge clk) if (rst) s <= 4'b0001; else begin
          s[0] <= !x && (s[0] || s[2]); s[1] <= x && (s[0] || s[1] || s[3]);
          s[2] <= !x && (s[1] || s[3]); s[3] <= x && s[2]; end
        assign z = s[3];""",
    )
    # Some inputs bring the reference to a known state without a reset; a one-hot machine that woke up with no bit
    # set stays there. Whoever wants the reset to come first says so in the environment.
    assert_outcome(verdict(binary, one_hot), Outcome.REFUTED)
    reset_first = """module environment(input clk, input rst, output assume_ok);
      logic started = 0; always_ff @(posedge clk) started <= 1; assign assume_ok = started || rst; endmodule"""
    assert_outcome(verdict(binary, one_hot, environment=reset_first), Outcome.PROVED)
    wrong = one_hot.replace("s[3] <= x && s[2]", "s[3] <= x && s[1]")
    assert_outcome(verdict(binary, wrong, environment=reset_first), Outcome.REFUTED)


def test_register_of_another_name_is_proved() -> None:
    ports = "input clk, input rst, output logic [3:0] q"
    up = module(ports, "always_ff @(posedge clk) if (rst) q <= 0; else q <= q + 1;")
    down = module(ports, "logic [3:0] n; always_ff @(posedge clk) if (rst) n <= 15; else n <= n - 1; assign q = ~n;")
    assert_outcome(verdict(up, down), Outcome.PROVED)


def test_latch_is_no_multiplexer() -> None:
    ports = "input en, input d, output logic q"
    latch = module(ports, "always_latch if (en) q = d;")
    assert_outcome(verdict(latch, module(ports, "always @* if (en) q = d;")), Outcome.PROVED)
    assert_outcome(verdict(latch, module(ports, "assign q = en & d;")), Outcome.REFUTED)


def test_latch_made_by_omission_in_a_state_machine_is_refuted() -> None:
    ports = "input clk, input rst, input x, output logic z"
    body = """logic [1:0] s, n;
        always_comb case (s) 0: n = x ? 1 : 0; 1: n = x ? 2 : 0; %s default: n = 0; endcase
        always_ff @(posedge clk) if (rst) s <= 0; else s <= n;
        assign z = s == 2;"""
    expected = module(ports, body % "2: n = x ? 2 : 1;")
    got = module(ports, (body % "").replace("default: n = 0;", ""))
    assert_outcome(verdict(expected, got), Outcome.REFUTED)


def test_latch_made_by_omission_that_matters_late_is_refuted() -> None:
    ports = "input clk, input rst, input x, output logic z"
    chain = " ".join(f"{n}: n = {n + 1};" for n in range(1, 20))
    body = f"""logic [4:0] s, n;
        always_comb case (s) 0: n = x ? 1 : 0; {chain} 20: n = x ? 21 : 20; %s endcase
        always_ff @(posedge clk) if (rst) s <= 0; else s <= n;
        assign z = s == 2;"""
    expected = module(ports, body % "default: n = x ? 0 : 21;")
    # In state 21 nothing is assigned: n stays 21.
    found = verdict(expected, module(ports, body % ""))
    assert_outcome(found, Outcome.REFUTED)
    assert found.trace is not None
    assert 2 * 24 < len(found.trace.cycles) < 2 * 40


def test_incomplete_sensitivity_list_is_the_same_hardware() -> None:
    ports = "input a, input b, output logic y"
    expected = module(ports, "assign y = a & b;")
    got = module(ports, "always @(a) y = a & b;")
    assert_outcome(verdict(expected, got), Outcome.PROVED)


@pytest.mark.parametrize("operator", ["/", "%"])
def test_signed_division_rounds_towards_zero(operator: str) -> None:
    ports = "input signed [3:0] a, input signed [3:0] b, output logic signed [3:0] y"
    expected = module(ports, f"assign y = b == 0 ? 4'sd0 : a {operator} b;")
    restoring = module(
        ports,
        f"""logic [3:0] ua, ub, m;
        assign ua = a[3] ? -a : a; assign ub = b[3] ? -b : b; assign m = ua {operator} ub;
        assign y = b == 0 ? 4'd0 : {"(a[3] ^ b[3])" if operator == "/" else "a[3]"} ? -m : m;""",
    )
    assert_outcome(verdict(expected, restoring), Outcome.PROVED)
    unsigned = module(ports.replace("signed ", ""), f"assign y = b == 0 ? 4'd0 : a {operator} b;")
    assert_outcome(verdict(expected, unsigned), Outcome.REFUTED)


def test_wide_multiplication_of_sparse_operands() -> None:
    ports = "input [3:0] a, input [3:0] b, output logic [95:0] y"
    expected = module(ports, "assign y = {a, 76'd0} * {b, 12'd0};")
    got = module(ports, "logic [7:0] p; assign p = a * b; assign y = {p, 88'd0};")
    assert_outcome(verdict(expected, got), Outcome.PROVED)
    assert_outcome(verdict(expected, got.replace("88'd0", "88'd1")), Outcome.REFUTED)


def test_memory_is_compared_word_by_word() -> None:
    ports = "input clk, input we, input [1:0] a, input [2:0] d, output logic [2:0] q"
    array = module(ports, "logic [2:0] m [0:3]; always_ff @(posedge clk) if (we) m[a] <= d; assign q = m[a];")
    flat = module(
        ports,
        """logic [2:0] w, x, y, z;
        always_ff @(posedge clk) if (we) case (a) 0: w <= d; 1: x <= d; 2: y <= d; 3: z <= d; endcase
        always_comb case (a) 0: q = w; 1: q = x; 2: q = y; default: q = z; endcase""",
    )
    assert_outcome(verdict(array, flat), Outcome.PROVED)
    assert_outcome(verdict(array, flat.replace("2: y <= d", "2: z <= d")), Outcome.REFUTED)


def test_inout_is_value_enable_and_input() -> None:
    ports = "inout [1:0] io, input oe, input [1:0] d, output logic [1:0] q"
    expected = module(ports, "assign io = oe ? d : 2'bzz; assign q = io;")
    assert_outcome(verdict(expected, expected), Outcome.PROVED)
    always_on = module(ports, "assign io = oe ? d : 2'b00; assign q = io;")
    assert_outcome(verdict(expected, always_on), Outcome.REFUTED)
    wrong_value = module(ports, "assign io = oe ? ~d : 2'bzz; assign q = io;")
    assert_outcome(verdict(expected, wrong_value), Outcome.REFUTED)
    deaf = module(ports, "assign io = oe ? d : 2'bzz; assign q = d;")
    assert_outcome(verdict(expected, deaf), Outcome.REFUTED)


def test_structs_enums_and_arrays_on_ports() -> None:
    kinds = "typedef struct packed {logic [1:0] hi; logic lo;} pair_t; typedef enum logic [1:0] {A, B, C} kind_t;\n"
    expected = kinds + module(
        "input pair_t p, input kind_t k, input [1:0] w [0:1], output logic [1:0] y",
        "assign y = k == B ? p.hi : k == C ? w[1] : w[0];",
    )
    got = kinds + module(
        "input pair_t p, input kind_t k, input [1:0] w [0:1], output logic [1:0] y",
        "always_comb begin y = w[0]; if (k == B) y = p.hi; else if (k == C) y = w[1]; end",
    )
    assert_outcome(verdict(expected, got), Outcome.PROVED)
    assert_outcome(verdict(expected, got.replace("y = w[0];", "y = w[1];")), Outcome.REFUTED)


def test_clock_used_as_data_is_seen_edge_by_edge() -> None:
    ports = "input clk, input d, output logic q"
    expected = module(ports, "logic r; always_ff @(posedge clk) r <= d; assign q = clk ? r : 1'b0;")
    assert_outcome(verdict(expected, expected), Outcome.PROVED)
    got = module(ports, "logic r; always_ff @(posedge clk) r <= d; assign q = r;")
    found = verdict(expected, got)
    assert_outcome(found, Outcome.REFUTED)
    assert found.trace is not None
    assert found.trace.model == "global-step"


def test_divided_clock() -> None:
    ports = "input clk, input rst, output logic [1:0] q"
    ripple = module(
        ports,
        """always_ff @(posedge clk, posedge rst) if (rst) q[0] <= 0; else q[0] <= ~q[0];
        always_ff @(negedge q[0], posedge rst) if (rst) q[1] <= 0; else q[1] <= ~q[1];""",
    )
    straight = module(ports, "always_ff @(posedge clk, posedge rst) if (rst) q <= 0; else q <= q + 1;")
    assert_outcome(verdict(straight, ripple), Outcome.PROVED)
    assert_outcome(verdict(straight, ripple.replace("negedge q[0]", "posedge q[0]")), Outcome.REFUTED)


FIFO_PORTS = "input clk, input rst, input push, input pop, output logic [1:0] n, output logic full"
STRICT = module(
    FIFO_PORTS,
    "always_ff @(posedge clk) if (rst) n <= 0; else n <= n + push - pop; assign full = n == 3;",
)
GUARDED = module(
    FIFO_PORTS,
    """always_ff @(posedge clk) if (rst) n <= 0; else n <= n + (push && !full) - (pop && n != 0);
    assign full = n == 3;""",
)
RULES = module(
    "input push, input pop, input rst, input [1:0] n, input full, output assume_ok",
    "assign assume_ok = rst || (!(push && full) && !(pop && n == 0));",
    "environment",
)


def test_environment_limits_what_is_compared() -> None:
    assert_outcome(verdict(STRICT, GUARDED), Outcome.REFUTED)
    assert_outcome(verdict(STRICT, GUARDED, environment=RULES), Outcome.PROVED)
    wrong = GUARDED.replace("n == 3;", "n >= 2;")
    found = verdict(STRICT, wrong, environment=RULES)
    assert_outcome(found, Outcome.REFUTED)
    assert any("assume_ok" in assumption for assumption in found.assumptions)
    assert not any("compare_" in assumption for assumption in found.assumptions)


def test_environment_says_when_an_output_counts() -> None:
    ports = "input [1:0] a, output logic valid, output logic [1:0] y"
    expected = module(ports, "assign valid = a != 0; assign y = a - 1;")
    got = module(ports, "assign valid = |a; assign y = a == 0 ? 2'd0 : a - 2'd1;")
    rules = module("input valid, output compare_y", "assign compare_y = valid;", "environment")
    assert_outcome(verdict(expected, got), Outcome.REFUTED)
    assert_outcome(verdict(expected, got, environment=rules), Outcome.PROVED)


@pytest.mark.parametrize(
    ("rules", "code"),
    [
        (module("input push, output assume_ok", "assign assume_ok = 0;", "environment"), "environment-blocks"),
        (module("input psuh, output assume_ok", "assign assume_ok = 1;", "environment"), "environment-ports"),
        (module("input push, output ok", "assign ok = 1;", "environment"), "environment-ports"),
        (module("input [1:0] push, output assume_ok", "assign assume_ok = 1;", "environment"), "environment-ports"),
        (module("input push, output compare_zzz", "assign compare_zzz = 1;", "environment"), "environment-ports"),
    ],
)
def test_broken_environment_is_the_authors_fault(rules: str, code: str) -> None:
    with pytest.raises(ReferenceError_) as caught:
        verdict(STRICT, GUARDED, environment=rules)
    assert caught.value.code == code
    assert caught.value.exit_status == 65


@pytest.mark.parametrize(
    "rules",
    [
        "module environment(input valid, output compare_y); assign compare_y = 0; endmodule",
        "module environment(input valid, output compare_y); assign compare_y = valid & ~valid; endmodule",
        """module environment(input valid, output assume_ok, output compare_y);
          assign assume_ok = ~valid; assign compare_y = valid; endmodule""",
        """module environment(input clk, input valid, output compare_y); logic done = 0;
          always_ff @(posedge clk) if (done) done <= ~valid; assign compare_y = done; endmodule""",
    ],
)
def test_environment_that_never_compares_a_port_is_the_authors_fault(rules: str) -> None:
    expected = module("input clk, input valid, input a, output y", "assign y = a;")
    with pytest.raises(ReferenceError_) as caught:
        verdict(expected, expected, environment=rules)
    assert caught.value.code == "environment-hides"
    assert "compare_y" in caught.value.message


def test_environment_may_compare_late() -> None:
    rules = """module environment(input clk, input valid, output compare_y); logic [4:0] n = 0;
      always_ff @(posedge clk) n <= n + 1; assign compare_y = n == 31; endmodule"""
    expected = module("input clk, input valid, input a, output y", "assign y = a;")
    assert_outcome(verdict(expected, expected, environment=rules), Outcome.PROVED)
    wrong = expected.replace("= a", "= ~a")
    found = verdict(expected, wrong, environment=rules)
    assert_outcome(found, Outcome.REFUTED)
    assert found.trace is not None
    assert len(found.trace.cycles) == 32


def test_environment_with_state_that_blocks_later_is_found() -> None:
    rules = """module environment(input clk, input rst, output assume_ok);
      logic [1:0] age = 0; always_ff @(posedge clk) if (age != 3) age <= age + 1;
      assign assume_ok = age != 3; endmodule"""
    with pytest.raises(ReferenceError_) as caught:
        verdict(STRICT, GUARDED, environment=rules)
    assert caught.value.code == "environment-blocks"


def test_ports_are_compared_one_by_one() -> None:
    expected = module("input clk, input [3:0] data, input en, output logic [3:0] q", "assign q = en ? data : 0;")
    got = module("input clk, input [2:0] data, output enable, output logic [3:0] Q", "assign Q = data;")
    found = verdict(expected, got)
    assert_outcome(found, Outcome.REJECTED)
    codes = sorted((d.code, d.arguments["port"]) for d in found.diagnostics)
    assert codes == [
        ("prove.port-extra", "Q"),
        ("prove.port-extra", "enable"),
        ("prove.port-missing", "en"),
        ("prove.port-missing", "q"),
        ("prove.port-width", "data"),
    ]


def test_register_that_clears_itself_asynchronously_is_refused_on_both_sides() -> None:
    ports = "input clk, input rst, output logic [2:0] q"
    clearing = module(
        ports, "wire c = rst | (q == 5); always_ff @(posedge clk, posedge c) if (c) q <= 0; else q <= q + 1;"
    )
    wrapping = module(
        ports,
        "always_ff @(posedge clk, posedge rst) if (rst) q <= 0; else q <= q == 4 ? 0 : q + 1;",
    )
    assert_outcome(verdict(wrapping, clearing), Outcome.REJECTED)
    with pytest.raises(ReferenceError_) as caught:
        verdict(clearing, wrapping)
    assert caught.value.code == "reference-loop"


@pytest.mark.parametrize("polarity", ["if (rst) q <= ~q; else q <= d;", "if (rst) q <= q + 1; else q <= d;"])
def test_register_that_loads_itself_asynchronously_is_rejected(polarity: str) -> None:
    got = module(CLOCKED, f"always_ff @(posedge clk, posedge rst) {polarity}")
    found = verdict(ASYNCHRONOUS, got)
    assert_outcome(found, Outcome.REJECTED)
    assert [d.code for d in found.diagnostics] == ["prove.asynchronous-loop"]


def test_time_limit_is_named() -> None:
    ports = "input [15:0] a, input [15:0] b, output logic [31:0] y"
    expected = module(ports, "assign y = a * b;")
    from_the_top = module(
        ports, "always_comb begin y = 0; for (int i = 15; i >= 0; i--) y = (y << 1) + (b[i] ? a : 0); end"
    )
    found = verdict(expected, from_the_top, limits=Limits(time_s=1.0))
    assert_outcome(found, Outcome.UNDECIDED)
    assert found.limit_hit == "time"


def test_size_limit_is_named() -> None:
    text = module("input [31:0] a, input [31:0] b, output logic [31:0] y", "assign y = a / b;")
    found = verdict(text, text.replace("a / b", "b / a"), limits=Limits(aig_nodes=500))
    assert_outcome(found, Outcome.UNDECIDED)
    assert found.limit_hit == "aig_nodes"


def test_difference_hours_from_reset_is_found() -> None:
    ports = "input clk, input rst, input en, output logic [11:0] q"
    expected = module(ports, "always_ff @(posedge clk) if (rst) q <= 0; else if (en) q <= q + 1;")
    got = module(ports, "always_ff @(posedge clk) if (rst) q <= 0; else if (en) q <= q == 1500 ? 1502 : q + 1;")
    found = verdict(expected, got)
    assert_outcome(found, Outcome.REFUTED)
    assert found.bound == 1503


HOLDING = "input e, input d, output logic y"


@pytest.mark.parametrize(
    "holding",
    [
        module(HOLDING, "always_comb if (e) y = d;"),
        module(HOLDING, "assign y = e ? d : y;"),
        module(HOLDING, "wire s = ~(e & d), r = ~(e & ~d), n; assign y = ~(s & n); assign n = ~(r & y);"),
    ],
    ids=["always_comb", "assign", "nand-latch"],
)
def test_reference_that_holds_a_value_in_a_loop_is_not_anything(holding: str) -> None:
    assert_outcome(verdict(holding, module(HOLDING, "assign y = e & d;")), Outcome.REFUTED)
    assert_outcome(verdict(holding, holding), Outcome.PROVED)


def test_case_equality_is_certain_about_x() -> None:
    ports = "input clk, input en, input d, output y, output z"
    expected = module(ports, "logic q; always_ff @(posedge clk) if (en) q <= d; assign y = q === 1'bx; assign z = q;")
    never = module(ports, "logic q; always_ff @(posedge clk) if (en) q <= d; assign y = 0; assign z = q;")
    # The difference exists while q is x; the replay, which gives q a value, does not show it. Undecided, never proved.
    assert_outcome(verdict(expected, never), Outcome.UNDECIDED)


def test_environment_with_case_equality_is_read_three_valued() -> None:
    ports = "input clk, input go, output logic v"
    expected = module(ports, "always_ff @(posedge clk) v <= go;")
    rules = module("input v, output assume_ok", "assign assume_ok = v !== 1'b1;", "environment")
    other = module(ports, "logic w; always_ff @(posedge clk) w <= go; assign v = w & 1'b1;")
    assert_outcome(verdict(expected, other, environment=rules), Outcome.PROVED)


def test_bit_that_is_open_by_intention_is_a_warning() -> None:
    ports = "input [2:0] a, output logic [3:0] y"
    expected = module(ports, "always_comb begin y = a + 1; y[3] = 1'bx; end")
    found = verdict(expected, module(ports, "assign y = {1'b1, a + 3'd1};"))
    assert_outcome(found, Outcome.PROVED)
    assert [w.code for w in found.warnings if w.code.startswith("prove.")] == ["prove.reference-unknown"]


def test_submodules_do_not_turn_the_clock_into_data() -> None:
    ports = "input clk, input rst, input d, output logic q"
    expected = module(ports, "logic s; always_ff @(posedge clk) if (rst) {s, q} <= 0; else {q, s} <= {s, d};")
    got = module("input c, input r, input i, output logic o", "always_ff @(posedge c) o <= r ? 0 : i;", "stage")
    got += module(ports, "wire t; stage a(.c(clk), .r(rst), .i(d), .o(t)); stage b(.c(clk), .r(rst), .i(t), .o(q));")
    found = verdict(expected, got)
    assert_outcome(found, Outcome.PROVED)
    assert any("one step is one cycle" in text for text in found.assumptions)


def test_same_product_at_other_times_is_proved() -> None:
    ports = "input clk, input rst, input st, input [3:0] a, input [3:0] b, output logic [7:0] p, output logic done"
    serial = module(
        ports,
        """logic [3:0] x; logic [7:0] y; logic [2:0] n;
        always_ff @(posedge clk) if (rst) begin done <= 0; n <= 0; p <= 0; end
        else if (st) begin x <= a; y <= b; p <= 0; n <= 4; done <= 0; end
        else if (n != 0) begin if (x[0]) p <= p + y; x <= x >> 1; y <= y << 1; n <= n - 1; done <= n == 1; end""",
    )
    at_once = module(
        ports,
        """logic [7:0] r; logic [2:0] n;
        always_ff @(posedge clk) if (rst) begin done <= 0; n <= 0; p <= 0; end
        else if (st) begin r <= a * b; p <= 0; n <= 4; done <= 0; end
        else if (n != 0) begin n <= n - 1; done <= n == 1; p <= n == 1 ? r : p; end""",
    )
    rules = module("input done, output compare_p", "assign compare_p = done;", "environment")
    assert_outcome(verdict(serial, at_once, environment=rules), Outcome.PROVED)
    assert_outcome(verdict(serial, at_once.replace("a * b", "a * (b | 8)"), environment=rules), Outcome.REFUTED)


def test_reference_without_outputs_says_nothing() -> None:
    text = module("input a", "")
    with pytest.raises(ReferenceError_) as caught:
        verdict(text, text)
    assert caught.value.code == "no-outputs"


def test_pin_assigned_z_is_not_driven() -> None:
    ports = "input en, input d, inout p, output y"
    silent = module(ports, "assign p = 1'bz; assign y = p;")
    bare = module(ports, "assign y = p;")
    assert_outcome(verdict(silent, module(ports, "assign p = d; assign y = p;")), Outcome.REFUTED)
    assert_outcome(verdict(silent, bare), Outcome.PROVED)
    assert_outcome(verdict(bare, silent), Outcome.PROVED)
