"""One walk over the syntax trees: which modules there are, and which constructs the policy has to look at.

The walk is Python calling into every node, so it is done once, and only nodes of interest are kept.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from pyslang import parsing, syntax

Kind = syntax.SyntaxKind


@dataclass(slots=True)
class Module:
    """A module of the design."""

    name: str
    node: Any
    parameters: tuple[str, ...] = ()
    instantiates: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Survey:
    """What the walk found.

    Attributes
    ----------
    modules : dict of str to Module
        In order of appearance; the first definition of a name.
    kept : dict of SyntaxKind to list of nodes
        The nodes of the kinds asked for.
    directives : list of nodes
        Preprocessor directives and macro uses that were active.
    inputs, inouts : set of str
        Names of input and inout ports of any module.
    """

    modules: dict[str, Module] = field(default_factory=dict)
    kept: dict[Any, list[Any]] = field(default_factory=dict)
    directives: list[Any] = field(default_factory=list)
    inputs: set[str] = field(default_factory=set)
    inouts: set[str] = field(default_factory=set)

    def uninstantiated(self) -> tuple[str, ...]:
        """Names of the modules that no other module instantiates."""
        used = {name for module in self.modules.values() for name in module.instantiates if name != module.name}
        return tuple(name for name in self.modules if name not in used)

    def reachable(self, top: str) -> set[str]:
        """Names of the modules in the hierarchy under ``top``, ``top`` included."""
        found: set[str] = set()
        waiting = [top]
        while waiting:
            name = waiting.pop()
            if name in found or name not in self.modules:
                continue
            found.add(name)
            waiting.extend(self.modules[name].instantiates)
        return found

    def within(self, modules: set[str], everywhere: frozenset[Any]) -> Survey:
        """Return the survey without the nodes inside other modules than ``modules``, kinds ``everywhere`` excepted."""
        if modules.issuperset(self.modules):
            return self
        kept = {
            kind: nodes if kind in everywhere else [node for node in nodes if _owner(node) in (None, *modules)]
            for kind, nodes in self.kept.items()
        }
        return Survey(self.modules, kept, self.directives, self.inputs, self.inouts)


def survey(roots: Sequence[Any], texts: Sequence[str], kinds: frozenset[Any]) -> Survey:
    """Walk the trees ``roots`` of the units ``texts``, keeping the nodes of ``kinds``."""
    found = Survey(kept={kind: [] for kind in kinds})
    for root, text in zip(roots, texts, strict=True):
        root.visit(_visitor(found, "`" in text))
    return found


def _visitor(found: Survey, with_directives: bool) -> Callable[[Any], None]:
    kept = found.kept
    current: Module | None = None
    token_type = parsing.Token

    def visit(node: Any) -> None:
        nonlocal current
        if type(node) is token_type:
            if with_directives:
                _directives(node, found)
            return
        kind = node.kind
        if kind in kept:
            kept[kind].append(node)
        if kind == Kind.ModuleDeclaration:
            name = node.header.name.valueText
            current = Module(name, node)
            found.modules.setdefault(name, current)
        elif kind == Kind.HierarchyInstantiation:
            if current is not None:
                current.instantiates.add(node.type.valueText)
        elif kind == Kind.ParameterDeclaration:
            if current is not None:
                _parameters(node, current)
        elif kind == Kind.ImplicitAnsiPort:
            _port(node.header, [node.declarator], found)
        elif kind == Kind.PortDeclaration:
            _port(node.header, node.declarators, found)

    return visit


def _owner(node: Any) -> str | None:
    """Return the name of the module a node stands in, None outside modules."""
    while node is not None:
        if node.kind == Kind.ModuleDeclaration:
            return str(node.header.name.valueText)
        node = node.parent
    return None


def _directives(token: Any, found: Survey) -> None:
    for trivia in token.trivia:
        if trivia.kind == parsing.TriviaKind.Directive:
            found.directives.append(trivia.syntax())


def _parameters(node: Any, module: Module) -> None:
    """With a ``#(...)`` list in the header, parameters in the body are local ones."""
    in_header = node.parent is not None and node.parent.kind == Kind.ParameterPortList
    if node.keyword.valueText == "localparam" or (not in_header and module.node.header.parameters is not None):
        return
    names = (d.name.valueText for d in node.declarators if d.kind == Kind.Declarator)
    module.parameters = (*module.parameters, *names)


def _port(header: Any, declarators: Any, found: Survey) -> None:
    direction = getattr(header, "direction", None)
    if direction is None:
        return
    if direction.kind == parsing.TokenKind.InputKeyword:
        names = found.inputs
    elif direction.kind == parsing.TokenKind.InOutKeyword:
        names = found.inouts
    else:
        return
    names.update(d.name.valueText for d in declarators if d.kind == Kind.Declarator)
