"""One module of Verilog under rewriting: its signals, and the questions every rule asks about it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import pyslang
from pyslang import ast, syntax
from pyslang.parsing import Token, TokenKind
from pyslang.syntax import SyntaxKind, SyntaxNode

from chiploom.tasks.syntax import Edit, Parsed, children, identifiers, walk


@dataclass(frozen=True, slots=True)
class Signal:
    """A plain vector of the module: its range as declared, whether signed, and its direction if it is a port."""

    name: str
    left: int
    right: int
    signed: bool
    direction: str | None

    @property
    def declaration(self) -> str:
        """Type and range, as in a declaration."""
        bounds = "" if (self.left, self.right) == (0, 0) else f" [{self.left}:{self.right}]"
        return f"logic{' signed' if self.signed else ''}{bounds}"

    @property
    def width(self) -> int:
        """Number of bits."""
        return abs(self.left - self.right) + 1


class Module:
    """The only module of a text, with its plain signals."""

    def __init__(self, text: str) -> None:
        self.parsed = Parsed(text)
        modules = self.parsed.modules()
        if len(modules) != 1 or self.parsed.has_errors:
            raise ValueError("not one module without errors")
        self.node = modules[0]
        self.name: str = self.node.header.name.valueText
        self.signals: dict[str, Signal] = {}
        self.parameters: set[str] = set()
        self._read_symbols(text)

    @property
    def text(self) -> str:
        """The text as it stands."""
        return self.parsed.text

    def members(self, *kinds: SyntaxKind) -> list[SyntaxNode]:
        """Return the module's items of the given kinds, generate blocks not entered."""
        return [m for m in children(self.node.members) if isinstance(m, SyntaxNode) and m.kind in kinds]

    def source(self, node: SyntaxNode | Token) -> str:
        """Return the text of ``node``."""
        return self.parsed.source(node)

    def fresh(self, name: str) -> str:
        """Return an identifier like ``name`` that the text does not use."""
        while re.search(rf"\b{name}\b", self.text):
            name += "_"
        return name

    def writers(self, name: str) -> list[SyntaxNode]:
        """Return the module's items that assign ``name``."""
        return [
            member
            for member in children(self.node.members)
            if isinstance(member, SyntaxNode) and name in written(member)
        ]

    def add(self, declarations: str) -> Edit:
        """Return the edit that puts ``declarations`` before the module's first item."""
        span = self.parsed.span(self.node.header.semi)
        assert span is not None
        return Edit(span[1], span[1], "\n" + declarations)

    def add_at_end(self, declarations: str) -> Edit:
        """Return the edit that puts ``declarations`` after the module's last item."""
        span = self.parsed.span(self.node.endmodule)
        assert span is not None
        return Edit(span[0], span[0], declarations)

    def _read_symbols(self, text: str) -> None:
        compilation = ast.Compilation()
        compilation.addSyntaxTree(syntax.SyntaxTree.fromText(text, pyslang.SourceManager(), "text"))
        for top in compilation.getRoot().topInstances:
            directions = {
                m.name: str(m.direction).rsplit(".", 1)[-1] for m in top.body if m.kind == ast.SymbolKind.Port
            }
            for member in top.body:
                if member.kind == ast.SymbolKind.Parameter:
                    self.parameters.add(member.name)
                elif member.kind in (ast.SymbolKind.Net, ast.SymbolKind.Variable) and member.type.isSimpleBitVector:
                    bounds = member.type.fixedRange
                    self.signals[member.name] = Signal(
                        member.name, bounds.left, bounds.right, member.type.isSigned, directions.get(member.name)
                    )


Rule = Callable[[Module], str | None]


ASSIGNMENTS = (SyntaxKind.AssignmentExpression, SyntaxKind.NonblockingAssignmentExpression)


ALWAYS = (
    SyntaxKind.AlwaysBlock,
    SyntaxKind.AlwaysCombBlock,
    SyntaxKind.AlwaysFFBlock,
    SyntaxKind.AlwaysLatchBlock,
)


def written(node: SyntaxNode) -> set[str]:
    """Return the names assigned anywhere below ``node``."""
    return {name for n in walk(node) if n.kind in ASSIGNMENTS for name in target_names(n.left)}


def target_names(left: SyntaxNode) -> list[str]:
    """Return the names an assignment's left side writes, without those in its indices."""
    return [token.valueText for token in target_tokens(left)]


def target_tokens(left: SyntaxNode) -> list[Token]:
    """Return the tokens of the names an assignment's left side writes."""
    if left.kind == SyntaxKind.IdentifierName:
        return [left.identifier]
    if left.kind == SyntaxKind.IdentifierSelectName:
        return [left.identifier]
    if left.kind == SyntaxKind.ConcatenationExpression:
        return [t for part in children(left) if isinstance(part, SyntaxNode) for t in target_tokens(part)]
    return []


def spliced(module: Module, node: SyntaxNode, edits: list[Edit]) -> str | None:
    """Return the text of ``node`` with ``edits`` made inside it."""
    span = module.parsed.span(node)
    if span is None:
        return None
    data, position, pieces = module.parsed.data, span[0], []
    for edit in sorted(set(edits)):
        if not span[0] <= edit.start <= edit.end <= span[1]:
            return None
        pieces += [data[position : edit.start].decode(), edit.text]
        position = edit.end
    return "".join([*pieces, data[position : span[1]].decode()])


def read_names(module: Module, node: SyntaxNode) -> list[str] | None:
    """Return the signals ``node`` mentions, parameters left out; None if it mentions anything else."""
    found: dict[str, None] = {}
    for token in identifiers(node):
        name = token.valueText
        if name in module.signals:
            found[name] = None
        elif name not in module.parameters:
            return None
    return list(found)


def has_initial(module: Module, names: set[str]) -> bool:
    """Whether one of ``names`` is given a value at power-up."""
    if any(names & written(item) for item in module.members(SyntaxKind.InitialBlock)):
        return True
    return any(
        n.kind == SyntaxKind.Declarator and n.initializer is not None and n.name.valueText in names
        for n in walk(module.node)
    )


def edges(node: SyntaxNode) -> list[SyntaxNode]:
    """Return the edges in the list of events of the process that ``node`` is or belongs to."""
    block: SyntaxNode | None = node
    while block is not None and block.kind not in (*ALWAYS, SyntaxKind.InitialBlock):
        block = block.parent
    if block is None:
        return []
    edges = (TokenKind.PosEdgeKeyword, TokenKind.NegEdgeKeyword)
    return [n for n in walk(block) if n.kind == SyntaxKind.SignalEventExpression and n.edge.kind in edges]


def below(node: SyntaxNode, kind: SyntaxKind, *, direct: bool = False) -> bool:
    """Tell whether ``node`` is within a ``kind``; with ``direct``, not looking beyond its own statement."""
    current = node.parent
    while current is not None:
        if current.kind == kind:
            return True
        if direct and current.kind == SyntaxKind.ExpressionStatement:
            return False
        current = current.parent
    return False


def outermost(edits: list[Edit]) -> list[Edit]:
    """Leave out edits within another one."""
    kept: list[Edit] = []
    for edit in sorted(edits, key=lambda e: (e.start, -e.end)):
        if not kept or edit.start >= kept[-1].end:
            kept.append(edit)
    return kept


def applied(module: Module, edits: list[Edit]) -> str | None:
    """Return the text after ``edits``, None where there are none."""
    return module.parsed.apply(edits) if edits else None


def edits_of(edit: Edit | None) -> list[Edit]:
    """Return the edit as a list, an empty one for a place that cannot be edited."""
    return [] if edit is None else [edit]
