"""A learner's way through the hub: a wrong attempt, the trace, a proof, the credential."""

from __future__ import annotations

import re
import secrets
from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from visiting import PASSWORD, Browser, files, verdict_of

from chiploom.credentials import badge
from chiploom.grading import evidence
from chiploom.hub import checking
from chiploom.hub.database.schema import CredentialRecord, User
from chiploom.hub.hub import Hub
from chiploom.hub.pages import submissions
from chiploom.tasks.load import load_pack, load_task

TASK = load_task(load_pack(), "gates")
LAB = "/lab/foundations/gates"


def outcome(fragment: str) -> str:
    found = re.search(r'data-outcome="(\w+)"', fragment)
    assert found is not None
    return found[1]


def test_from_a_wrong_attempt_to_a_credential(hub: Hub, learner: Browser, stranger: Browser) -> None:
    assert "Next" in learner.get("/learn")
    assert "logic_gates" in learner.get(LAB)
    right = TASK.reference[0].text
    refuted = verdict_of(learner, learner.post(f"{LAB}/check", files=files(right.replace("&", "|", 1))))
    assert outcome(refuted) == "refuted"
    assert "trace-data" in refuted
    rejected = verdict_of(learner, learner.post(f"{LAB}/check", files=files(right.replace("endmodule", ""))))
    assert outcome(rejected) == "rejected"
    assert "findings-data" in rejected
    proved = verdict_of(learner, learner.post(f"{LAB}/check", files=files(right)))
    assert outcome(proved) == "proved"

    portfolio = learner.get("/portfolio")
    identifier = re.search(r"/evidence/(urn:uuid:[0-9a-f-]+)\.json", portfolio)
    assert identifier is not None
    piece = evidence.read(learner.get(f"/evidence/{identifier[1]}.json").encode())
    evidence.verify(piece, hub.key.did)
    assert piece.is_met
    learner.post("/portfolio/credentials", skill=TASK.skills[0])
    credential = re.search(r"/credentials/(urn:uuid:[0-9a-f-]+)\.jwt", learner.get("/portfolio"))
    assert credential is not None
    stranger.get(f"/credentials/{credential[1]}", status=404)
    learner.post(f"/portfolio/credentials/{credential[1]}/publish", public="true")
    assert TASK.skills[0] in stranger.get(f"/credentials/{credential[1]}")
    checked = badge.verify(stranger.get(f"/credentials/{credential[1]}.jwt"), key=hub.key.did, evidence=[piece])
    assert checked.holder_name == ""

    for language, title in TASK.title.items():
        learner.post("/language", chosen=language)
        shown = learner.get("/portfolio")
        assert f"<td>{title}</td>" in shown and "foundations/gates" not in shown


@pytest.mark.parametrize("text", ["", "no credential", "a.b.c", "{}"])
def test_a_credential_that_does_not_verify_says_so(
    text: str, hub: Hub, learner: Browser, stranger: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    identifier = f"urn:uuid:{secrets.token_hex(16)}"
    with hub.database.writing() as session:
        owner = session.scalars(select(User.id).order_by(User.id.desc()).limit(1)).one()
        session.add(
            CredentialRecord(
                id=identifier, user_id=owner, skill="logic", issued_at=datetime.now(UTC), text=text, is_public=True
            )
        )
    with caplog.at_level("WARNING"):
        shown = stranger.get(f"/credentials/{identifier}")
    assert "does not verify" in shown and "check-result" not in shown
    assert f"credential {identifier} does not verify" in caplog.text
    assert identifier in learner.get("/portfolio")


def test_what_is_anothers_is_not_found(hub: Hub, learner: Browser, operator: Browser) -> None:
    fragment = learner.post(f"{LAB}/check", files=files(TASK.reference[0].text))
    number = re.search(r'data-submission="(\d+)"', fragment)
    assert number is not None
    verdict_of(learner, fragment)
    for path in ("", "/state", "/trace.json"):
        operator.get(f"/submissions/{number[1]}{path}", status=404)


def test_a_draft_of_another_window_is_not_overwritten(learner: Browser) -> None:
    def save(text: str, revision: int) -> int:
        answer = learner.client.put(
            f"{LAB}/draft",
            json={"files": [["design.sv", text]], "revision": revision},
            headers={"x-csrf-token": learner.csrf, "accept": "application/json"},
        )
        return answer.status_code

    assert save("// one", 0) == 200
    assert save("// two", 1) == 200
    assert save("// from a window that was left open", 1) == 409
    assert "// two" in learner.get(LAB)


def test_hints_come_in_order_and_are_written_down(learner: Browser) -> None:
    learner.post(f"{LAB}/hints/2", status=422)
    learner.post(f"{LAB}/hints/1")
    learner.post(f"{LAB}/hints/2")
    assert "hints/3" in learner.get(LAB)


def test_the_editor_is_told_what_the_compiler_says_and_runs_own_inputs(learner: Browser) -> None:
    headers = {"x-csrf-token": learner.csrf}
    sent = {"files": [["design.sv", "module logic_gates(input a);\nasign y = a;\nendmodule"]]}
    answer = learner.client.post(f"{LAB}/diagnose", json=sent, headers=headers)
    assert [found["line"] for found in answer.json()["diagnostics"]][:1] == [2]
    shown = learner.post(f"{LAB}/run", files=files(TASK.reference[0].text), stimulus="a,b,c\n0,1,0\n1,1,1\n")
    assert "trace-data" in shown
    learner.post(f"{LAB}/run", files=files(TASK.reference[0].text), stimulus="nothing\n0\n", status=422)


def test_a_busy_hub_looks_at_less_while_somebody_types_and_says_so(
    learner: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    looped = "module logic_gates(input a, output y);\nwire w;\nassign w = a ^ y;\nassign y = w;\nendmodule"

    def diagnosed() -> tuple[set[str], bool]:
        sent = {"files": [["design.sv", looped]]}
        answer = learner.client.post(f"{LAB}/diagnose", json=sent, headers={"x-csrf-token": learner.csrf}).json()
        return {found["code"] for found in answer["diagnostics"]}, answer["complete"]

    whole, is_complete = diagnosed()
    assert is_complete
    assert "hdl.combinational-loop" in whole
    monkeypatch.setattr(checking, "_QUEUED", -1)
    quick, is_complete = diagnosed()
    assert not is_complete
    assert "hdl.combinational-loop" not in quick


def test_a_verdict_that_comes_at_once_is_the_answer_to_the_check(
    learner: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(submissions, "_SOON_S", 60.0)
    shown = learner.post(f"{LAB}/check", files=files("module logic_gates(input a, output y); endmodule"))
    assert 'data-outcome="rejected"' in shown


def test_whoever_waits_behind_many_is_told_the_place_at_once(learner: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(submissions, "_FEW", -1)
    # To wait would fail.
    monkeypatch.setattr(submissions, "until_done", None)
    shown = learner.post(f"{LAB}/check", files=files("// nothing yet"))
    assert 'data-submission="' in shown
    monkeypatch.undo()
    assert "data-outcome" in verdict_of(learner, shown)


def test_whoever_was_given_a_password_chooses_another_first(hub: Hub, learner: Browser) -> None:
    with hub.database.writing() as session:
        newest = session.scalars(select(User).order_by(User.id.desc()).limit(1)).one()
        newest.must_change_password = True
    answer = learner.client.get("/learn", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/account")
    learner.post(f"{LAB}/check", status=403, files=files(TASK.reference[0].text))
    learner.post("/account/password", present=PASSWORD, new="một câu khác hẳn")
    learner.get("/learn")
