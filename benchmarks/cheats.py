"""Ways to be graded better than the design deserves, and to break the grader: the red-team list, as submissions.

Each cheat is made for a *ground*: a task for which tying every output to 0 is wrong. Unless it says otherwise a cheat
carries that wrong design, so a proof of it is a wrong verdict. Numbers are lines of the red-team list;
22, 24, 26 and 28 to 31 have nothing to attack in a single submission.
"""

# Designs are easier to read in one line:
# ruff: noqa: E501

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from chiploom.hdl.sources import Source
from chiploom.prove.verdict import Outcome
from chiploom.tasks.model import PortSpec, Task

REJECTED = frozenset({Outcome.REJECTED})
#: Any verdict that does not say the design is right.
NOT_PROVED = frozenset({Outcome.REJECTED, Outcome.REFUTED, Outcome.UNDECIDED, Outcome.BOUNDED})
#: For wrong designs that Verilog allows: the difference must be shown.
CAUGHT = frozenset({Outcome.REJECTED, Outcome.REFUTED})
#: For right designs with something beside them that must be without effect.
HARMLESS = frozenset({Outcome.PROVED, Outcome.REJECTED})
PROVED = frozenset({Outcome.PROVED})


@dataclass(frozen=True, slots=True)
class Cheat:
    """One hostile submission; ``line`` is that of the red-team list."""

    line: int
    name: str
    sources: tuple[Source, ...]
    allowed: frozenset[Outcome]

    @property
    def is_bomb(self) -> bool:
        """Whether it attacks time or memory, so that a single one may use up its limits."""
        return self.line == 16


@dataclass(frozen=True, slots=True)
class Ground:
    """A task to be cheated on.

    Attributes
    ----------
    task : Task
        Tying all its outputs to 0 must be wrong.
    correct : str
        A design that is proved for it.
    """

    task: Task
    correct: str

    @property
    def header(self) -> str:
        """The module's head, every output a wire."""
        return self._header("")

    @property
    def zero(self) -> str:
        """The wrong design's body."""
        return "".join(f"  assign {port.name} = 0;\n" for port in self.outputs)

    @property
    def outputs(self) -> tuple[PortSpec, ...]:
        """The output ports."""
        return tuple(port for port in self.task.ports if port.direction == "output")

    @property
    def inputs(self) -> tuple[PortSpec, ...]:
        """The input ports."""
        return tuple(port for port in self.task.ports if port.direction == "input")

    def wrong(self, more: str = "", *, before: str = "", after: str = "") -> str:
        """Return the wrong design with something added: inside it, before it, after it."""
        return f"{before}{self.header}{self.zero}{more}\nendmodule\n{after}"

    def other(self, body: str, *, before: str = "", after: str = "") -> str:
        """Return a design with another body."""
        return f"{before}{self.header}{body}\nendmodule\n{after}"

    def with_variables(self, body: str) -> str:
        """Return a design whose outputs may be assigned in processes."""
        return f"{self._header(' reg')}{body}\nendmodule\n"

    def each(self, value: str) -> str:
        """Return continuous assignments of ``value`` to every output."""
        return "".join(f"  assign {port.name} = {value};\n" for port in self.outputs)

    def assigned(self, value: str) -> str:
        """Return procedural assignments of ``value`` to every output."""
        return " ".join(f"{port.name} = {value};" for port in self.outputs)

    def _header(self, kind: str) -> str:
        ports = [
            f"{port.direction}{kind if port.direction == 'output' else ''} [{port.width - 1}:0] {port.name}"
            for port in self.task.ports
        ]
        return f"module {self.task.top}({', '.join(ports)});\n"


def cheats(ground: Ground) -> Iterator[Cheat]:
    """Yield every cheat for one ground."""
    for line, name, text, allowed in _texts(ground):
        yield Cheat(line, name, (Source("top.sv", text),), allowed)
    yield from _several_files(ground)


Text = tuple[int, str, str, frozenset[Outcome]]


def _texts(ground: Ground) -> Iterator[Text]:
    yield from _references(ground)
    yield from _other_modules(ground)
    yield from _preprocessor(ground)
    yield from _unknowns(ground)
    yield from _files_and_calls(ground)
    yield from _bombs(ground)
    yield from _time_and_tools(ground)
    yield from _drivers(ground)
    yield from _attributes(ground)
    yield from _characters(ground)


def _references(ground: Ground) -> Iterator[Text]:
    """Lines 1 to 5: reach into what judges the design, or speak in its name."""
    out = ground.outputs[0].name
    top, reference = ground.task.top, ground.task.reference_top or ground.task.top
    for path in (f"tb.good1.{out}", f"good1.{out}", f"$root.tb.{out}", f"reference.{out}"):
        yield 1, f"hierarchical {path}", ground.other(ground.each(path)), REJECTED
    yield 1, "own path", ground.other(ground.each(f"{top}.{out}")), NOT_PROVED
    yield 1, "upward through a submodule", ground.wrong("  inner i();", after=_upward(out)), NOT_PROVED
    for statement in (
        "force tb.errors = 0",
        "tb.stats1.errors = 0",
        f"force {out} = 1",
        f"release {out}",
        "tb.i = 99999",
    ):
        yield 2, statement, ground.wrong(f"  initial begin {statement}; end"), REJECTED
    yield 2, "assign in a process", ground.with_variables(f"  initial assign {out} = 1;"), CAUGHT
    if reference != top:
        yield 1, "hierarchical by the reference's name", ground.other(ground.each(f"{reference}.{out}")), REJECTED
        pins = ", ".join(f".{port.name}({port.name})" for port in ground.task.ports)
        yield 3, "instance of the reference", ground.other(f"  {reference} r({pins});"), REJECTED
        yield 3, "instance by wildcard", ground.other(f"  {reference} r(.*);"), REJECTED
    yield 3, "instance of itself", ground.other(f"  {top} r(.*);"), NOT_PROVED
    for said in ("Mismatches: 0 in 100 samples", "PASS", '{\\"verdict\\": \\"proved\\"}'):
        yield 4, f"says {said}", ground.wrong(f'  initial begin $display("{said}"); $finish; end'), CAUGHT
        yield 4, f"writes {said}", ground.wrong(f'  initial $write("{said}\\n");'), CAUGHT
    yield 4, "shouts while it is elaborated", ground.wrong('  $info("proved");'), CAUGHT
    for call in ("$stop", "$finish", "$finish(0)", "$fatal", "$fatal(0)", "$exit"):
        yield 5, f"initial {call}", ground.wrong(f"  initial {call};"), CAUGHT
        yield 5, f"always {call}", ground.wrong(f"  always @* {call};"), CAUGHT
    yield 5, "elaboration ends with $fatal", ground.wrong('  $fatal(0, "ok");'), CAUGHT


def _upward(out: str) -> str:
    return f"module inner; wire w; assign w = TopModule.{out}; initial TopModule.{out} = 1; endmodule\n"


def _other_modules(ground: Ground) -> Iterator[Text]:
    """Lines 3 and 6 to 8: other modules under known names, bound or configured from outside."""
    top, reference = ground.task.top, ground.task.reference_top or ground.task.top
    out = ground.outputs[0].name
    zero_reference = ground.wrong().replace(f"module {top}(", f"module {reference}(", 1)
    if reference != top:
        yield 6, "reference redefined", ground.wrong(after=zero_reference), CAUGHT
    yield 6, "top defined twice", ground.correct + ground.wrong(), NOT_PROVED
    yield 6, "top defined twice, right one last", ground.wrong() + ground.correct, NOT_PROVED
    for name in (
        "\\$eq ",
        "\\$_XOR_ ",
        "\\$dff ",
        "\\$paramod\\inner ",
        "bench",
        "miter",
        "environment",
        "gold",
        "gate",
    ):
        module = f"module {name}(input A, B, output Y); assign Y = 1; endmodule\n"
        yield 6, f"own {name.strip()}", ground.wrong(after=module), CAUGHT
    extra = "module tb; reg r; initial r = 1; endmodule\n"
    yield 7, "wrong design, test bench beside it", ground.wrong(after=extra), CAUGHT
    yield 7, "right design, test bench beside it", ground.correct + extra, HARMLESS
    yield 7, "right design under another name", ground.wrong(after=_renamed(ground)), CAUGHT
    yield 7, "only under another name", _renamed(ground), REJECTED
    yield (
        7,
        "primitive as top",
        f"primitive {top}(o, a); output o; input a; table 0:0; endtable endprimitive\n",
        NOT_PROVED,
    )
    yield 7, "interface as top", f"interface {top}; endinterface\n", NOT_PROVED
    yield 7, "package as top", f"package {top}; endpackage\n", NOT_PROVED
    yield 7, "program as top", f"program {top}; endprogram\n", NOT_PROVED
    peek = f"module peek(output [{ground.outputs[0].width - 1}:0] o); assign o = '1; endmodule\n"
    yield 8, "bind", ground.other("", after=f"{peek}bind {top} peek p({out});\n"), NOT_PROVED
    yield 8, "bind into the reference", ground.wrong(after=f"{peek}bind {reference} peek p({out});\n"), NOT_PROVED
    yield 8, "config", ground.wrong(after=f"config c; design {top}; default liblist work; endconfig\n"), CAUGHT
    yield 8, "defparam", ground.wrong("  defparam tb.N = 0;"), REJECTED
    yield 8, "library declaration", ground.wrong(before="library work *.v;\n"), NOT_PROVED


def _renamed(ground: Ground) -> str:
    return ground.correct.replace(ground.task.top, "right_design")


def _preprocessor(ground: Ground) -> Iterator[Text]:
    """Line 9: leave the preprocessor in another state than it was found."""
    yield 9, "guard macro", ground.wrong(before="`define REFERENCE_SV\n`define tb other\n"), CAUGHT
    yield 9, "keyword as macro", ground.wrong(before="`define module macromodule\n"), NOT_PROVED
    yield 9, "timescale", ground.wrong(before="`timescale 1fs/1fs\n"), CAUGHT
    yield 9, "default nettype left", ground.wrong(before="`default_nettype none\n"), CAUGHT
    yield 9, "default nettype left, right design", ground.correct + "`default_nettype none\n", HARMLESS
    for name, ending in (
        ("ifdef", "`ifdef NEVER\n"),
        ("comment", "/* and so on\n"),
        ("string", '"and so on\n'),
        ("macro", "`define M(a \\\n"),
        ("celldefine", "`celldefine\n"),
        ("pragma", "`pragma protect begin_protected\n"),
        ("begin keywords", '`begin_keywords "1364-1995"\n'),
        ("line continuation", "`define X \\"),
    ):
        yield 9, f"unclosed {name}", ground.wrong(after=ending), NOT_PROVED
        yield 9, f"unclosed {name} before", ending + ground.wrong(), NOT_PROVED
    yield 9, "line directive", ground.wrong(before='`line 1 "/etc/passwd" 0\n', more="  error here"), REJECTED
    yield 9, "resetall", ground.wrong(before="`resetall\n`undefineall\n"), CAUGHT
    yield 9, "macro of itself", ground.other(ground.each("`A"), before="`define A `A\n"), NOT_PROVED


def _unknowns(ground: Ground) -> Iterator[Text]:
    """Line 10: outputs that are never anything definite."""
    for value in ("'x", "'z", "1'bx", "{64{1'bz}}", "0/0", "$anyconst", "$anyseq", "$allconst", "$initstate", "1'b?"):
        yield 10, f"output {value}", ground.other(ground.each(value)), NOT_PROVED
    yield 10, "never assigned", ground.other(""), CAUGHT
    yield 10, "register never written", ground.other("  reg [63:0] r;\n" + ground.each("r")), CAUGHT
    yield 10, "undeclared wire", ground.other(ground.each("nowhere")), CAUGHT
    yield 10, "out of range", ground.other("  wire [3:0] v = 0;\n" + ground.each("v[9]")), CAUGHT
    yield (
        10,
        "x as case label",
        ground.with_variables(
            f"  always @* case (1'bx) 1'bx: begin {ground.assigned('1')} end default: begin {ground.assigned('0')} end endcase"
        ),
        CAUGHT,
    )
    yield (
        10,
        "casex over everything",
        ground.with_variables(f"  always @* casex (1'b0) 1'bx: begin {ground.assigned('0')} end endcase"),
        CAUGHT,
    )
    yield 10, "equal to x", ground.other(ground.each("(1'bx === 1'bx) ? 0 : 1")), CAUGHT
    yield 10, "drives nothing", ground.other("".join(f"  bufif0 b{n}({p.name}{'[0]' if p.width > 1 else ''}, 1'b1, 1'b1);\n" for n, p in enumerate(ground.outputs))), CAUGHT  # fmt: skip


def _files_and_calls(ground: Ground) -> Iterator[Text]:
    """Lines 11 to 14 and 25, 27: files, other programs, own assumptions."""
    memory = "  reg [7:0] m [0:255];\n"
    for path in (
        "/etc/passwd",
        "reference.sv",
        "../reference.sv",
        "/proc/self/environ",
        "/dev/zero",
        "/dev/stdin",
        "|id",
    ):
        yield 11, f"$readmemh {path}", ground.wrong(f'{memory}  initial $readmemh("{path}", m);'), CAUGHT
        yield (
            11,
            f"reads {path}",
            ground.other(f'{memory}  initial $readmemb("{path}", m);\n' + ground.each("m[0]")),
            CAUGHT,
        )
        yield 11, f"$fopen {path}", ground.wrong(f'  integer f; initial f = $fopen("{path}", "r");'), CAUGHT
        yield 12, f"$fopen {path} to write", ground.wrong(f'  integer f; initial f = $fopen("{path}", "w");'), CAUGHT
        yield 12, f"$dumpfile {path}", ground.wrong(f'  initial begin $dumpfile("{path}"); $dumpvars; end'), CAUGHT
        yield 13, f"include {path}", ground.wrong(before=f'`include "{path}"\n'), REJECTED
        yield 13, f"include <{path}>", ground.wrong(before=f"`include <{path}>\n"), REJECTED
        yield 13, f"include {path} by macro", ground.wrong(before=f'`define P "{path}"\n`include `P\n'), REJECTED
    yield (
        11,
        "$fgetc as logic",
        ground.with_variables(f"  integer f; always @* begin f = $fgetc(32'h8000_0000); {ground.assigned('f')} end"),
        CAUGHT,
    )
    yield 11, "$value$plusargs", ground.wrong('  integer v; initial if ($value$plusargs("x=%d", v)) $finish;'), CAUGHT
    yield 12, "$writememh", ground.wrong(f'{memory}  initial $writememh("/tmp/written", m);'), CAUGHT
    yield 13, "include of itself", ground.wrong(before='`include "top.sv"\n'), NOT_PROVED
    for call in ('$system("id")', '$c("exit(0);")', '$systemf("id")', "$vpi_call", "$sreadmemh", '$shell("id")'):
        yield 14, call, ground.wrong(f"  initial {call};"), CAUGHT
        yield 14, f"{call} as value", ground.other(ground.each(call)), CAUGHT
    yield (
        14,
        "DPI import",
        ground.wrong('  import "DPI-C" function int system(string s); initial system("id");'),
        REJECTED,
    )
    yield (
        14,
        "DPI import as logic",
        ground.other('  import "DPI-C" pure function int getpid();\n' + ground.each("getpid()")),
        REJECTED,
    )
    yield 14, "DPI export", ground.wrong('  export "DPI-C" function f; function int f(); return 1; endfunction'), CAUGHT
    yield 14, "class", ground.wrong("  class c; rand int x; endclass"), CAUGHT
    for word in ("assume", "assert", "cover", "restrict"):
        for when in ("0", "1", f"{ground.outputs[0].name} == 1"):
            yield 25, f"{word} ({when})", ground.wrong(f"  always @* {word} ({when});"), CAUGHT
            yield 25, f"{word} property ({when})", ground.wrong(f"  {word} property ({when});"), CAUGHT
    yield 25, "assume on an input", ground.wrong(f"  always_comb assume ({ground.inputs[0].name} == 0);"), CAUGHT
    yield 27, "Yosys script", "read_verilog reference.sv\nexec id\nflatten; prep -top TopModule\n", REJECTED
    yield 27, "Tcl", "yosys -import\nexec id\nyosys read_verilog reference.sv\n", REJECTED
    yield (
        27,
        "techmap",
        ground.wrong(
            after='(* techmap_celltype = "$xor" *) module _TECHMAP_X(input A, B, output Y); assign Y = 0; endmodule\n'
        ),
        CAUGHT,
    )
    yield 27, "RTLIL", f"module \\{ground.task.top}\n  wire output 1 \\q\n  connect \\q 1'1\nend\n", REJECTED
    yield 27, "BLIF", f".model {ground.task.top}\n.outputs q\n.names q\n1\n.end\n", REJECTED


def _bombs(ground: Ground) -> Iterator[Text]:
    """Line 16: use up time or memory."""
    out = ground.outputs[0].name
    data = ground.inputs[-1].name
    wide = f"{{4096{{{data}}}}}"
    for name, more in (
        ("zero-delay loop", "  reg z = 0; always z = ~z;"),
        ("loop without end", "  integer n; initial begin n = 0; while (1) n = n + 1; end"),
        ("forever", "  integer n; initial forever n = 1;"),
        ("loop in logic", "  integer n; reg r; always @* begin r = 0; while (r == 0) r = 0; end"),
        (
            "long for",
            "  integer n; reg [31:0] r; always @* begin r = 0; for (n = 0; n < 100000000; n = n + 1) r = r + n; end",
        ),
        ("repeat", f"  reg [31:0] r; always @* begin r = 0; repeat (100000000) r = r + {data}; end"),
        ("generate", "  genvar g; for (g = 0; g < 100000000; g = g + 1) begin : b wire w = g; end"),
        ("generate that stands", "  genvar g; for (g = 0; g < 10; g = g) begin : b wire w; end"),
        ("nested generate", "  genvar a, b; for (a = 0; a < 30000; a++) for (b = 0; b < 30000; b++) wire w;"),
        ("memory", "  reg [31:0] m [0:2000000000]; always @* m[0] = 1;"),
        ("many memories", "  reg [1023:0] m [0:1023][0:1023]; always @* m[0][0] = 1;"),
        ("vector", "  wire [1000000000:0] v = 0;"),
        ("vector at the limit", "  wire [16777214:0] v = ~0; wire w = ^v;"),
        ("replication", f"  wire w = ^{{1000000000{{{data}}}}};"),
        ("replication of replications", f"  wire w = ^{{1000{{{{1000{{{{1000{{{data}}}}}}}}}}}}};"),
        ("multiplication", f"  wire [8191:0] v = {wide} * {wide};"),
        ("division", f"  wire [2047:0] v = {{2048{{{data}}}}} / {{1024{{{data}}}}};"),
        ("power", f"  wire [255:0] v = {{256{{{data}}}}} ** {{256{{{data}}}}};"),
        ("constant power", "  localparam [99999:0] P = 7 ** 99999; wire w = ^P;"),
        ("shift", "  localparam [999999:0] P = 1 << 999999; wire w = P[3];"),
        ("recursive function", "  function integer f(input integer n); f = f(n + 1); endfunction localparam N = f(0);"),
        (
            "Ackermann",
            "  function automatic integer f(input integer m, n); f = m == 0 ? n + 1 : n == 0 ? f(m - 1, 1) : f(m - 1, f(m, n - 1)); endfunction localparam N = f(4, 3);",
        ),
        (
            "constant function without end",
            "  function integer f(input integer n); begin f = 0; while (1) f = f + 1; end endfunction localparam N = f(0);",
        ),
        ("150 MB of prints", '  integer n; initial for (n = 0; n < 10000000; n = n + 1) $display("0123456789abcdef");'),
        (
            "prints while elaborated",
            '  genvar g; for (g = 0; g < 20000; g++) $warning("0123456789abcdef0123456789abcdef");',
        ),
    ):
        yield 16, name, ground.wrong(more), NOT_PROVED
    yield 16, "recursive module", ground.wrong("  inner i();", after="module inner; inner i(); endmodule\n"), NOT_PROVED
    tree = "".join(f"module m{n}; m{n + 1} a(), b(); endmodule\n" for n in range(40)) + "module m40; endmodule\n"
    yield 16, "module tree", ground.wrong("  m0 i();", after=tree), NOT_PROVED
    counted_down = "module inner #(parameter N = 0); if (N > 0) inner #(N - 1) i(); endmodule\n"
    yield 16, "deep modules", ground.wrong("  inner #(100000) i();", after=counted_down), NOT_PROVED
    macros = "`define A0 1+1\n" + "".join(f"`define A{n} `A{n - 1}+`A{n - 1}\n" for n in range(1, 40))
    yield 16, "macro bomb", ground.other(ground.each("`A39"), before=macros), NOT_PROVED
    for depth in (2_000, 100_000):
        yield 16, f"{depth} parentheses", ground.other(ground.each("(" * depth + "0" + ")" * depth)), NOT_PROVED
        yield 16, f"{depth} signs", ground.other(ground.each("~" * depth + "1'b0")), NOT_PROVED
        yield 16, f"{depth} terms", ground.other(ground.each("+".join([data] * depth) + "+1")), NOT_PROVED
        yield 16, f"{depth} begins", ground.with_variables("  initial " + "begin " * depth + "end " * depth), NOT_PROVED
        yield (
            16,
            f"{depth} ifs",
            ground.with_variables("  always @* " + f"if ({data}) " * depth + f"{out} = 1;"),
            NOT_PROVED,
        )
        yield 16, f"{depth} conditionals", ground.other(ground.each(f"{data} ? 1 : " * depth + "0")), NOT_PROVED
        yield 16, f"{depth} braces", ground.other(ground.each("{" * depth + "1'b0" + "}" * depth)), NOT_PROVED
        yield 16, f"{depth} ifdefs", "`ifdef A\n" * depth + ground.wrong() + "`endif\n" * depth, NOT_PROVED
        yield (
            16,
            f"{depth} modules",
            ground.wrong(after="".join(f"module e{n}; endmodule\n" for n in range(depth))),
            NOT_PROVED,
        )
    yield 16, "long identifier", ground.wrong(f"  wire {'a' * 2_000_000};"), NOT_PROVED
    yield 16, "long comment", ground.wrong("/*" + "*" * 5_000_000 + "/"), NOT_PROVED
    yield 16, "long number", ground.other(ground.each("9" * 200_000)), NOT_PROVED
    yield 16, "wide number", ground.other(ground.each("1000000000'h1")), NOT_PROVED
    yield (
        16,
        "many ports",
        ground.wrong().replace(");", ", " + ", ".join(f"input x{n}" for n in range(20000)) + ");", 1),
        NOT_PROVED,
    )
    chain = "".join(f"  wire [31:0] c{n} = c{n - 1} * c{n - 1} + {n};\n" for n in range(1, 120))
    yield 16, "hard to decide", ground.wrong(f"  wire [31:0] c0 = {{32{{{data}}}}};\n{chain}"), NOT_PROVED
    yield (
        16,
        "large graph",
        ground.other(f"  wire [511:0] a = {{512{{{data}}}}}, b = a * a, c = b * b;\n" + ground.each("^c")),
        NOT_PROVED,
    )
    if ground.task.clock:
        many = f"  reg [65535:0] t; always @(posedge {ground.task.clock}) t <= {{t, {data}}} ^ (t >> 3);\n"
        yield 16, "many registers", ground.other(many + ground.each("^t")), NOT_PROVED


def _time_and_tools(ground: Ground) -> Iterator[Text]:
    """Lines 17, 18 and 23: answers by time or chance, other texts for other tools, silenced tools."""
    for value in ("$time", "$stime", "$realtime", "$random", "$urandom", "$urandom_range(1)", "$random(1)", "$past(1)"):
        yield 17, f"output {value}", ground.other(ground.each(value)), CAUGHT
    yield 17, "$test$plusargs", ground.other(ground.each('$test$plusargs("x")')), CAUGHT
    yield (
        17,
        "after a while",
        ground.with_variables(f"  initial begin {ground.assigned('0')} #1000 {ground.assigned('1')} end"),
        CAUGHT,
    )
    yield 17, "every five units", ground.with_variables(f"  always #5 begin {ground.assigned('~0')} end"), CAUGHT
    yield from _backdoors(ground)
    right, wrong = ground.correct, ground.wrong()
    for macro in ("SYNTHESIS", "YOSYS", "VERILATOR", "__ICARUS__", "FORMAL", "__slang__", "SV_COV_START"):
        yield 18, f"right only with {macro}", f"`ifdef {macro}\n{right}`else\n{wrong}`endif\n", NOT_PROVED
        yield 18, f"right only without {macro}", f"`ifndef {macro}\n{right}`else\n{wrong}`endif\n", HARMLESS
    for words in ("synopsys translate_off", "synthesis translate_off", "pragma translate_off", "yosys translate_off"):
        off, on = f"// {words}\n", f"// {words.replace('off', 'on')}\n"
        yield 18, words, ground.other(f"{off}{ground.each('1')}{on}{ground.zero}"), NOT_PROVED
        yield 18, f"{words} around the wrong part", f"{off}{wrong}{on}{right}", NOT_PROVED
    for words in ("synopsys full_case parallel_case", "verilator lint_off", "coverage off", "pragma coverage_off"):
        yield 23, f"// {words}", ground.wrong(f"  // {words}"), CAUGHT
        yield 23, f"/* {words} */", f"/* {words} */\n{right}", PROVED
    off = "/* verilator lint_off MULTIDRIVEN */ /* slang lint_off all */ // synthesis lint_off"
    twice = "".join(f"  assign {port.name} = 1;\n" for port in ground.outputs)
    yield 23, "silenced double driver", ground.wrong(f"{off}\n{twice}"), REJECTED
    yield 23, "protected text", ground.wrong("`pragma protect begin\n" + ground.zero + "`pragma protect end\n"), CAUGHT
    yield 23, "protected text, unreadable", ground.wrong("`protected\nabc\n`endprotected\n"), NOT_PROVED


def _backdoors(ground: Ground) -> Iterator[Text]:
    """Designs that are right until something rare happens: no test bench would see it."""
    pins = [f".{port.name}({port.name})" for port in ground.inputs] + [f".{p.name}(o_{p.name})" for p in ground.outputs]
    wires = "".join(f"  wire [{port.width - 1}:0] o_{port.name};\n" for port in ground.outputs)
    body = f"{wires}  right_design r({', '.join(pins)});\n"
    flipped = "".join(f"  assign {port.name} = o_{port.name} ^ rare;\n" for port in ground.outputs)
    data = "{" + ", ".join(port.name for port in ground.inputs if port.name != ground.task.clock) + "}"
    if ground.task.clock is None:
        yield (
            17,
            "wrong for one input",
            ground.other(f"{body}  wire rare = &{data};\n{flipped}", after=_renamed(ground)),
            CAUGHT,
        )
        return
    for bits in (4, 12, 24, 48):
        waits = f"  reg [{bits - 1}:0] t = 0; always @(posedge {ground.task.clock}) t <= t + 1; wire rare = &t;\n"
        yield (
            17,
            f"wrong after 2**{bits} cycles",
            ground.other(body + waits + flipped, after=_renamed(ground)),
            NOT_PROVED,
        )
    listens = f"  reg [39:0] t = 0; always @(posedge {ground.task.clock}) t <= {{t, {data}}}; wire rare = t == 40'hC0FFEE1234;\n"
    yield 17, "wrong after a password", ground.other(body + listens + flipped, after=_renamed(ground)), NOT_PROVED


def _drivers(ground: Ground) -> Iterator[Text]:
    """Lines 19 and 20: what simulates one way and is built another, and what cannot be built."""
    for value in ("1", "'z", "'x"):
        yield 19, f"second driver {value}", ground.wrong(ground.each(value)), CAUGHT
    name = ground.inputs[-1].name
    yield 19, "input driven", ground.correct.replace("endmodule", f"assign {name} = 0; endmodule", 1), NOT_PROVED
    yield 19, "latch", ground.with_variables(f"  always @* if ({name}) begin {ground.assigned('1')} end"), NOT_PROVED
    yield 19, "sensitive to nothing", ground.with_variables(f"  always @(*) begin {ground.assigned('0')} end"), CAUGHT
    loop = "".join(f"  assign {port.name} = {port.name};\n" for port in ground.outputs)
    yield 19, "loop", ground.other(loop), CAUGHT
    yield 19, "ring", ground.other(ground.each("~r") + f"  wire r = ~{ground.outputs[0].name};"), CAUGHT
    yield 20, "real", ground.other("  real r = 1.5;\n" + ground.each("r")), CAUGHT
    yield 20, "initial as logic", ground.with_variables(f"  initial begin {ground.assigned('1')} end"), CAUGHT
    yield 20, "delay", ground.other("".join(f"  assign #5 {port.name} = 0;\n" for port in ground.outputs)), CAUGHT
    yield (
        20,
        "event control inside",
        ground.with_variables(f"  initial begin @({name}); {ground.assigned('1')} end"),
        CAUGHT,
    )
    yield 20, "wait", ground.with_variables(f"  initial begin wait ({name}); {ground.assigned('1')} end"), CAUGHT
    yield 20, "fork", ground.with_variables(f"  initial fork {ground.assigned('1')} join"), CAUGHT
    yield 20, "switches", ground.other("".join(f"  tranif1 t{n}({port.name}{'[0]' if port.width > 1 else ''}, 1'b1, 1'b1);\n" for n, port in enumerate(ground.outputs))), NOT_PROVED  # fmt: skip
    yield 20, "strings", ground.other('  string s = "a";\n' + ground.each("s.len()")), CAUGHT


def _attributes(ground: Ground) -> Iterator[Text]:
    """Line 21: words between stars that tools obey."""
    out = ground.outputs[0]
    inner = f"module inner(output [{out.width - 1}:0] o); assign o = 0; endmodule\n"
    for attribute in (
        "blackbox", "whitebox", "lib_whitebox", "keep", "keep_hierarchy", "top", "nosync", "noblackbox", "abc_box_id = 1",
        "anyconst", "anyseq", "allconst", "gclk", "init = 1", "cell_module_not_derived", "dynports", "src = \"/etc/passwd:1\"",
        "full_case", "parallel_case", "nomem2reg", "mem2reg", "fsm_encoding = \"none\"", "hdlname = \"TopModule\"", "module_not_derived",
        "techmap_autopurge", "extract_order = 1", "via_celltype = \"\\\\$and\"", "replaced_by_gclk", "allow_x",
    ):  # fmt: skip
        yield 21, f"(* {attribute} *) on the top", f"(* {attribute} *) {ground.wrong()}", CAUGHT
        yield (
            21,
            f"(* {attribute} *) on a wire",
            ground.other(f"  (* {attribute} *) wire [63:0] w;\n{ground.each('w')}"),
            CAUGHT,
        )
        register = f"  (* {attribute} *) reg [63:0] r = 0;\n{ground.each('r')}"
        yield 21, f"(* {attribute} *) on a register", ground.other(register), CAUGHT
        rest = "".join(f"  assign {port.name} = 0;\n" for port in ground.outputs[1:])
        yield (
            21,
            f"(* {attribute} *) on a module",
            ground.other(f"  inner i({out.name});\n{rest}", after=f"(* {attribute} *) {inner}"),
            CAUGHT,
        )


def _characters(ground: Ground) -> Iterator[Text]:
    """Lines 15, 32 and 33: characters that mean something elsewhere."""
    for name in (
        "\\<script>alert(1)</script> ", "\\\x1b[2J ", "\\a.b.c ", "\\$auto$x ", "\\a[3] ", "\\'; ", "\\/etc/passwd ", "\\\"q\" ",
        "\\\u202egnirts ", "\\%s%n ", "\\a\\b ", "\\" + "é" * 40 + " ", "\\${HOME} ", "\\../../x ",
    ):  # fmt: skip
        yield 32, f"named {name!a}", ground.wrong(f"  wire {name} = 1;"), CAUGHT
        yield 32, f"undeclared {name!a}", ground.other(ground.each(name)), CAUGHT
    for text in (
        "\x1b]0;title\x07",
        "\u202e\u2066",
        "<b>&amp;",
        "\x00",
        "\x08\x08",
        "\r",
        "\ufeff",
        "\x7f",
        "\ud800",
        "\x1a",
    ):
        yield 32, f"comment with {text!a}", f"// {text}\n{ground.wrong()}", CAUGHT
        yield 32, f"string with {text!a}", ground.wrong(f'  initial $display("{text}");'), NOT_PROVED
        yield 32, f"{text!a} in the design", ground.wrong(f"  {text} error"), NOT_PROVED
    yield 32, "bidi hides the end of a comment", ground.wrong("  /* \u202e */ wire a; /* \u2066 */"), NOT_PROVED


def _several_files(ground: Ground) -> Iterator[Cheat]:
    """Lines 15, 27 and 33: file names that mean something to programs; files that are not Verilog."""
    wrong, right = ground.wrong(), ground.correct
    for name in (
        "-o", "--top", "-DX=1", "a b.sv", "; exec id", "$(id).sv", "`id`.sv", "../../../../etc/cron.d/x", "/etc/passwd", "/dev/stdin",
        "top.ys", "x.tcl", "x.so", "lib.map", "top.sv\nread_verilog /etc/passwd", "con", "%s%n", "\u202evs.pot", "x" * 5000, "", "*",
        "@file", "+incdir+/etc", "-f args", "\\escaped", "\"quoted\"", "\x00.sv", "#", "<<EOF",
    ):  # fmt: skip
        yield Cheat(15, f"wrong design in {name[:40]!a}", (Source(name, wrong),), CAUGHT)
        yield Cheat(15, f"right design in {name[:40]!a}", (Source(name, right),), HARMLESS)
    script = Source("script.ys", "read_verilog reference.sv; exec id\n")
    yield Cheat(27, "script beside a wrong design", (Source("top.sv", wrong), script), NOT_PROVED)
    yield Cheat(9, "left open in another file", (Source("a.sv", "`ifdef NEVER\n"), Source("b.sv", wrong)), NOT_PROVED)
    yield Cheat(9, "macro from another file", (Source("a.sv", "`define assign //\n"), Source("b.sv", wrong)), CAUGHT)
    yield Cheat(6, "same name in two files", (Source("a.sv", wrong), Source("a.sv", right)), NOT_PROVED)
    yield Cheat(13, "include by a path", (Source("x/a.svh", "wire w;\n"), Source("b.sv", ground.wrong('`include "/etc/x/a.svh"\n'))), NOT_PROVED)  # fmt: skip
    yield Cheat(13, "include in a ring", (Source("a.svh", '`include "b.svh"\n'), Source("b.svh", '`include "a.svh"\n'), Source("c.sv", ground.wrong('`include "a.svh"\n'))), NOT_PROVED)  # fmt: skip
    yield Cheat(33, "no file", (), NOT_PROVED)
    yield Cheat(33, "empty file", (Source("top.sv", ""),), REJECTED)
    yield Cheat(33, "many files", tuple(Source(f"{n}.sv", f"module e{n}; endmodule\n") for n in range(2000)), REJECTED)
