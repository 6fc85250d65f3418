import json
import os
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chiploom import canonical, signing
from chiploom.errors import EvidenceError, UsageError
from chiploom.grading import commitment, evidence
from chiploom.grading.evidence import Conditions, Subject
from chiploom.hdl.diagnostics import Diagnostic
from chiploom.hdl.sources import Source
from chiploom.prove.verdict import Measurement, Outcome
from evidence_samples import COUNTER, Issuer, make_task, make_verdict, with_odd_values

TOOL = Path(__file__).parents[2] / "tools" / "verify_evidence.py"


def code_of(data: bytes, key: str | None = None) -> str:
    with pytest.raises(EvidenceError) as caught:
        evidence.verify(evidence.read(data), key)
    assert caught.value.exit_status == 1
    assert "\n" not in caught.value.message
    return str(caught.value.code)


def altered(signed: evidence.Evidence, **changes: Any) -> bytes:
    document = json.loads(evidence.to_text(signed))
    for path, value in changes.items():
        *parents, last = path.split("__")
        target = document
        for name in parents:
            target = target[name]
        target[last] = value
    return json.dumps(document).encode()


def run_tool(*arguments: Path | str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-I", str(TOOL), *map(str, arguments)], capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def tool() -> Any:
    """The stand-alone program as a module of its own, for the tests that call it hundreds of times."""
    namespace: dict[str, Any] = {"__name__": "verify_evidence"}
    exec(compile(TOOL.read_text(), str(TOOL), "exec"), namespace)
    return namespace


@pytest.mark.parametrize("outcome", ["proved", "bounded", "refuted", "rejected", "undecided"])
@pytest.mark.parametrize("disclosed", [True, False])
def test_what_is_signed_reads_back_and_verifies(issuer: Issuer, outcome: str, disclosed: bool) -> None:
    signed, _ = issuer.sign(outcome, disclosed=disclosed, conditions=Conditions(True, "none"))
    again = evidence.read(evidence.to_text(signed).encode())
    assert again.document == signed.document
    evidence.verify(again)
    evidence.verify(again, issuer.key.did)
    assert again.outcome == outcome
    assert again.is_met is (outcome == "proved")
    assert again.skills == ("sequential.counter",)
    assert again.task_name == "foundations/modulo-counter#3"
    assert again.issued == "2026-05-01T08:00:00Z"
    assert again.conditions == Conditions(True, "none")
    assert again.is_rerunnable is disclosed


@pytest.mark.parametrize(("met", "expected"), [(True, True), (False, False), (None, False)])
def test_a_measurement_counts_only_when_its_bound_is_met(issuer: Issuer, met: bool | None, expected: bool) -> None:
    verdict = make_verdict("measured", measurements=(Measurement("yield", 0.97, "", met),))
    assert issuer.sign(verdict=verdict)[0].is_met is expected


def test_no_name_and_no_path_gets_in(issuer: Issuer) -> None:
    text = evidence.to_text(issuer.sign("refuted")[0])
    assert "nguyen" not in text
    with pytest.raises(UsageError) as caught:
        Subject("Nguyễn Văn A")
    assert caught.value.code == "subject-not-random"
    with pytest.raises(UsageError):
        Subject("urn:uuid:6ba7b810-9dad-11d1-80b4-00c04fd430c8")  # version 1: made of a clock and a network card
    assert evidence.make_subject() != evidence.make_subject()


@pytest.mark.parametrize(("disclose_task", "disclosed"), [(True, False), (False, True), (False, False)])
def test_an_undisclosed_side_leaves_no_trace(issuer: Issuer, disclose_task: bool, disclosed: bool) -> None:
    rejected = make_verdict(
        "rejected", diagnostics=(Diagnostic("slang.secret", "error", {"text": "secret_name"}, "counter.sv", 7, 3),)
    )
    for verdict in (make_verdict("refuted"), rejected):
        signed, _ = issuer.sign(verdict=verdict, disclose_task=disclose_task, disclosed=disclosed)
        recorded = signed.document["verdict"]
        text = evidence.to_text(signed)
        assert recorded["trace"] is None
        assert "in cycle 0" not in text
        assert "secret_name" not in text
        assert "a reason" not in text
        assert "wording" in recorded["withheld"]
        assert [finding["code"] for finding in recorded["warnings"]] == ["slang.unused"]
        assert ("module counter(input clk, output reg q)" in text) is disclosed
    assert "trace" in issuer.sign("refuted", disclosed=False)[0].document["verdict"]["withheld"]
    assert issuer.sign("refuted")[0].document["verdict"]["trace"]["failing"] == ["q"]


def test_commitments_cannot_be_guessed_and_can_be_opened(issuer: Issuer) -> None:
    one, opening = issuer.sign(disclosed=False, disclose_task=False)
    two, _ = issuer.sign(disclosed=False, disclose_task=False)
    plain, nothing = issuer.sign()
    for side in ("task", "submission"):
        values = {each.document[side]["hash"]["value"] for each in (one, two, plain)}
        assert len(values) == 3
    assert (len(opening.task_salt), len(opening.submission_salt)) == (32, 32)
    assert (nothing.task_salt, nothing.submission_salt) == (b"", b"")
    evidence.check_submission(one, [COUNTER], opening)
    evidence.check_task(one, make_task(), opening)
    evidence.check_submission(plain, [COUNTER])
    evidence.check_task(plain, make_task())


def test_other_files_another_task_or_no_opening_are_told_apart(issuer: Issuer) -> None:
    signed, opening = issuer.sign(disclosed=False, disclose_task=False)
    other = Source("counter.sv", COUNTER.text + " ")
    harder = make_task(parameters={"MODULO": 11})
    for check, right, wrong, side in (
        (evidence.check_submission, [COUNTER], [other], "submission"),
        (evidence.check_task, make_task(), harder, "task"),
    ):
        with pytest.raises(EvidenceError) as caught:
            check(signed, wrong, opening)  # type: ignore[operator]
        assert caught.value.code == f"evidence-other-{side}"
        with pytest.raises(EvidenceError) as missing:
            check(signed, right)  # type: ignore[operator]
        assert missing.value.code == "evidence-opening-missing"


def test_a_better_hint_leaves_old_evidence_valid(issuer: Issuer) -> None:
    signed, _ = issuer.sign()
    evidence.check_task(signed, make_task(hints=({"en": "Think."},), statement={"en": "Count well."}, minutes=5))


def test_the_order_of_files_and_their_folder_do_not_matter(issuer: Issuer) -> None:
    a, b = Source("x/a.sv", "module a; endmodule"), Source("y\\b.sv", "module b; endmodule")
    signed, _ = issuer.sign(submission=[a, b])
    evidence.check_submission(signed, [Source("b.sv", b.text), Source("z/a.sv", a.text)])


def test_write_keeps_the_opening_apart_and_private(issuer: Issuer, tmp_path: Path) -> None:
    path = tmp_path / "e.json"
    signed, opening = issuer.sign(disclosed=False)
    beside = evidence.write(path, signed, opening)
    assert beside == commitment.opening_path(path)
    assert stat.S_IMODE(beside.stat().st_mode) == 0o600
    assert opening.submission_salt.hex() not in path.read_text()
    assert commitment.read_opening(beside) == opening
    assert evidence.read_file(path).document == signed.document
    disclosed = tmp_path / "d.json"
    assert evidence.write(disclosed, *issuer.sign()) is None
    assert sorted(file.name for file in tmp_path.iterdir()) == ["d.json", "e.json", "e.json.opening"]


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"schema":"chiploom/evidence-opening/1"}', "null"])
def test_a_broken_opening_is_said(tmp_path: Path, content: str) -> None:
    (tmp_path / "o").write_text(content)
    with pytest.raises(EvidenceError) as caught:
        commitment.read_opening(tmp_path / "o")
    assert caught.value.code == "evidence-opening"


def test_altered_evidence_is_refused(issuer: Issuer) -> None:
    signed, _ = issuer.sign("refuted")
    assert code_of(altered(signed, verdict__verdict="proved")) == "evidence-altered"
    assert code_of(altered(signed, task__level=5)) == "evidence-altered"
    assert code_of(altered(signed, conditions__proctored=True)) == "evidence-altered"
    assert code_of(altered(signed, subject__id=evidence.make_subject_id())) == "evidence-altered"
    assert code_of(altered(signed, signature="0" * 128)) == "evidence-altered"


def test_another_issuer_is_told_from_alteration(issuer: Issuer, new_issuer: Any) -> None:
    stranger = new_issuer()
    signed, _ = stranger.sign()
    data = evidence.to_text(signed).encode()
    assert code_of(data, issuer.key.did) == "evidence-wrong-key"
    assert code_of(altered(signed, issuer=issuer.key.did)) == "evidence-altered"


def test_files_inside_must_be_those_of_the_hash(issuer: Issuer) -> None:
    document = json.loads(evidence.to_text(issuer.sign()[0]))
    document["submission"]["files"][0]["text"] = "module counter; endmodule"
    del document["signature"]
    document["signature"] = issuer.key.sign(canonical.canonicalise(document)).hex()
    assert code_of(json.dumps(document).encode()) == "evidence-other-submission"


@pytest.mark.parametrize(
    "data", [b"", b"\x00\xff", b"not json", b'{"a":1,"a":2}', b"[" * 100_000, b'"\\ud800"', b"1e999"], ids=repr
)
def test_noise_is_not_json(data: bytes) -> None:
    with pytest.raises(EvidenceError) as caught:
        evidence.read(data)
    assert caught.value.code == "evidence-not-json"


@pytest.mark.parametrize(
    "changes",
    [
        {"schema": "chiploom/evidence/2"},
        {"schema": None},
        {"extra": 1},
        {"id": "urn:uuid:1"},
        {"issued": "2026-02-30T00:00:00Z"},
        {"issued": "yesterday"},
        {"issuer": "did:web:example.org"},
        {"signature": "AB" * 64},
        {"signature": "ab" * 63},
        {"subject__kind": "committee"},
        {"subject__id": "Nguyễn Văn A"},
        {"subject__name": "Nguyễn Văn A"},
        {"task__skills": ["Sequential"]},
        {"task__skills": "sequential"},
        {"task__level": True},
        {"task__variant": 1.5},
        {"task__disclosed": False},
        {"submission__files": None},
        {"submission__hash": {"algorithm": "md5", "value": "0" * 64}},
        {"verdict__verdict": "excellent"},
        {"verdict__seconds": "1"},
        {"verdict__warnings": [{}]},
        {"verdict__withheld": ["trace"]},
        {"conditions__ai_use": "secretly"},
        {"conditions": []},
    ],
    ids=str,
)
def test_another_shape_is_refused_before_the_signature(issuer: Issuer, changes: dict[str, Any]) -> None:
    signed, _ = issuer.sign("refuted")
    assert code_of(altered(signed, **changes)) == "evidence-schema"


@pytest.mark.parametrize("data", [b"null", b"[]", b"1", b'"x"', b"{}", b'{"schema":[]}'])
def test_json_of_another_shape(data: bytes) -> None:
    assert code_of(data) == "evidence-schema"


def test_odd_values_anywhere_are_refused_by_code_even_when_signed(issuer: Issuer, tool: Any) -> None:
    signed, _ = issuer.sign("refuted")
    document = {name: value for name, value in signed.document.items() if name != "signature"}
    accepted = 0
    for odd in with_odd_values(document):
        data = json.dumps({**odd, "signature": issuer.key.sign(canonical.canonicalise(odd)).hex()}).encode()
        try:
            evidence.verify(evidence.read(data))
            accepted += 1
        except EvidenceError as error:
            assert error.code.startswith("evidence-")
            assert "\n" not in error.message
            assert error.message.isprintable()
    # Free texts, numbers and nulls of a signed record may differ; the rest of its shape may not.
    assert 0 < accepted < 300


def flips(data: bytes) -> list[bytes]:
    """Every byte in turn with one bit changed, another bit for every place."""
    return [data[:place] + bytes([data[place] ^ (1 << (place % 8))]) + data[place + 1 :] for place in range(len(data))]


@pytest.mark.parametrize("outcome", ["proved", "refuted"])
def test_no_flipped_byte_is_accepted_unless_it_changes_nothing(issuer: Issuer, tool: Any, outcome: str) -> None:
    data = evidence.to_text(issuer.sign(outcome)[0]).encode()
    meaning = canonical.canonicalise(json.loads(data))
    accepted_here = accepted_by_tool = 0
    for flipped in flips(data):
        try:
            evidence.verify(evidence.read(flipped))
            accepted_here += 1
            assert canonical.canonicalise(json.loads(flipped)) == meaning
        except EvidenceError:
            pass
        try:
            tool["verify"](flipped.decode("utf-8"))
        except Exception:
            continue
        accepted_by_tool += 1
        assert canonical.canonicalise(json.loads(flipped)) == meaning
    # Blanks between members do change without harm; that both agree on them shows that the loop tests something.
    assert accepted_here == accepted_by_tool
    assert accepted_here < len(data) / 2


@pytest.mark.parametrize(
    "value",
    [0.0, -0.0, 1.0, 0.1, 1e21, 123456789012345680000.0, 1e-6, 1e-7, 5e-324, 2.0**-44, 1.7976931348623157e308, 2.5e-9]
    + [3.0 * 2.0**power for power in range(-80, 80, 7)],
)
def test_the_tool_spells_numbers_as_we_do(tool: Any, value: float) -> None:
    assert tool["canonical"]([value, -value]).encode() == canonical.canonicalise([value, -value])


def test_the_tool_spells_names_and_texts_as_we_do(tool: Any) -> None:
    tree = {"€": '\x07\\"/\u2028đ', "\r": [], "\U0001f600": {}, "דּ": [None, True, False, 12], "": {"b": 1, "a": 2}}
    assert tool["canonical"](tree).encode() == canonical.canonicalise(tree)


def test_the_tool_alone_accepts_and_refuses(issuer: Issuer, new_issuer: Any, tmp_path: Path) -> None:
    path, key, other = tmp_path / "e.json", tmp_path / "key.pem", tmp_path / "other.txt"
    signed = issuer.write(path, disclosed=False)
    key.write_bytes(signing.public_pem(issuer.key.private.public_key()))
    other.write_text(new_issuer().key.did)
    accepted = run_tool(path)
    assert accepted.returncode == 0, accepted.stderr
    assert "you decide" in accepted.stdout
    assert signed.id in accepted.stdout
    assert run_tool(path, key).stdout.startswith("ACCEPTED\n")
    assert run_tool(path, other).returncode == 1
    path.write_bytes(path.read_bytes().replace(b'"proved"', b'"bounded"'))
    refused = run_tool(path, key)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "altered" in refused.stderr
    assert run_tool(tmp_path / "none").returncode == 64
    assert run_tool(tmp_path).returncode == 64
    assert run_tool().returncode == 64
    path.write_bytes(os.urandom(500))
    assert run_tool(path).returncode == 1


def test_the_tool_imports_nothing_of_ours() -> None:
    imported = {
        line.split()[1].split(".")[0] for line in TOOL.read_text().splitlines() if line.startswith(("import ", "from "))
    }
    assert imported == {"json", "hashlib", "sys", "cryptography"}


def test_the_tool_does_not_let_a_file_write_to_the_terminal(issuer: Issuer, tmp_path: Path) -> None:
    document = json.loads(evidence.to_text(issuer.sign()[0]))
    document["task"]["id"] = "x\x1b[2J"
    document["conditions"]["proctored"] = "\u202e"
    del document["signature"]
    document["signature"] = issuer.key.sign(canonical.canonicalise(document)).hex()
    (tmp_path / "e.json").write_text(json.dumps(document))
    shown = run_tool(tmp_path / "e.json")
    assert shown.returncode == 0
    assert (shown.stdout + shown.stderr).isascii()
    assert "\x1b" not in shown.stdout + shown.stderr


trees = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    # A whole double beyond 2^53 is spelt like an integer, which evidence never holds.
    .filter(lambda value: abs(value) < 2**53 or abs(value) >= 1e21)
    | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner),
    max_leaves=12,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(trees)
def test_the_tool_and_we_agree_on_every_tree(tool: Any, tree: Any) -> None:
    assert tool["canonical"](tree).encode() == canonical.canonicalise(tree)


def test_differences_leave_out_what_may_differ(issuer: Issuer) -> None:
    verdict = make_verdict("proved")
    signed, _ = issuer.sign(verdict=verdict)
    assert evidence.differences(signed, replace(verdict, method="sat", seconds=9.0, warnings=(), tools={})) == ()
    assert evidence.differences(signed, replace(verdict, outcome=Outcome.UNDECIDED)) == (
        "verdict proved then, undecided now",
    )
    rejected = make_verdict("rejected", diagnostics=(Diagnostic("slang.a", "error", {"text": "a"}),))
    assert evidence.differences(issuer.sign(verdict=rejected)[0], make_verdict("rejected")) == (
        "errors slang.a then, none now",
    )
    measured = make_verdict("measured", measurements=(Measurement("area", 10.0, "um2", True),))
    assert evidence.differences(
        issuer.sign(verdict=measured)[0], replace(measured, measurements=(Measurement("area", 11.0, "um2", True),))
    ) == ("measurements differ",)
