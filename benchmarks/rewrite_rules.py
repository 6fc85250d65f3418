"""Rules that turn a synthesisable module into another with the same behaviour, each correct by construction.

A rule is a function from a :class:`rewrite_module.Module` to the new text, or None where it does not apply. Rules never
guess: where a condition of correctness cannot be read off the syntax tree, they do not apply.
"""

from __future__ import annotations

from rewrite_control import case_to_if, conditional_to_if, if_to_conditional, negated_if, normalised
from rewrite_expressions import commuted, de_morgan, without_xor
from rewrite_module import Module, Rule
from rewrite_states import reencoded, renamed
from rewrite_structure import complemented_registers, generate_loop, split_modules, split_next_state, through_function

__all__ = ["RULES", "Module", "normalised"]

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
