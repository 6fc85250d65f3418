"""Texts that no learner would write, the same for the same seed."""

# Designs are easier to read in one line:
# ruff: noqa: E501

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from cheats import Ground, cheats
from chiploom.hdl.sources import Source
from chiploom.prove.verdict import Outcome

_TOKEN = re.compile(
    r"//[^\n]*|/\*.*?\*/|\"[^\"\n]*\"|[A-Za-z_$`][\w$]*|\d*'[sS]?[bodhBODH][\w?]+|\d+|<=|>=|==|\S|\s+", re.DOTALL
)
_COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)
_WORDS = [
    "module",
    "endmodule",
    "begin",
    "end",
    "if",
    "else",
    "case",
    "endcase",
    "casez",
    "always",
    "always_ff",
    "always_comb",
    "assign",
    "input",
    "output",
    "inout",
    "wire",
    "reg",
    "logic",
    "initial",
    "function",
    "endfunction",
    "task",
    "endtask",
    "generate",
    "endgenerate",
    "for",
    "while",
    "repeat",
    "forever",
    "posedge",
    "negedge",
    "or",
    "and",
    "not",
    "xor",
    "signed",
    "integer",
    "real",
    "genvar",
    "parameter",
    "localparam",
    "struct",
    "union",
    "enum",
    "typedef",
    "packed",
    "interface",
    "class",
    "package",
    "import",
    "export",
    "bind",
    "force",
    "release",
    "fork",
    "join",
    "disable",
    "wait",
    "primitive",
    "table",
    "specify",
    "config",
    "unique",
    "priority",
    "default",
    "$display",
    "$signed",
    "$clog2",
    "$finish",
    "$readmemh",
    "`define",
    "`ifdef",
    "`endif",
    "`include",
    "`A",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ";",
    ",",
    ".",
    ":",
    "?",
    "@",
    "#",
    "=",
    "<=",
    "==",
    "===",
    "!=",
    "&",
    "|",
    "^",
    "~",
    "!",
    "+",
    "-",
    "*",
    "/",
    "%",
    "**",
    "<<",
    ">>>",
    "'x",
    "'z",
    "1'b1",
    "8'hff",
    "'d0",
    "32'bx",
    "4294967296",
    "0",
    "1",
    "-1",
    '"',
    "\\",
    "/*",
    "*/",
    "//",
    "(*",
    "*)",
    "clk",
    "q",
    "d",
]


@dataclass(frozen=True, slots=True)
class Hostile:
    """One input.

    Attributes
    ----------
    kind, name : str
        How it was made, and from what.
    ground : Ground
        The task it is handed in for.
    allowed : frozenset of Outcome or None
        Verdicts that are right; None where that depends on what chance made of a correct design.
    """

    kind: str
    name: str
    ground: Ground
    sources: tuple[Source, ...]
    allowed: frozenset[Outcome] | None


Maker = Callable[[random.Random, Ground, Sequence[Ground]], str]


def fuzzed(grounds: Sequence[Ground], number: int, seed: int) -> Iterator[Hostile]:
    """Yield texts made from correct designs by chance, and texts made of nothing but chance."""
    chance = random.Random(seed)
    kinds = [*_MAKERS]
    for index in range(number):
        kind = kinds[index % len(kinds)]
        ground = chance.choice(grounds)
        text = _MAKERS[kind](chance, ground, grounds)
        yield Hostile(kind, f"{ground.task.id} {index}", ground, (Source("top.sv", text),), None)


def cheated(grounds: Sequence[Ground], number: int, seed: int, *, bombs: int) -> Iterator[Hostile]:
    """Yield every cheat at least once, then again on other grounds, up to ``number``; bombs on few grounds only."""
    chance = random.Random(seed)
    order = list(grounds)
    chance.shuffle(order)
    made = 0
    for turn, ground in enumerate(order):
        for cheat in cheats(ground):
            if made == number:
                return
            if cheat.is_bomb and turn >= bombs:
                continue
            made += 1
            name = f"{ground.task.id}: {cheat.name}"
            yield Hostile(f"line {cheat.line}", name, ground, cheat.sources, cheat.allowed)


def means_the_same(text: str, correct: str) -> bool:
    """Whether two texts differ at most in comments and space between words."""
    return _words(text) == _words(correct)


def _words(text: str) -> list[str]:
    return [word for word in _TOKEN.findall(_COMMENT.sub(" ", text)) if not word.isspace()]


def _bytes_changed(chance: random.Random, ground: Ground, _: Sequence[Ground]) -> str:
    data = bytearray(ground.correct.encode())
    for _ in range(chance.choice((1, 1, 2, 4, 16))):
        place = chance.randrange(len(data))
        action = chance.randrange(4)
        if action == 0:
            data[place] = chance.randrange(256)
        elif action == 1:
            data.insert(place, chance.randrange(256))
        elif action == 2 and len(data) > 1:
            del data[place]
        else:
            data[place] ^= 1 << chance.randrange(8)
    return data.decode(errors="replace")


def _truncated(chance: random.Random, ground: Ground, _: Sequence[Ground]) -> str:
    start = chance.choice((0, 0, 0, chance.randrange(len(ground.correct))))
    return ground.correct[start : start + chance.randrange(len(ground.correct))]


def _words_changed(chance: random.Random, ground: Ground, _: Sequence[Ground]) -> str:
    words = _TOKEN.findall(ground.correct)
    solid = [place for place, word in enumerate(words) if not word.isspace()]
    for _ in range(chance.choice((1, 1, 1, 2, 5))):
        place, other = chance.choice(solid), chance.choice(solid)
        action = chance.randrange(5)
        if action == 0:
            words[place] = chance.choice(_WORDS)
        elif action == 1:
            words[place] = ""
        elif action == 2:
            words[place] += " " + words[place]
        elif action == 3:
            words[place], words[other] = words[other], words[place]
        else:
            words[place] += f" {chance.choice(_WORDS)} "
    return "".join(words)


def _lines_changed(chance: random.Random, ground: Ground, grounds: Sequence[Ground]) -> str:
    lines = ground.correct.splitlines(keepends=True)
    others = chance.choice(grounds).correct.splitlines(keepends=True)
    for _ in range(chance.choice((1, 1, 2, 3))):
        place = chance.randrange(len(lines))
        action = chance.randrange(4)
        if action == 0 and len(lines) > 1:
            del lines[place]
        elif action == 1:
            lines.insert(place, chance.choice(others))
        elif action == 2:
            lines.insert(chance.randrange(len(lines)), lines[place])
        else:
            lines[place] = chance.choice(others)
    return "".join(lines)


def _spliced(chance: random.Random, ground: Ground, grounds: Sequence[Ground]) -> str:
    other = chance.choice(grounds).correct
    first, second = chance.randrange(len(ground.correct)), chance.randrange(len(other))
    return ground.correct[:first] + other[second:]


def _other_task(chance: random.Random, ground: Ground, grounds: Sequence[Ground]) -> str:
    return chance.choice(grounds).correct


def _noise(chance: random.Random, ground: Ground, _: Sequence[Ground]) -> str:
    data = chance.randbytes(chance.choice((1, 10, 100, 1000, 20000)))
    return data.decode(chance.choice(("latin-1", "utf-8")), errors="replace")


def _noise_inside(chance: random.Random, ground: Ground, _: Sequence[Ground]) -> str:
    place = chance.randrange(len(ground.correct))
    noise = "".join(
        chr(chance.choice((chance.randrange(32), chance.randrange(0x2000, 0x2100), 0xFEFF))) for _ in range(8)
    )
    return ground.correct[:place] + noise + ground.correct[place:]


def _word_salad(chance: random.Random, ground: Ground, _: Sequence[Ground]) -> str:
    salad = " ".join(chance.choices(_WORDS, k=chance.choice((5, 50, 500))))
    return chance.choice((salad, ground.other(salad), ground.wrong(salad)))


def _statements(chance: random.Random, ground: Ground, _: Sequence[Ground]) -> str:
    """Return a design whose grammar is right and whose meaning is nobody's."""
    names = [port.name for port in ground.task.ports] + ["r0", "r1", "m0"]
    out = [port.name for port in ground.outputs]

    def expression(depth: int) -> str:
        choice = chance.randrange(12 if depth else 3)
        if choice < 2:
            return chance.choice(names)
        if choice == 2:
            return chance.choice(("1'b1", "'x", "8'hA5", "-1", "32'd4000000000", "4'b1?0z", "'0", "1.5"))
        if choice < 7:
            operator = chance.choice(
                ("+", "-", "*", "/", "%", "**", "&", "|", "^", "==", "===", "<", ">>>", "<<", "&&", "||")
            )
            return f"({expression(depth - 1)} {operator} {expression(depth - 1)})"
        if choice == 7:
            return f"{chance.choice(('~', '!', '-', '^', '&', '$signed', '$clog2', '$countones'))}({expression(depth - 1)})"
        if choice == 8:
            return f"({expression(depth - 1)} ? {expression(depth - 1)} : {expression(depth - 1)})"
        if choice == 9:
            return f"{{{chance.choice((1, 2, 7, 0))}{{{expression(depth - 1)}}}}}"
        if choice == 10:
            return f"{chance.choice(names)}[{expression(depth - 1)}{chance.choice(('', ':0', '+:2', '-:1'))}]"
        return f"{{{expression(depth - 1)}, {expression(depth - 1)}}}"

    def statement(depth: int) -> str:
        choice = chance.randrange(7 if depth else 2)
        if choice < 2:
            return f"{chance.choice([*out, 'r0', 'r1', 'm0[r1]'])} {chance.choice(('=', '<='))} {expression(2)};"
        if choice == 2:
            return f"if ({expression(1)}) {statement(depth - 1)} else {statement(depth - 1)}"
        if choice == 3:
            return f"begin {statement(depth - 1)} {statement(depth - 1)} end"
        if choice == 4:
            return f"case ({expression(1)}) {expression(0)}: {statement(depth - 1)} default: {statement(depth - 1)} endcase"
        if choice == 5:
            return f"for (int i = 0; i < {chance.choice((2, 9, 300))}; i = i + 1) {statement(depth - 1)}"
        return f"repeat ({chance.choice((1, 3, 20))}) {statement(depth - 1)}"

    sensitivity = ["@*", f"@({names[0]})", f"@(posedge {names[0]})", f"@(posedge {names[0]} or negedge {names[-4]})"]
    body = "  reg [7:0] r0, r1; reg [3:0] m0 [0:3];\n"
    for _ in range(chance.randrange(1, 4)):
        body += f"  always {chance.choice(sensitivity)} {statement(3)}\n"
    return ground.with_variables(body)


def _repeated(chance: random.Random, ground: Ground, _: Sequence[Ground]) -> str:
    start = chance.randrange(len(ground.correct))
    piece = ground.correct[start : start + chance.randrange(1, 40)]
    return ground.correct[:start] + piece * chance.choice((2, 10, 1000)) + ground.correct[start:]


_MAKERS: dict[str, Maker] = {
    "bytes changed": _bytes_changed,
    "truncated": _truncated,
    "words changed": _words_changed,
    "lines changed": _lines_changed,
    "two designs spliced": _spliced,
    "another task's design": _other_task,
    "noise": _noise,
    "noise inside": _noise_inside,
    "word salad": _word_salad,
    "grammar without sense": _statements,
    "pieces repeated": _repeated,
}
