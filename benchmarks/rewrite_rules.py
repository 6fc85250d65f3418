"""Rules that turn a synthesisable module into another with the same behaviour, each correct by construction.

A rule is a function from a :class:`Module` to the new text, or None where it does not apply. Rules never guess: where
a condition of correctness cannot be read off the syntax tree, they do not apply.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pyslang
from pyslang import ast, syntax
from pyslang.parsing import Token, TokenKind
from pyslang.syntax import SyntaxKind, SyntaxNode

from chiploom.tasks.syntax import Edit, Parsed, children, identifiers, tokens, walk


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


def normalised(module: Module) -> str | None:
    """Declare every signal as ``logic``, so that any process may drive it."""
    edits: list[Edit] = []
    parsed = module.parsed
    for token in tokens(module.node):
        if token.kind == TokenKind.RegKeyword:
            edits += _edit(parsed.replace(token, "logic"))
    for node in walk(module.node):
        if node.kind == SyntaxKind.NetDeclaration and not any(
            n.kind == SyntaxKind.EqualsValueClause for n in walk(node)
        ):
            keyword = node.netType
            has_type = any(t.kind in (TokenKind.LogicKeyword, TokenKind.RegKeyword) for t in tokens(node))
            edits += _edit(parsed.replace(keyword, "" if has_type else "logic"))
        elif node.kind in (SyntaxKind.VariablePortHeader, SyntaxKind.NetPortHeader):
            edits += _variable_port(parsed, node)
    return parsed.apply(edits)


def _variable_port(parsed: Parsed, header: SyntaxNode) -> list[Edit]:
    words = [token for token in tokens(header) if token.valueText]
    kinds = {token.kind for token in words}
    if words[0].kind != TokenKind.OutputKeyword or kinds & {TokenKind.LogicKeyword, TokenKind.RegKeyword}:
        return []
    wire = next((token for token in words if token.kind == TokenKind.WireKeyword), None)
    if wire is not None:
        return _edit(parsed.replace(wire, "logic"))
    span = parsed.span(words[0])
    return [Edit(span[1], span[1], " logic")] if span else []


def renamed(module: Module) -> str | None:
    """Give every internal name another one."""
    ports = {signal.name for signal in module.signals.values() if signal.direction}
    declared: list[str] = []
    for node in walk(module.node):
        if node.kind == SyntaxKind.Declarator and not _below(node, SyntaxKind.AnsiPortList):
            declared.append(node.name.valueText)
        elif node.kind == SyntaxKind.FunctionDeclaration:
            return None
    names = [name for name in dict.fromkeys(declared) if name not in ports]
    if not names or any(n.kind in (SyntaxKind.NamedPortConnection, SyntaxKind.ScopedName) for n in walk(module.node)):
        return None
    new = {name: module.fresh(f"n{len(names) - index}_{name[::-1]}") for index, name in enumerate(names)}
    edits = [module.parsed.replace(t, new[t.valueText]) for t in identifiers(module.node) if t.valueText in new]
    return module.parsed.apply({edit for edit in edits if edit is not None})


def reencoded(module: Module) -> str | None:
    """Give the states of a machine the same codes in reverse order."""
    return _with_codes(module, lambda values: list(reversed(values)))


def _with_codes(module: Module, permute: Callable[[list[int]], list[int]]) -> str | None:
    declarations = [
        node
        for node in walk(module.node)
        if node.kind == SyntaxKind.ParameterDeclaration and not _below(node, SyntaxKind.ParameterPortList)
    ]
    expressions: dict[str, SyntaxNode] = {}
    for declaration in declarations:
        for declarator in (n for n in walk(declaration) if n.kind == SyntaxKind.Declarator):
            expressions[declarator.name.valueText] = declarator.initializer.expr
    values = [_number(module.source(expression)) for expression in expressions.values()]
    numbers = [value for value in values if value is not None]
    if len(numbers) < 2 or len(numbers) < len(values) or len(set(numbers)) < len(numbers):
        return None
    if not _only_symbolic(module, set(expressions)):
        return None
    changed = permute(numbers)
    edits = [
        module.parsed.replace(expression, str(value))
        for expression, value in zip(expressions.values(), changed, strict=True)
    ]
    return module.parsed.apply(edit for edit in edits if edit is not None)


def _only_symbolic(module: Module, codes: set[str]) -> bool:
    """Whether the variables that hold ``codes`` are internal and used by name only: never as numbers, never by bit."""
    holders = {
        name
        for node in walk(module.node)
        if node.kind in ASSIGNMENTS and any(t.valueText in codes for t in identifiers(node.right))
        for name in _plain_target(node, codes)
    }
    changed = True
    while changed:
        copies = {
            name
            for node in walk(module.node)
            if node.kind in ASSIGNMENTS and module.source(node.right) in holders
            for name in target_names(node.left)
        }
        changed = not copies <= holders
        holders |= copies
    if not holders or any(name not in module.signals or module.signals[name].direction is not None for name in holders):
        return False
    return all(
        _symbolic_place(module, token, codes | holders, holders, codes) for token in _uses(module, codes | holders)
    )


def _plain_target(node: SyntaxNode, codes: set[str]) -> list[str]:
    return target_names(node.left) if _is_code_value(node.right, codes) else []


def _is_code_value(node: SyntaxNode, codes: set[str]) -> bool:
    """Whether an expression is a code, a choice between codes, or x."""
    if node.kind == SyntaxKind.IdentifierName:
        return node.identifier.valueText in codes
    if node.kind == SyntaxKind.ConditionalExpression:
        return _is_code_value(node.left, codes) and _is_code_value(node.right, codes)
    if node.kind == SyntaxKind.ParenthesizedExpression:
        return _is_code_value(node.expression, codes)
    return str(node).strip().lower() in ("'x", "1'bx", "1'hx")


def _uses(module: Module, names: set[str]) -> Iterator[SyntaxNode]:
    for node in walk(module.node):
        if (
            node.kind in (SyntaxKind.IdentifierName, SyntaxKind.IdentifierSelectName)
            and node.identifier.valueText in names
        ):
            yield node


def _symbolic_place(module: Module, node: SyntaxNode, symbols: set[str], holders: set[str], codes: set[str]) -> bool:
    if node.kind == SyntaxKind.IdentifierSelectName:
        return False
    parent = node.parent
    while parent is not None and parent.kind == SyntaxKind.ParenthesizedExpression:
        node, parent = parent, parent.parent
    if parent is None:
        return False
    if parent.kind in (SyntaxKind.EqualityExpression, SyntaxKind.InequalityExpression):
        return all(module.source(side) in symbols for side in (parent.left, parent.right))
    if parent.kind in (SyntaxKind.CaseStatement, SyntaxKind.StandardCaseItem):
        return True
    if parent.kind == SyntaxKind.ConditionalExpression:
        return parent.predicate.sourceRange != node.sourceRange and _lands_in(parent, holders, codes)
    if parent.kind in ASSIGNMENTS:
        left = parent.left
        value = parent.right
        plain = left.kind == SyntaxKind.IdentifierName and left.identifier.valueText in holders
        return plain and (_is_code_value(value, symbols))
    # `always @(state)`: a list of what to wait for is no use as a number.
    return parent.kind == SyntaxKind.SignalEventExpression


def _lands_in(node: SyntaxNode, holders: set[str], codes: set[str]) -> bool:
    current: SyntaxNode | None = node
    while current is not None and current.kind in (
        SyntaxKind.ConditionalExpression,
        SyntaxKind.ParenthesizedExpression,
    ):
        current = current.parent
    if current is None or current.kind not in ASSIGNMENTS:
        return False
    left = current.left
    whole = left.kind == SyntaxKind.IdentifierName and left.identifier.valueText in holders
    return whole and _is_code_value(current.right, codes | holders)


def if_to_conditional(module: Module) -> str | None:
    """Write ``if (c) x = a; else x = b;`` as ``x = c ? a : b;``."""
    edits: list[Edit] = []
    for node in walk(module.node):
        if node.kind != SyntaxKind.ConditionalStatement or node.elseClause is None:
            continue
        # Several edges: tools tell the asynchronous reset by its `if ... else`.
        if len(_edges(node)) > 1:
            continue
        then, otherwise = _only(node.statement), _only(node.elseClause.clause)
        if then is None or otherwise is None or then.kind != otherwise.kind:
            continue
        left = module.source(then.left)
        if left != module.source(otherwise.left) or not _safe_arm(module, then) or not _safe_arm(module, otherwise):
            continue
        condition = module.source(node.predicate)
        operator = module.source(then.operatorToken)
        text = f"{left} {operator} ({condition}) ? ({module.source(then.right)}) : ({module.source(otherwise.right)});"
        edits += _edit(module.parsed.replace(node, text))
    return _applied(module, _outermost(edits))


def conditional_to_if(module: Module) -> str | None:
    """Write ``assign x = c ? a : b;`` as a process with an ``if``."""
    edits: list[Edit] = []
    for item in module.members(SyntaxKind.ContinuousAssign):
        found = [n for n in walk(item) if n.kind == SyntaxKind.AssignmentExpression]
        if len(found) != 1 or _bare(found[0].right).kind != SyntaxKind.ConditionalExpression:
            continue
        left, choice = found[0].left, _bare(found[0].right)
        if left.kind != SyntaxKind.IdentifierName or len(module.writers(module.source(left))) != 1:
            continue
        if not (_no_widening(module, choice.left) and _no_widening(module, choice.right)):
            continue
        name, condition = module.source(left), module.source(choice.predicate)
        then, otherwise = module.source(choice.left), module.source(choice.right)
        text = f"always @(*) begin\n    if ({condition}) {name} = {then};\n    else {name} = {otherwise};\n  end"
        edits += _edit(module.parsed.replace(item, text))
    return _applied(module, edits)


def negated_if(module: Module) -> str | None:
    """Write ``if (c) A else B`` as ``if (!(c)) B else A``."""
    edits: list[Edit] = []
    for node in walk(module.node):
        if node.kind == SyntaxKind.ConditionalStatement and node.elseClause is not None:
            condition = module.source(node.predicate)
            then, otherwise = module.source(node.statement), module.source(node.elseClause.clause)
            # Not where the list of events implies which branch is the reset: tools read that pattern.
            if len(_edges(node)) > 1:
                continue
            text = f"if (!({condition})) begin\n {otherwise}\n end else begin\n {then}\n end"
            edits += _edit(module.parsed.replace(node, text))
    return _applied(module, _outermost(edits))


def case_to_if(module: Module) -> str | None:
    """Write a ``case`` as a chain of ``if``."""
    edits: list[Edit] = []
    for node in walk(module.node):
        if node.kind == SyntaxKind.CaseStatement and module.source(node.caseKeyword) == "case":
            text = _chain(module, node)
            edits += _edit(module.parsed.replace(node, text)) if text else []
    return _applied(module, _outermost(edits))


def _chain(module: Module, node: SyntaxNode) -> str | None:
    selector = module.source(node.expr)
    links: list[str] = []
    default: str | None = None
    for item in (child for part in children(node) if isinstance(part, SyntaxNode) for child in [part, *_nodes(part)]):
        if item.kind == SyntaxKind.StandardCaseItem:
            labels = [module.source(label) for label in _case_labels(item)]
            if any(re.search(r"'[sS]?[bodhBODH]\w*[xzXZ?]|'[xz]", label) for label in labels):
                return None
            test = " || ".join(f"(({selector}) == ({label}))" for label in labels)
            links.append(f"if ({test}) begin {module.source(item.clause)} end")
        elif item.kind == SyntaxKind.DefaultCaseItem:
            default = module.source(item.clause)
    if not links:
        return None
    return "\n else ".join([*links, *([f"begin {default} end"] if default is not None else [])])


def split_next_state(module: Module) -> str | None:
    """Split a clocked process into one that computes the next values and one that stores them."""
    return _stored(module, "{next}", "{name}", "")


def complemented_registers(module: Module) -> str | None:
    """Store the complement of every register of a clocked process."""
    return _stored(module, "~{next}", "{stored}", "  assign {name} = ~{stored};\n")


def _stored(module: Module, value: str, target: str, extra: str) -> str | None:
    edits: list[Edit] = []
    declarations = ""
    for block in module.members(SyntaxKind.AlwaysBlock, SyntaxKind.AlwaysFFBlock):
        events = _edges(block)
        names = written(block)
        assignments = [n for n in walk(block) if n.kind in ASSIGNMENTS]
        statement = block.statement
        if len(events) != 1 or not names or not names <= module.signals.keys():
            continue
        if any(n.kind != SyntaxKind.NonblockingAssignmentExpression for n in assignments):
            continue
        if any(len(module.writers(name)) != 1 for name in names) or _has_initial(module, names):
            continue
        fresh = {name: (module.fresh(f"{name}_next"), module.fresh(f"{name}_stored")) for name in sorted(names)}
        inner: list[Edit] = []
        for node in assignments:
            inner += [
                e for t in target_tokens(node.left) for e in _edit(module.parsed.replace(t, fresh[t.valueText][0]))
            ]
            inner += _edit(module.parsed.replace(node.operatorToken, "="))
        body = _spliced(module, statement.statement, inner)
        if body is None:
            continue
        hold = "".join(f"    {new} = {name};\n" for name, (new, _) in fresh.items())
        store = ""
        for name, (new, kept) in fresh.items():
            kind = module.signals[name].declaration
            declarations += f"  {kind} {new};\n" + (f"  {kind} {kept};\n" if extra else "")
            store += f"    {target.format(name=name, stored=kept)} <= {value.format(next=new)};\n"
        wires = "".join(extra.format(name=name, stored=kept) for name, (_, kept) in fresh.items())
        timing = module.source(statement.timingControl)
        text = f"always @(*) begin\n{hold}    {body}\n  end\n  always {timing} begin\n{store}  end\n{wires}"
        edits += _edit(module.parsed.replace(block, text))
    return _applied(module, [*edits, module.add(declarations)]) if edits else None


def through_function(module: Module) -> str | None:
    """Compute the right side of an ``assign`` in a function."""
    edits: list[Edit] = []
    declarations = ""
    for index, item in enumerate(module.members(SyntaxKind.ContinuousAssign)):
        found = [n for n in walk(item) if n.kind == SyntaxKind.AssignmentExpression]
        if len(found) != 1:
            continue
        left, right = found[0].left, found[0].right
        read = _read_names(module, right)
        if left.kind != SyntaxKind.IdentifierName or module.source(left) not in module.signals or not read:
            continue
        result = module.signals[module.source(left)]
        name = module.fresh(f"value_{index}")
        arguments = ", ".join(f"input {module.signals[n].declaration} {n}" for n in read)
        declarations += (
            f"  function automatic {result.declaration} {name}({arguments});\n"
            f"    {name} = {module.source(right)};\n  endfunction\n"
        )
        edits += _edit(module.parsed.replace(right, f"{name}({', '.join(read)})"))
    return _applied(module, [*edits, module.add_at_end(declarations)]) if edits else None


def split_modules(module: Module) -> str | None:
    """Move the combinational processes and assignments into a module each."""
    edits: list[Edit] = []
    modules = ""
    parameters = "".join(
        f"  {module.source(node)}\n" for node in module.members(SyntaxKind.ParameterDeclarationStatement)
    )
    for index, item in enumerate(module.members(SyntaxKind.ContinuousAssign, *ALWAYS)):
        if _edges(item) or any(
            n.kind in (SyntaxKind.ForLoopStatement, SyntaxKind.FunctionDeclaration) for n in walk(item)
        ):
            continue
        outputs = sorted(written(item))
        used = _read_names(module, item)
        if (
            used is None
            or not outputs
            or any(len(module.writers(n)) != 1 for n in outputs)
            or _has_initial(module, set(outputs))
        ):
            continue
        if any(n in module.parameters and _is_port_parameter(module, n) for n in map(_text, identifiers(item))):
            continue
        inputs = [name for name in used if name not in outputs]
        if any(module.signals[n].direction == "InOut" for n in [*outputs, *inputs]):
            continue
        name = f"{module.name}_part{index}"
        ports = [f"  input {module.signals[n].declaration} {n}" for n in inputs]
        ports += [f"  output {module.signals[n].declaration} {n}" for n in outputs]
        modules += (
            f"module {name} (\n" + ",\n".join(ports) + f"\n);\n{parameters}  {module.source(item)}\nendmodule\n\n"
        )
        wires = ", ".join(f".{n}({n})" for n in [*inputs, *outputs])
        edits += _edit(module.parsed.replace(item, f"{name} part{index} ({wires});"))
    result = _applied(module, edits) if edits else None
    return None if result is None else modules + result


def generate_loop(module: Module) -> str | None:
    """Write a bitwise assignment, or a clocked copy, of vectors as a generate loop over its bits."""
    edits: list[Edit] = []
    count = 0
    for item in module.members(SyntaxKind.ContinuousAssign, SyntaxKind.AlwaysBlock, SyntaxKind.AlwaysFFBlock):
        found = [n for n in walk(item) if n.kind in ASSIGNMENTS]
        if len(found) != 1 or found[0].left.kind != SyntaxKind.IdentifierName:
            continue
        if any(
            n.kind in (SyntaxKind.ConditionalStatement, SyntaxKind.CaseStatement, SyntaxKind.ForLoopStatement)
            for n in walk(item)
        ):
            continue
        names = [t for side in (found[0].left, found[0].right) for t in identifiers(side)]
        signals = [module.signals.get(t.valueText) for t in names]
        first = signals[0]
        if first is None or first.width < 2 or not _bitwise(found[0].right):
            continue
        if any(s is None or (s.left, s.right) != (first.left, first.right) for s in signals) or _has_initial(
            module, {first.name}
        ):
            continue
        if len(module.writers(first.name)) != 1:
            continue
        index = module.fresh(f"bit_{count}")
        inner = [e for t in names for e in _edit(module.parsed.replace(t, f"{t.valueText}[{index}]"))]
        body = _spliced(module, item, inner)
        if body is None:
            continue
        low, high = sorted((first.left, first.right))
        loop = f"for ({index} = {low}; {index} <= {high}; {index} = {index} + 1)"
        text = f"genvar {index};\n  generate\n    {loop} begin: slice_{count}\n      {body}\n    end\n  endgenerate"
        edits += _edit(module.parsed.replace(item, text))
        count += 1
    return _applied(module, edits)


def de_morgan(module: Module) -> str | None:
    """Write every and and or by the other one."""
    rules = {
        SyntaxKind.BinaryAndExpression: "(~(~({a}) | ~({b})))",
        SyntaxKind.BinaryOrExpression: "(~(~({a}) & ~({b})))",
        SyntaxKind.LogicalAndExpression: "(!(!({a}) || !({b})))",
        SyntaxKind.LogicalOrExpression: "(!(!({a}) && !({b})))",
    }
    return _expressions(module, rules)


def commuted(module: Module) -> str | None:
    """Exchange the operands of every operator that allows it."""
    symbols = {
        SyntaxKind.BinaryAndExpression: "&",
        SyntaxKind.BinaryOrExpression: "|",
        SyntaxKind.BinaryXorExpression: "^",
        SyntaxKind.LogicalAndExpression: "&&",
        SyntaxKind.LogicalOrExpression: "||",
        SyntaxKind.AddExpression: "+",
        SyntaxKind.MultiplyExpression: "*",
        SyntaxKind.EqualityExpression: "==",
        SyntaxKind.InequalityExpression: "!=",
    }
    return _expressions(module, {kind: f"(({{b}}) {symbol} ({{a}}))" for kind, symbol in symbols.items()})


def without_xor(module: Module) -> str | None:
    """Write exclusive or, equal and unequal by simpler operators."""
    rules = {
        SyntaxKind.BinaryXorExpression: "((({a}) & ~({b})) | (~({a}) & ({b})))",
        SyntaxKind.EqualityExpression: "(!(({a}) ^ ({b})))",
        SyntaxKind.InequalityExpression: "(|(({a}) ^ ({b})))",
    }
    return _expressions(module, rules)


def _expressions(module: Module, rules: dict[SyntaxKind, str]) -> str | None:
    # Mixing signs changes how operands are extended; leave such modules alone.
    if re.search(r"\bsigned\b", module.text):
        return None
    edits: list[Edit] = []
    for node in walk(module.node):
        if node.kind in ASSIGNMENTS and not _below(node, SyntaxKind.ForLoopStatement, direct=True):
            roots = [node.right]
        elif node.kind == SyntaxKind.ConditionalStatement:
            roots = [node.predicate]
        else:
            continue
        for root in roots:
            new = _rewritten(module, root, rules)
            if new != module.source(root):
                edits += _edit(module.parsed.replace(root, new))
    return _applied(module, edits)


def _rewritten(module: Module, node: SyntaxNode, rules: dict[SyntaxKind, str]) -> str:
    if node.kind in (SyntaxKind.ElementSelect, SyntaxKind.MultipleConcatenationExpression, SyntaxKind.CastExpression):
        return module.source(node)
    if node.kind in rules:
        a = _rewritten(module, node.left, rules)
        b = _rewritten(module, node.right, rules)
        return rules[node.kind].format(a=a, b=b)
    span = module.parsed.span(node)
    if span is None:
        return module.source(node)
    inner: list[Edit] = []
    for child in children(node):
        if isinstance(child, SyntaxNode):
            text = _rewritten(module, child, rules)
            if text != module.source(child):
                inner += _edit(module.parsed.replace(child, text))
    spliced = _spliced(module, node, inner)
    return module.source(node) if spliced is None else spliced


def _spliced(module: Module, node: SyntaxNode, edits: list[Edit]) -> str | None:
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


def _read_names(module: Module, node: SyntaxNode) -> list[str] | None:
    """Return the signals ``node`` mentions, parameters left out; None if it mentions anything else."""
    found: dict[str, None] = {}
    for token in identifiers(node):
        name = token.valueText
        if name in module.signals:
            found[name] = None
        elif name not in module.parameters:
            return None
    return list(found)


def _has_initial(module: Module, names: set[str]) -> bool:
    """Whether one of ``names`` is given a value at power-up."""
    if any(names & written(item) for item in module.members(SyntaxKind.InitialBlock)):
        return True
    return any(
        n.kind == SyntaxKind.Declarator and n.initializer is not None and n.name.valueText in names
        for n in walk(module.node)
    )


def _is_port_parameter(module: Module, name: str) -> bool:
    return any(
        n.kind == SyntaxKind.Declarator and n.name.valueText == name and _below(n, SyntaxKind.ParameterPortList)
        for n in walk(module.node)
    )


def _edges(node: SyntaxNode) -> list[SyntaxNode]:
    """Return the edges in the list of events of the process that ``node`` is or belongs to."""
    block: SyntaxNode | None = node
    while block is not None and block.kind not in (*ALWAYS, SyntaxKind.InitialBlock):
        block = block.parent
    if block is None:
        return []
    edges = (TokenKind.PosEdgeKeyword, TokenKind.NegEdgeKeyword)
    return [n for n in walk(block) if n.kind == SyntaxKind.SignalEventExpression and n.edge.kind in edges]


def _only(statement: SyntaxNode) -> SyntaxNode | None:
    """Return the assignment that is all of ``statement``, or None."""
    if statement.kind == SyntaxKind.SequentialBlockStatement:
        items = [child for child in children(statement.items) if isinstance(child, SyntaxNode)]
        return _only(items[0]) if len(items) == 1 else None
    if statement.kind != SyntaxKind.ExpressionStatement:
        return None
    expression: SyntaxNode = statement.expr
    return expression if expression.kind in ASSIGNMENTS else None


def _safe_arm(module: Module, assignment: SyntaxNode) -> bool:
    return _no_widening(module, assignment.right)


def _no_widening(module: Module, node: SyntaxNode) -> bool:
    """Whether more bits of context cannot change the low bits of ``node``: no shift right, no division."""
    return not re.search(r">>|/|%|\bsigned\b|\$", module.source(node))


def _bitwise(node: SyntaxNode) -> bool:
    allowed = {
        SyntaxKind.BinaryAndExpression,
        SyntaxKind.BinaryOrExpression,
        SyntaxKind.BinaryXorExpression,
        SyntaxKind.UnaryBitwiseNotExpression,
        SyntaxKind.ParenthesizedExpression,
        SyntaxKind.IdentifierName,
    }
    return all(n.kind in allowed for n in walk(node))


def _bare(node: SyntaxNode) -> SyntaxNode:
    while node.kind == SyntaxKind.ParenthesizedExpression:
        node = node.expression
    return node


def _case_labels(item: SyntaxNode) -> list[SyntaxNode]:
    labels: list[SyntaxNode] = []
    for child in children(item):
        if isinstance(child, Token) and child.kind == TokenKind.Colon:
            break
        if isinstance(child, SyntaxNode):
            labels.append(child)
    return labels


def _nodes(node: SyntaxNode) -> list[SyntaxNode]:
    return (
        []
        if node.kind in (SyntaxKind.StandardCaseItem, SyntaxKind.DefaultCaseItem)
        else [child for child in children(node) if isinstance(child, SyntaxNode)]
    )


def _below(node: SyntaxNode, kind: SyntaxKind, *, direct: bool = False) -> bool:
    current = node.parent
    while current is not None:
        if current.kind == kind:
            return True
        if direct and current.kind == SyntaxKind.ExpressionStatement:
            return False
        current = current.parent
    return False


def _number(text: str) -> int | None:
    match = re.fullmatch(r"(?:\d*'[sS]?([bodhBODH]))?([0-9a-fA-F_]+)", text.replace(" ", ""))
    if match is None:
        return None
    return int(match[2], {"b": 2, "o": 8, "h": 16}.get((match[1] or "d").lower(), 10))


def _outermost(edits: list[Edit]) -> list[Edit]:
    """Leave out edits within another one."""
    kept: list[Edit] = []
    for edit in sorted(edits, key=lambda e: (e.start, -e.end)):
        if not kept or edit.start >= kept[-1].end:
            kept.append(edit)
    return kept


def _applied(module: Module, edits: list[Edit]) -> str | None:
    return module.parsed.apply(edits) if edits else None


def _edit(edit: Edit | None) -> list[Edit]:
    return [] if edit is None else [edit]


def _text(token: Token) -> str:
    return str(token.valueText)


RULES: dict[str, Rule] = {
    "renamed": renamed,
    "re-encoded": reencoded,
    "if-to-conditional": if_to_conditional,
    "conditional-to-if": conditional_to_if,
    "negated-if": negated_if,
    "case-to-if": case_to_if,
    "split-next-state": split_next_state,
    "complemented-registers": complemented_registers,
    "through-function": through_function,
    "split-modules": split_modules,
    "generate-loop": generate_loop,
    "de-morgan": de_morgan,
    "commuted": commuted,
    "without-xor": without_xor,
}
