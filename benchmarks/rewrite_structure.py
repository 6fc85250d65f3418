"""Rewrites of structure: processes, functions, modules and loops in other places."""

from __future__ import annotations

from pyslang.parsing import Token
from pyslang.syntax import SyntaxKind, SyntaxNode

from chiploom.tasks.syntax import Edit, identifiers, walk
from rewrite_module import (
    ALWAYS,
    ASSIGNMENTS,
    Module,
    applied,
    below,
    edges,
    edits_of,
    has_initial,
    read_names,
    spliced,
    target_tokens,
    written,
)


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
        events = edges(block)
        names = written(block)
        assignments = [n for n in walk(block) if n.kind in ASSIGNMENTS]
        statement = block.statement
        if len(events) != 1 or not names or not names <= module.signals.keys():
            continue
        if any(n.kind != SyntaxKind.NonblockingAssignmentExpression for n in assignments):
            continue
        if any(len(module.writers(name)) != 1 for name in names) or has_initial(module, names):
            continue
        fresh = {name: (module.fresh(f"{name}_next"), module.fresh(f"{name}_stored")) for name in sorted(names)}
        inner: list[Edit] = []
        for node in assignments:
            inner += [
                e for t in target_tokens(node.left) for e in edits_of(module.parsed.replace(t, fresh[t.valueText][0]))
            ]
            inner += edits_of(module.parsed.replace(node.operatorToken, "="))
        body = spliced(module, statement.statement, inner)
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
        edits += edits_of(module.parsed.replace(block, text))
    return applied(module, [*edits, module.add(declarations)]) if edits else None


def through_function(module: Module) -> str | None:
    """Compute the right side of an ``assign`` in a function."""
    edits: list[Edit] = []
    declarations = ""
    for index, item in enumerate(module.members(SyntaxKind.ContinuousAssign)):
        found = [n for n in walk(item) if n.kind == SyntaxKind.AssignmentExpression]
        if len(found) != 1:
            continue
        left, right = found[0].left, found[0].right
        read = read_names(module, right)
        if left.kind != SyntaxKind.IdentifierName or module.source(left) not in module.signals or not read:
            continue
        result = module.signals[module.source(left)]
        name = module.fresh(f"value_{index}")
        arguments = ", ".join(f"input {module.signals[n].declaration} {n}" for n in read)
        declarations += (
            f"  function automatic {result.declaration} {name}({arguments});\n"
            f"    {name} = {module.source(right)};\n  endfunction\n"
        )
        edits += edits_of(module.parsed.replace(right, f"{name}({', '.join(read)})"))
    return applied(module, [*edits, module.add_at_end(declarations)]) if edits else None


def split_modules(module: Module) -> str | None:
    """Move the combinational processes and assignments into a module each."""
    edits: list[Edit] = []
    modules = ""
    constants = module.members(SyntaxKind.ParameterDeclarationStatement)
    parameters = "".join(f"  {module.source(node)}\n" for node in constants)
    for index, item in enumerate(module.members(SyntaxKind.ContinuousAssign, *ALWAYS)):
        if edges(item) or any(
            n.kind in (SyntaxKind.ForLoopStatement, SyntaxKind.FunctionDeclaration) for n in walk(item)
        ):
            continue
        outputs = sorted(written(item))
        used = read_names(module, item)
        if (
            used is None
            or not outputs
            or any(len(module.writers(n)) != 1 for n in outputs)
            or has_initial(module, set(outputs))
        ):
            continue
        # A part has no parameters of its own: what it copies must stand without them.
        copied = [item, *constants]
        if any(_is_port_parameter(module, _text(t)) for node in copied for t in identifiers(node)):
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
        edits += edits_of(module.parsed.replace(item, f"{name} part{index} ({wires});"))
    result = applied(module, edits) if edits else None
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
        if any(s is None or (s.left, s.right) != (first.left, first.right) for s in signals) or has_initial(
            module, {first.name}
        ):
            continue
        if len(module.writers(first.name)) != 1:
            continue
        index = module.fresh(f"bit_{count}")
        inner = [e for t in names for e in edits_of(module.parsed.replace(t, f"{t.valueText}[{index}]"))]
        body = spliced(module, item, inner)
        if body is None:
            continue
        low, high = sorted((first.left, first.right))
        loop = f"for ({index} = {low}; {index} <= {high}; {index} = {index} + 1)"
        text = f"genvar {index};\n  generate\n    {loop} begin: slice_{count}\n      {body}\n    end\n  endgenerate"
        edits += edits_of(module.parsed.replace(item, text))
        count += 1
    return applied(module, edits)


def _is_port_parameter(module: Module, name: str) -> bool:
    return any(
        n.kind == SyntaxKind.Declarator and n.name.valueText == name and below(n, SyntaxKind.ParameterPortList)
        for n in walk(module.node)
    )


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


def _text(token: Token) -> str:
    return str(token.valueText)
