"""Bounds on the text of a submission that hold before any front end builds trees from it.

The front ends work recursively on expressions and would run out of stack on a sum of tens of thousands of terms;
they evaluate wide constants at full width. Both end the process where Python cannot catch it, so such texts are
refused here, by slang's lexer. What macros build out of small pieces gets past this and is left to the resource
limits of the process.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pyslang
from pyslang import parsing, syntax

from chiploom.hdl.diagnostics import Diagnostic
from chiploom.hdl.locate import Locator, placed
from chiploom.hdl.names import names
from chiploom.hdl.preprocess import Unit
from chiploom.hdl.survey import Survey

MAX_CHARACTERS = 1_000_000
MAX_OPERATORS_IN_STATEMENT = 2_000
#: Each `else if` lies within the one before, and a statement's end between them does not end the chain.
MAX_ELSES_IN_MODULE = 8_000
MAX_LITERAL_BITS = 65_536

_LONG_STATEMENT_CHARACTERS = 2_000

_Kind = syntax.SyntaxKind
_Token = parsing.TokenKind

#: Tokens that add a level to an expression without adding one to the parser's own count.
_OPERATORS = frozenset(
    getattr(_Token, name)
    for name in names(
        """
        Plus Minus Star DoubleStar Slash Percent And DoubleAnd TripleAnd Or DoubleOr Xor XorTilde TildeXor TildeAnd
        TildeOr Equals DoubleEquals TripleEquals DoubleEqualsQuestion ExclamationEquals ExclamationDoubleEquals
        ExclamationEqualsQuestion LessThan LessThanEquals GreaterThan GreaterThanEquals LeftShift RightShift
        TripleLeftShift TripleRightShift Question DoubleColon OrKeyword AndKeyword IntersectKeyword MinusArrow
        DoubleHash IfKeyword ForKeyword CaseKeyword StructKeyword UnionKeyword ModuleKeyword EndModuleKeyword
        InsideKeyword WithinKeyword WithKeyword NotKeyword NextTimeKeyword SNextTimeKeyword Apostrophe
        """
    )
)

#: What a further index or member of the same name comes after; elsewhere a dot begins a named connection.
_ENDS_OF_OPERANDS = frozenset((_Token.CloseBracket, _Token.Identifier))


def oversized(parts: Sequence[Unit]) -> Iterator[Diagnostic]:
    """Yield an error for each unit whose text is too long or too deep to be read."""
    for unit in parts:
        if len(unit.text) > MAX_CHARACTERS:
            yield placed("hdl.text-too-long", "error", unit, unit.place(0), limit=str(MAX_CHARACTERS))
            continue
        offset = _deep_statement(unit)
        if offset is not None:
            yield placed("hdl.nesting-too-deep", "error", unit, unit.place(offset))


def wide_literals(found: Survey, locator: Locator) -> Iterator[Diagnostic]:
    """Yield an error for each literal or repetition written wider than any design needs."""
    for node in found.kept[_Kind.IntegerVectorExpression]:
        size = node.size.valueText.replace("_", "") if node.size else ""
        if size.isdecimal() and (len(size) > 9 or int(size) > MAX_LITERAL_BITS):
            yield locator.diagnostic("hdl.vector-too-wide", "error", node.sourceRange.start, bits=size)
    for node in found.kept[_Kind.MultipleConcatenationExpression]:
        count = str(node.expression).strip().replace("_", "")
        if count.isdecimal() and (len(count) > 9 or int(count) > MAX_LITERAL_BITS):
            yield locator.diagnostic("hdl.vector-too-wide", "error", node.sourceRange.start, bits=count)


def recursive_functions(found: Survey, locator: Locator) -> Iterator[Diagnostic]:
    """Yield an error for each function or task that calls itself, directly or by way of others."""
    calls: dict[str, set[str]] = {}
    nodes: dict[str, Any] = {}
    for kind in (_Kind.FunctionDeclaration, _Kind.TaskDeclaration):
        for node in found.kept[kind]:
            name = str(node.prototype.name).strip()
            calls.setdefault(name, set()).update(_called(node))
            nodes.setdefault(name, node)
    for name, node in nodes.items():
        reached: set[str] = set()
        waiting = list(calls[name])
        while waiting:
            callee = waiting.pop()
            if callee in calls and callee not in reached:
                reached.add(callee)
                waiting.extend(calls[callee])
        if name in reached:
            yield locator.diagnostic("hdl.recursive-function", "error", node.sourceRange.start, name=name)


def _called(function: Any) -> set[str]:
    called: set[str] = set()

    def visit(node: Any) -> None:
        if getattr(node, "kind", None) == _Kind.InvocationExpression:
            called.add(str(node.left).strip())

    function.visit(visit)
    return called


def _deep_statement(unit: Unit) -> int | None:
    """Return the byte offset of a statement with too many operators, None if there is none."""
    text = unit.text
    position = 0
    while text.count("else") <= MAX_ELSES_IN_MODULE:
        end = text.find(";", position)
        if (len(text) if end < 0 else end) - position > _LONG_STATEMENT_CHARACTERS:
            break
        if end < 0:
            return None
        position = end + 1
    manager = pyslang.SourceManager()
    options = parsing.LexerOptions()
    options.maxErrors = 1_000_000_000
    buffer = manager.assignText("guard", text)
    lexer = parsing.Lexer(buffer, pyslang.BumpAllocator(), pyslang.Diagnostics(), manager, options)
    count = start = elses = 0
    previous = _Token.Semicolon
    while True:
        token = lexer.lex()
        kind = token.kind
        if kind == _Token.EndOfFile:
            return None
        if kind == _Token.Semicolon:
            count, start = 0, token.location.offset + 1
        elif (
            kind in _OPERATORS
            or (kind == _Token.OpenBracket and previous == _Token.CloseBracket)
            or (kind == _Token.Dot and previous in _ENDS_OF_OPERANDS)
        ):
            count += 1
            if count > MAX_OPERATORS_IN_STATEMENT:
                return start
            if kind == _Token.EndModuleKeyword:
                elses = 0
        elif kind == _Token.ElseKeyword:
            elses += 1
            if elses > MAX_ELSES_IN_MODULE:
                return int(token.location.offset)
        previous = kind
