"""Editing Verilog text at the places its syntax tree names, so that everything else stays as the author wrote it.

Used on authors' texts only (references and their like): what learners hand in is parsed inside the box.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import pyslang
from pyslang import syntax
from pyslang.parsing import Token, TokenKind
from pyslang.syntax import SyntaxKind, SyntaxNode

from chiploom.hdl.sources import Source

#: A node of the syntax tree. Its fields depend on its kind, which the checker of types cannot see.
Node: TypeAlias = Any


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """Replace bytes ``start`` to ``end`` of a UTF-8 text by ``text``."""

    start: int
    end: int
    text: str


class Parsed:
    """A text with its syntax tree.

    Parameters
    ----------
    text : str
        Verilog text; need not be without errors.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.data = text.encode()
        # A source manager of its own: the default one keeps every text it ever saw.
        self._manager = pyslang.SourceManager()
        self._tree = syntax.SyntaxTree.fromText(text, self._manager, "text")
        self.root: Node = self._tree.root

    @property
    def has_errors(self) -> bool:
        """Whether the parser found an error."""
        return any(diagnostic.isError() for diagnostic in self._tree.diagnostics)

    def modules(self) -> tuple[Node, ...]:
        """Return the module declarations, in order."""
        return tuple(node for node in walk(self.root) if node.kind == SyntaxKind.ModuleDeclaration)

    def span(self, node: Node) -> tuple[int, int] | None:
        """Return where ``node`` stands in the text, without leading space; None inside a macro's expansion."""
        bounds = node.range if isinstance(node, Token) else node.sourceRange
        if not (self._manager.isFileLoc(bounds.start) and self._manager.isFileLoc(bounds.end)):
            return None
        if bounds.start.buffer != bounds.end.buffer or bounds.end.offset < bounds.start.offset:
            return None
        return bounds.start.offset, bounds.end.offset

    def source(self, node: Node) -> str:
        """Return the text of ``node`` as written; its expansion where it comes from a macro."""
        span = self.span(node)
        return str(node).strip() if span is None else self.data[span[0] : span[1]].decode()

    def line(self, offset: int) -> int:
        """Return the line, from 1, of a byte offset."""
        return self.data.count(b"\n", 0, offset) + 1

    def replace(self, node: Node, text: str) -> Edit | None:
        """Return the edit that puts ``text`` in the place of ``node``; None where there is no such place."""
        span = self.span(node)
        return None if span is None else Edit(span[0], span[1], text)

    def apply(self, edits: Iterable[Edit]) -> str:
        """Return the text after ``edits``, which must not overlap."""
        pieces: list[bytes] = []
        position = 0
        for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
            if edit.start < position:
                raise ValueError(f"edits overlap at byte {edit.start}")
            pieces += [self.data[position : edit.start], edit.text.encode()]
            position = edit.end
        return b"".join([*pieces, self.data[position:]]).decode()


def children(node: Node) -> list[Node]:
    """Return the nodes and tokens directly below ``node``; empty places are left out."""
    return [child for child in node if isinstance(child, (SyntaxNode, Token))]


def walk(node: Node) -> Iterator[Node]:
    """Yield ``node`` and all syntax nodes below it, outermost first, in the order of the text."""
    stack = [node]
    while stack:
        current = stack.pop()
        yield current
        stack.extend(child for child in reversed(children(current)) if isinstance(child, SyntaxNode))


def tokens(node: Node) -> Iterator[Token]:
    """Yield the tokens below ``node`` in the order of the text."""
    for child in children(node):
        if isinstance(child, Token):
            yield child
        elif isinstance(child, SyntaxNode):
            yield from tokens(child)


def identifiers(node: Node) -> Iterator[Token]:
    """Yield the identifier tokens below ``node``."""
    return (token for token in tokens(node) if token.kind == TokenKind.Identifier)


def with_parameters(sources: tuple[Source, ...], top: str, values: Mapping[str, int]) -> tuple[Source, ...]:
    """Return ``sources`` with the parameters of module ``top`` set to ``values``; names it lacks are passed over.

    The numbers are written into the text, so that the result is a design like any other: it can be elaborated,
    mutated or handed in without a parameter override.
    """
    if not values:
        return sources
    return tuple(Source(source.name, _with_parameters(source.text, top, values)) for source in sources)


def renamed_module(text: str, old: str, new: str) -> str:
    """Return ``text`` with module ``old`` called ``new``, where it is declared and where it is instantiated."""
    parsed = Parsed(text)
    named = [
        token
        for node in walk(parsed.root)
        for token in _module_name_tokens(node)
        if token.kind == TokenKind.Identifier and token.valueText == old
    ]
    return parsed.apply({edit for token in named if (edit := parsed.replace(token, new)) is not None})


def _module_name_tokens(node: Node) -> list[Token]:
    if node.kind == SyntaxKind.ModuleDeclaration:
        label = node.blockName
        return [node.header.name, *([label.name] if label is not None else [])]
    if node.kind == SyntaxKind.HierarchyInstantiation:
        return [node.type]
    return []


def _with_parameters(text: str, top: str, values: Mapping[str, int]) -> str:
    parsed = Parsed(text)
    edits: list[Edit] = []
    for module in parsed.modules():
        if module.header.name.valueText != top:
            continue
        for declarator in _parameter_declarators(module):
            name = declarator.name.valueText
            initializer = declarator.initializer
            if name in values and initializer is not None:
                edit = parsed.replace(initializer.expr, str(values[name]))
                edits += [edit] if edit is not None else []
    return parsed.apply(edits)


def _parameter_declarators(module: Node) -> Iterator[Node]:
    for node in walk(module):
        if node.kind != SyntaxKind.ParameterDeclaration or node.getFirstToken().kind == TokenKind.LocalParamKeyword:
            continue
        yield from (child for child in walk(node) if child.kind == SyntaxKind.Declarator)
