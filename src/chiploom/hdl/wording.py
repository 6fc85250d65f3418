"""slang's diagnostics in our words: which are errors, which are warnings, and what each is called in the table."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from chiploom.hdl.diagnostics import Diagnostic, Severity
from chiploom.hdl.locate import Locator, placed
from chiploom.hdl.names import names

#: Diagnostics slang's library calls warnings and its driver, hence the elaboration, calls errors.
ERRORS = names(
    """
    BadProceduralForce BareAssociativePattern CannotIndexScalar ClockVarTargetAssign ConcatWithStringInt
    DigitsLeadingUnderscore DuplicateDefinition DynamicNotProcedural ForeachCallExpr ImplicitNamedPortTypeMismatch
    IndexOOB InitializerRequired MemberImplNotFound MisplacedTrailingSeparator MixedVarAssigns MultipleAlwaysAssigns
    MultipleContAssigns NonstandardInside NonstandardStringConcat PackageImportInClass ParameterDoesNotExist RangeOOB
    RangeSelectReversed RangeWidthOOB Redefinition RedefinitionDifferentType RefArgAutomaticFunc
    SpecifyPathConditionExpr
    StringConstraintExpr UnknownSystemName VirtualArgNameMismatch FormatEmptyArg FormatTooManyArgs DPIPureTask
    CrossIdentInBinsof NonstandardConstraintBlock NonstandardHierarchicalCross QualifiersOnOutOfBlock RefArgForkJoin
    SolveBeforeDisallowed SplitDistWeightOp InputPortCoercion ProtectedEnvelope UpwardHierarchicalName
    """
)

#: Warnings worth a learner's time; all others are dropped.
WARNINGS = names(
    """
    CaseDup CaseNotWildcard CaseOutsideRange ComparisonMismatch ConsecutiveComparison DivisionByZero ImplicitNet
    InferredLatch LoopVarModify MultiBitEdge NetInconsistent NullPort OutputPortCoercion PortWidthExpand
    PortWidthTruncate RedefiningMacro ReversedValueRange ShiftCountNegative ShiftCountOverflow UnassignedVariable
    UnconnectedInOutPort UnconnectedInputPort UndrivenNet UndrivenPort UnsizedInConcat UnusedPort
    VectorLiteralOverflow WidthTruncate DuplicateDefparam MisleadingIndentation DanglingElse RealLiteralOverflow
    EmptyBody IgnoredMacroPaste
    """
)

_Words = tuple[str, Mapping[str, str]]
_Wording = Callable[["_Seen"], "_Words | None"]


class _Seen:
    """One diagnostic of slang's with what the wordings look at."""

    __slots__ = ("arguments", "known", "locator", "raw", "text")

    def __init__(self, raw: Any, text: str, locator: Locator, known: Mapping[str, Sequence[str]]) -> None:
        self.raw = raw
        self.text = text
        self.locator = locator
        self.known = known
        self.arguments = [str(argument) for argument in raw.args]

    @property
    def before(self) -> str:
        return self.locator.around(self.raw.location, 200)[0]

    @property
    def after(self) -> str:
        return self.locator.around(self.raw.location)[1]

    def range_text(self, index: int = 0) -> str:
        """Text of one of the diagnostic's ranges, on one line and short."""
        ranges = list(self.raw.ranges)
        if index >= len(ranges):
            return ""
        return " ".join(self.locator.text(ranges[index]).split())[:60]

    def word_here(self) -> str:
        """The identifier or symbol at the diagnostic's place."""
        match = re.match(r"\s*([A-Za-z_$`\\][\w$]*|\S)", self.after)
        return match[1] if match else ""

    def closest(self, name: str, kind: str) -> str:
        """The nearest known name of a kind ("modules" or "macros"), or an empty text."""
        close = difflib.get_close_matches(name, self.known.get(kind, ()), 1, 0.6)
        return close[0] if close else ""


def worded(raw: Any, engine: Any, locator: Locator, known: Mapping[str, Sequence[str]]) -> Diagnostic | None:
    """Return one of slang's diagnostics in our words; None where it is not worth showing.

    Parameters
    ----------
    raw, engine
        slang's diagnostic, and slang's diagnostic engine, which knows its sentence.
    known : mapping
        Known ``"modules"`` and ``"macros"``, for did-you-mean.
    """
    name = code_name(raw)
    severity = severity_of(raw, name)
    if severity is None or (name == "UndrivenPort" and str(raw.args[0]) in known.get("inouts", ())):
        return None  # an inout that is only read is a plain input
    seen = _Seen(raw, engine.formatMessage(raw), locator, known)
    wording = _WORDINGS.get(name)
    words = wording(seen) if wording is not None else None
    if words is None:
        return locator.diagnostic(f"slang.{name}", severity, raw.location, text=scrubbed(seen.text))
    code, arguments = words
    if name == "UnterminatedBlockComment":
        return _at_comment_start(seen, severity)
    return locator.diagnostic(f"hdl.{code}", severity, raw.location, **arguments)


def code_name(raw: Any) -> str:
    """Return slang's own name of a diagnostic, such as ``UndeclaredIdentifier``."""
    return str(raw.code)[len("DiagCode(") : -1]


def severity_of(raw: Any, name: str) -> Severity | None:
    """Return how much a diagnostic weighs here; None where it is dropped."""
    if name in ERRORS or raw.isError():
        return "error"
    return "warning" if name in WARNINGS else None


def scrubbed(text: str) -> str:
    """Return slang's sentence without the names of our scratch files and their directories."""
    return re.sub(r"(?:[^\s'\"]*/)?\bf\d+\.sv\b", "the file", text)


def _at_comment_start(seen: _Seen, severity: Severity) -> Diagnostic:
    """slang points at the end of the file; a learner looks for where the comment begins."""
    found = seen.locator.unit_offset(seen.raw.location)
    if found is None:
        return placed("hdl.missing-comment-end", severity, None, None)
    unit, offset = found
    text = unit.bytes_at(0, offset)
    start = text.find("/*", text.rfind("*/") + 1)
    place = unit.place(len(text[: max(start, 0)].encode()))
    return placed("hdl.missing-comment-end", severity, unit, place)


def _plain(code: str, *fields: str) -> _Wording:
    """A wording whose fields are slang's arguments in order."""

    def word(seen: _Seen) -> _Words | None:
        if len(seen.arguments) < len(fields):
            return None
        return code, dict(zip(fields, seen.arguments, strict=False))

    return word


def _here(code: str, field: str = "found") -> _Wording:
    """A wording whose only field is the word at the place."""
    return lambda seen: (code, {field: seen.word_here()})


def _ranged(code: str, field: str = "name", index: int = 0) -> _Wording:
    """A wording whose only field is the text of a range."""

    def word(seen: _Seen) -> _Words | None:
        text = seen.range_text(index)
        return (code, {field: text}) if text else None

    return word


_KEYWORDS = names(
    """
    always always_comb always_ff always_latch assign begin case casex casez default else end endcase endfunction
    endgenerate endmodule endtask for function generate genvar if initial inout input integer localparam logic module
    negedge or output parameter posedge reg repeat signed task typedef while wire
    """
)

#: Keywords of other languages, and what a learner who writes them is looking for.
_FOREIGN_KEYWORDS = {"switch": "case", "elseif": "else if", "elsif": "else if", "elif": "else if"}


def _keyword_meant(name: str) -> str | None:
    """Return the keyword a misspelled or capitalised one stands for, None if ``name`` is like none."""
    if name in _FOREIGN_KEYWORDS:
        return _FOREIGN_KEYWORDS[name]
    if name in _KEYWORDS or len(name) < 2:
        return None
    if name.lower() in _KEYWORDS:
        return name.lower()
    if re.fullmatch(r"end_?mod\w*", name, re.IGNORECASE):
        return "endmodule"
    close = difflib.get_close_matches(name, _KEYWORDS, 1, 0.85) if len(name) > 4 else []
    return close[0] if close else None


_MISSING = {
    ",": "missing-comma",
    ";": "missing-semicolon",
    "endmodule": "missing-endmodule",
    "end": "missing-end",
    "endcase": "missing-endcase",
    "endfunction": "missing-endfunction",
    ")": "missing-parenthesis",
}


def _expected_token(seen: _Seen) -> _Words | None:
    token = seen.arguments[0] if seen.arguments else ""
    before, after = seen.before, seen.after
    literal = re.search(r"(?<![\w'])(\d+)$", before)
    if literal and (tail := re.match(r"'?(?:[bBoOdDhH][0-9a-fA-FxXzZ_?]+|\d+)", after)):
        return "bad-literal", {"found": literal[1] + tail[0]}
    condition = re.search(r"\b(if|while|for|repeat|case[xz]?)\s*$", before)
    if token == "(" and condition:
        return "condition-without-parentheses", {"keyword": condition[1]}
    if token == ";" and (split := re.search(r"\b(elsif|elseif|elif)\s*\([^()]*\)\s*$", before)):
        return "else-if", {"found": split[1]}
    if token == ";" and re.search(r"\bif\b.*\bthen\s*$", before, re.DOTALL):
        return "then-keyword", {}
    called = re.search(r"(?:@\s*\(\s*([A-Za-z_]\w*)|\b([A-Za-z_]\w*)\s*\([^()]*\))\s*$", before)
    if token in (")", ";") and called and (meant := _keyword_meant(called[1] or called[2])):
        return "misspelled-keyword", {"name": called[1] or called[2], "suggestion": meant}
    if token in ("}", ",") and re.search(r"(\)|@\s*\*|\belse|\balways_comb)\s*\{[^{}]*$", before):
        return "curly-bracket-block", {}
    code = _MISSING.get(token)
    if code is not None:
        return code, {}
    return "expected-token", {"token": token, "found": seen.word_here() or "?"}


def _expected_expression(seen: _Seen) -> _Words | None:
    if re.search(r"=\s*$", seen.before) and seen.after.lstrip().startswith("<"):
        return "reversed-operator", {"found": "=<", "suggestion": "<="}
    if re.search(r"=\s*$", seen.before) and seen.after.lstrip().startswith(">"):
        return "reversed-operator", {"found": "=>", "suggestion": ">="}
    found = seen.word_here()
    if found in ("{", "}"):
        return "curly-bracket-block", {}
    return "expected-expression", {"found": found or "?"}


def _undeclared(seen: _Seen) -> _Words:
    name = seen.arguments[0]
    if name in ("elseif", "elsif", "elif"):
        return "else-if", {"found": name}
    if name == "then":
        return "then-keyword", {}
    if re.search(r"\bfor\s*\(\s*$", seen.before):
        return "loop-variable-undeclared", {"name": name}
    keyword = _keyword_meant(name)
    if keyword is not None:
        return "misspelled-keyword", {"name": name, "suggestion": keyword}
    return "undeclared-name", {"name": name}


def _unknown_module(seen: _Seen) -> _Words:
    name = seen.arguments[0]
    if name in ("elseif", "elsif", "elif"):
        return "else-if", {"found": name}
    keyword = _keyword_meant(name)
    if keyword is not None:
        return "misspelled-keyword", {"name": name, "suggestion": keyword}
    suggestion = seen.closest(name, "modules")
    if suggestion:
        return "misspelled-module", {"name": name, "suggestion": suggestion}
    return "unknown-module", {"name": name}


def _expected_name(seen: _Seen) -> _Words:
    found = seen.word_here()
    after_entry = re.search(r"(\w+)\s*$", seen.before)
    if found in ("input", "output", "inout") and after_entry and after_entry[1] not in _KEYWORDS:
        return "missing-comma", {}
    return "expected-name", {"found": found or "?"}


def _outside_module(seen: _Seen) -> _Words:
    found = seen.word_here()
    keyword = _keyword_meant(found)
    if keyword is not None:
        return "misspelled-keyword", {"name": found, "suggestion": keyword}
    return "outside-module", {"found": found or "?"}


def _statement_outside(seen: _Seen) -> _Words:
    previous = re.search(r"([A-Za-z_]\w*)\s*$", seen.before)
    keyword = _keyword_meant(previous[1]) if previous else None
    if previous is not None and keyword is not None:
        return "misspelled-keyword", {"name": previous[1], "suggestion": keyword}
    return "statement-outside-always", {"found": seen.word_here() or "?"}


def _unknown_macro(seen: _Seen) -> _Words:
    name = seen.arguments[0].lstrip("`")
    if re.fullmatch(r"[bodhBODH][0-9a-fA-FxXzZ_]*", name) and re.search(r"\d\s*$", seen.before):
        return "backtick-in-literal", {"found": "`" + name}
    suggestion = seen.closest(name, "macros")
    if suggestion == name:
        index = list(seen.known["macros"]).index(name)
        return "macro-of-other-file", {"name": name, "file": seen.known["macro_files"][index]}
    if suggestion:
        return "misspelled-macro", {"name": name, "suggestion": suggestion}
    return "unknown-macro", {"name": name}


def _assign_to_net(seen: _Seen) -> _Words | None:
    name = seen.range_text()
    if not name:
        return None
    base = re.split(r"[\[.]", name)[0].strip()
    code = "assign-to-input" if base in seen.known.get("inputs", ()) else "assign-to-wire"
    return code, {"name": base}


def _input_driven(seen: _Seen) -> _Words:
    return "assign-to-input", {"name": seen.arguments[0]}


def _unexpected_delimiter(seen: _Seen) -> _Words:
    token = seen.arguments[0]
    if token == "end" or token in ("endcase", "endmodule", "endfunction", "endtask", "endgenerate"):
        return "unexpected-end", {"token": token}
    return "unexpected-bracket", {"token": token}


def _not_a_character(seen: _Seen) -> _Words:
    match = re.match(r"\s?(\S)", seen.after) if not seen.after[:1].isspace() else None
    character = match[1] if match else seen.after[:1]
    return "non-ascii-character", {"character": character or "?", "number": f"U+{ord(character or '?'):04X}"}


def _include_left(seen: _Seen) -> _Words:
    match = re.match(r"`include\s*[\"<]([^\">\n]*)", seen.after) or re.match(r"\s*[\"<]([^\">\n]*)", seen.after)
    if match is None:
        return "include-form", {}
    name = match[1].replace("\\", "/").rsplit("/", 1)[-1]
    if name in seen.known.get("files", ()):
        return "include-again-or-not-alone", {"name": name}
    return "include-not-found", {"name": name}


def _out_of_range(seen: _Seen) -> _Words | None:
    return ("index-out-of-range", {"index": seen.arguments[0], "type": seen.arguments[1]}) if seen.arguments else None


def _range_out(seen: _Seen) -> _Words | None:
    if len(seen.arguments) < 3:
        return None
    left, right, kind = seen.arguments[:3]
    return "index-out-of-range", {"index": f"{left}:{right}", "type": kind}


def _range_reversed(seen: _Seen) -> _Words | None:
    if len(seen.arguments) < 3:
        return None
    left, right, kind = seen.arguments[:3]
    return "range-reversed", {"range": f"[{left}:{right}]", "suggestion": f"[{right}:{left}]", "type": kind}


def _memory_as_whole(seen: _Seen) -> _Words | None:
    """An unpacked array, "logic[3:0]$[4]" in slang's words, stands on just one side of the assignment."""
    kinds = seen.arguments[:2]
    return ("memory-as-whole", {}) if len(kinds) == 2 and sum("$[" in kind for kind in kinds) == 1 else None


def _multiple(seen: _Seen) -> _Words:
    return "multiple-drivers", {"name": seen.arguments[0]}


_WORDINGS: dict[str, _Wording] = {
    "AlwaysWithoutTimingControl": lambda seen: ("always-without-sensitivity", {}),
    "AssignToNet": _assign_to_net,
    "AssignmentNotAllowed": lambda seen: ("assignment-as-expression", {}),
    "AssignmentRequiresParens": lambda seen: ("assignment-as-expression", {}),
    "BadBinaryDigit": _here("bad-digit", "digit"),
    "BadDecimalDigit": _here("bad-digit", "digit"),
    "BadHexDigit": _here("bad-digit", "digit"),
    "BadOctalDigit": _here("bad-digit", "digit"),
    "BadProceduralAssign": lambda seen: ("assign-in-always", {}),
    "BodyParamNoInitializer": lambda seen: ("parameter-without-value", {}),
    "CannotIndexScalar": _ranged("scalar-indexed", "name", 1),
    "CaseDup": lambda seen: ("case-repeated", {"value": seen.arguments[-1]}),
    "CaseNotWildcard": lambda seen: ("case-not-wildcard", {}),
    "CaseOutsideRange": lambda seen: ("case-never-matches", {"given": seen.arguments[1], "wanted": seen.arguments[2]}),
    "ConstEvalExceededMaxCallDepth": lambda seen: ("constant-too-long", {}),
    "ConstEvalExceededMaxSteps": lambda seen: ("constant-too-long", {}),
    "ConstEvalNonConstVariable": _plain("not-constant", "name"),
    "DeclarationsAtStart": lambda seen: ("declaration-after-statement", {}),
    "DefinitionUsedAsValue": _plain("instance-in-block", "name"),
    "DivisionByZero": lambda seen: ("division-by-zero", {}),
    "DuplicateDefinition": lambda seen: ("duplicate-module", {"name": seen.arguments[-1]}),
    "DuplicatePortConnection": _plain("port-connected-twice", "name"),
    "ExceededMaxIncludeDepth": _include_left,
    "ExpectedAttribute": lambda seen: ("star-without-at", {}),
    "ExpectedCaseItem": _here("expected-case-item"),
    "ExpectedClosingQuote": lambda seen: ("missing-quote", {}),
    "ExpectedContinuousAssignment": lambda seen: ("assign-needs-equals", {}),
    "ExpectedDeclarator": _statement_outside,
    "ExpectedExpression": _expected_expression,
    "ExpectedIdentifier": _expected_name,
    "ExpectedMember": _here("unexpected-in-module"),
    "ExpectedStatement": _here("unexpected-statement"),
    "ExpectedToken": _expected_token,
    "ExprNotStatement": _ranged("expression-as-statement", "found"),
    "GenvarDuplicate": lambda seen: ("generate-too-long", {}),
    "ImplicitNet": _plain("implicit-net", "name"),
    "ImplicitNotAllowed": lambda seen: ("declaration-without-type", {}),
    "IndexOOB": _out_of_range,
    "InferredLatch": lambda seen: ("inferred-latch", {"name": seen.arguments[0]}),
    "InfinitelyRecursiveHierarchy": _plain("recursive-instance", "name"),
    "InputPortCoercion": _input_driven,
    "InstanceNameRequired": lambda seen: ("instance-without-name", {}),
    "InvalidTopModule": _plain("top-unusable", "name"),
    "LiteralSizeTooLarge": lambda seen: ("vector-too-wide", {"bits": "16777216"}),
    "MaxGenerateStepsExceeded": lambda seen: ("generate-too-long", {}),
    "MaxInstanceArrayExceeded": lambda seen: ("generate-too-long", {}),
    "MaxInstanceDepthExceeded": lambda seen: ("hierarchy-too-deep", {}),
    "MisplacedTrailingSeparator": lambda seen: ("extra-comma", {}),
    "MissingEndIfDirective": lambda seen: ("missing-endif", {}),
    "MissingPortIODeclaration": _plain("port-without-direction", "name"),
    "MixedVarAssigns": _multiple,
    "MultipleAlwaysAssigns": _multiple,
    "MultipleContAssigns": _multiple,
    "NotAGenvar": _plain("not-a-genvar", "name"),
    "NotAType": _plain("unexpected-in-module", "found"),
    "NotAllowedInCU": _outside_module,
    "PackedDimsRequireFullRange": lambda seen: ("width-without-range", {"found": seen.range_text() or "7"}),
    "PackedTypeTooLarge": lambda seen: ("vector-too-wide", {"bits": seen.arguments[0]}),
    "ParameterDoesNotExist": _plain("unknown-parameter", "name", "module"),
    "ParseTreeTooDeep": lambda seen: ("nesting-too-deep", {}),
    "PortDeclInANSIModule": lambda seen: ("port-declared-twice", {}),
    "PortDoesNotExist": _plain("unknown-port", "name", "module"),
    "PortWidthExpand": _plain("port-width-mismatch", "given", "wanted"),
    "PortWidthTruncate": _plain("port-width-mismatch", "given", "wanted"),
    "ProtectedEnvelope": lambda seen: ("encrypted-text", {}),
    "RangeOOB": _range_out,
    "BadAssignment": _memory_as_whole,
    "RangeSelectReversed": _range_reversed,
    "Redefinition": _plain("duplicate-declaration", "name"),
    "RedefinitionDifferentType": _plain("duplicate-declaration", "name"),
    "RegAfterNettype": lambda seen: ("wire-reg", {}),
    "TooManyPortConnections": _plain("too-many-ports", "module", "given", "wanted"),
    "TypoIdentifier": lambda seen: ("misspelled-name", {"name": seen.arguments[0], "suggestion": seen.arguments[1]}),
    "TypoKeyword": lambda seen: (
        "misspelled-keyword",
        # slang's own guess takes any keyword that is near: `module` for `Endmodule`.
        {"name": seen.arguments[0], "suggestion": _keyword_meant(seen.arguments[0]) or seen.arguments[1]},
    ),
    "UTF8Char": _not_a_character,
    "UnassignedVariable": _plain("never-assigned", "name"),
    "UnconnectedInputPort": _plain("input-unconnected", "name"),
    "UndeclaredIdentifier": _undeclared,
    "UndrivenNet": _plain("never-assigned", "name"),
    "UndrivenPort": _plain("output-undriven", "name"),
    "UnexpectedEndDelim": _unexpected_delimiter,
    "UnknownDirective": _unknown_macro,
    "UnknownModule": _unknown_module,
    "UnknownSystemName": _plain("unknown-system-name", "name"),
    "UnterminatedBlockComment": lambda seen: ("missing-comment-end", {}),
    "UnusedPort": _plain("input-unused", "name"),
    "UnusedPortDecl": _plain("port-not-in-list", "name"),
    "TopModuleIfacePort": lambda seen: ("interface-at-top", {"name": seen.arguments[-1]}),
    "UpwardHierarchicalName": _plain("hierarchical-name", "name"),
    "UsedBeforeDeclared": _plain("used-before-declared", "name"),
    "VectorLiteralOverflow": _plain("literal-too-large", "bits"),
    "WidthTruncate": _plain("width-truncated", "given", "wanted"),
}
