"""Everybody takes along all that is held about them, and afterwards nothing leads to them any more."""

from __future__ import annotations

import io
import json
import re
import secrets
import zipfile
from typing import Any

import pytest
from doors import NOW, belongings, browser, person
from sqlalchemy import JSON, Boolean, Column, String, Table, Text, cast, select, update
from starlette.testclient import TestClient
from visiting import PASSWORD, Browser, sign_up

from chiploom.grading import evidence
from chiploom.hub.database.schema import (
    Assignment,
    Base,
    Class,
    Course,
    Enrolment,
    EvidenceRecord,
    Extension,
    Moment,
    Override,
    SignIn,
    Submission,
    User,
)
from chiploom.hub.hub import Hub
from chiploom.hub.operation import privacy
from chiploom.hub.people import accounts
from chiploom.hub.people.accounts import Person
from chiploom.tasks.load import load_pack, load_task

TASK = load_task(load_pack(), "gates")
LAB = "/lab/foundations/gates"


def everything(hub: Hub) -> str:
    """Return all that any column of any table holds, as text."""
    found = []
    with hub.database.reading() as session:
        for table in Base.metadata.sorted_tables:
            for row in session.execute(select(*(cast(column, Text) for column in table.columns))):
                found.append(" ".join(str(value) for value in row))
    return "\n".join(found)


def graded(browser: Browser, text: str) -> None:
    fragment = browser.post(f"{LAB}/check", files=json.dumps([["design.sv", text]]))
    for _ in range(12):
        if 'data-outcome="' in fragment:
            return
        found = re.search(r'data-submission="(\d+)"', fragment)
        assert found is not None
        fragment = browser.get(f"/submissions/{found[1]}/state?wait=10")
    raise AssertionError("no verdict")


def taught(hub: Hub, user_id: int, name: str) -> None:
    """Let a lecturer write about a person, by name."""
    lecturer = person(hub, "lecturer")
    with hub.database.writing() as session:
        course = Course(institution_id=1, title="Mạch số", created_at=NOW, created_by=lecturer.id)
        session.add(course)
        session.flush()
        group = Class(course_id=course.id, name="K66", created_at=NOW)
        session.add(group)
        session.flush()
        assignment = Assignment(
            class_id=group.id,
            pack_id="foundations",
            task_id="gates",
            mode="practice",
            seed="0",
            opens_at=NOW,
            due_at=NOW,
            closes_at=NOW,
            created_at=NOW,
        )
        session.add(assignment)
        session.add(Enrolment(class_id=group.id, user_id=user_id, role="learner"))
        session.flush()
        session.add(
            Extension(assignment_id=assignment.id, user_id=user_id, due_at=NOW, closes_at=NOW, reason=f"{name} ốm")
        )
        session.add(
            Override(
                assignment_id=assignment.id,
                user_id=user_id,
                points=9.0,
                reason=f"cho {name}",
                at=NOW,
                by_id=lecturer.id,
            )
        )


@pytest.fixture
def known(hub: Hub) -> tuple[Browser, str, str, int]:
    """A learner who leaves a name and a login wherever one can."""
    login, name = f"le{secrets.token_hex(6)}", f"Lê Thị {secrets.token_hex(6).upper()}"
    learner = sign_up(hub, login, name)
    right = TASK.reference[0].text
    graded(learner, f"// by {name}, {login}\n{right}")
    graded(learner, right.replace("&", "|", 1).replace("endmodule", f"// {name}\nendmodule"))
    graded(learner, f"module logic_gates(input {login});\nendmodule")
    learner.client.put(
        f"{LAB}/draft",
        json={"files": [["design.sv", f"// {name}"]], "revision": 0},
        headers={"x-csrf-token": learner.csrf},
    )
    learner.post("/portfolio/credentials", skill=TASK.skills[0], with_name="true")
    learner.post("/account/tokens", name=name, days=3, scopes="read")
    with hub.database.reading() as session:
        number = session.scalars(select(User.id).where(User.login == login)).one()
    taught(hub, number, name)
    assert name in everything(hub) and login in everything(hub)
    return learner, login, name, number


def test_after_erasure_no_column_of_any_table_holds_name_or_login(
    hub: Hub, known: tuple[Browser, str, str, int]
) -> None:
    learner, login, name, number = known
    with hub.database.reading() as session:
        before = session.get_one(User, number).subject
        documents = session.scalars(select(EvidenceRecord.document).where(EvidenceRecord.user_id == number)).all()
        traces = session.scalars(
            select(Submission.trace_hash).where(Submission.user_id == number, Submission.trace_hash.is_not(None))
        ).all()
    assert documents and traces
    learner.post("/account/data/erase", status=401, password="not the right one")
    assert name in everything(hub)
    learner.post("/account/data/erase", password=PASSWORD)
    left = everything(hub)
    assert name not in left and login not in left
    # The name in other spellings that a column could hold it in: JSON escapes, bytes of a file.
    assert json.dumps(name)[1:-1] not in left
    with hub.database.reading() as session:
        user = session.get_one(User, number)
        assert (user.subject, user.login, user.name, user.password_hash) == (before, None, "", "")
        kept = session.scalars(select(EvidenceRecord.document).where(EvidenceRecord.user_id == number)).all()
        assert kept == documents
        rows = session.scalars(select(Submission).where(Submission.user_id == number)).all()
        assert {row.outcome for row in rows} == {"proved", "refuted", "rejected"}
        assert all(row.files == [] for row in rows)
        assert not session.scalars(select(SignIn).where(SignIn.user_id == number)).all()
    for document in kept:
        evidence.verify(evidence.read(document.encode()), hub.key.did)
    assert learner.client.get("/account", follow_redirects=False).status_code == 303
    entered = learner.client.post("/sign-in", data={"login": login, "password": PASSWORD}, follow_redirects=False)
    assert entered.status_code == 401
    assert all(name not in path.read_text() for path in hub.traces.path_of("ab12").parents[1].rglob("*.json"))
    # Somebody else may be called so from now on.
    assert sign_up(hub, login).get("/account")


def test_a_trace_that_others_have_too_is_kept(hub: Hub) -> None:
    wrong = TASK.reference[0].text.replace("&", "|", 1)
    one, other = (sign_up(hub, f"two-{secrets.token_hex(4)}") for _ in range(2))
    graded(one, wrong)
    graded(other, wrong)
    one.post("/account/data/erase", password=PASSWORD)
    assert "trace-data" in other.get(LAB)


def test_an_operator_may_have_files_kept(hub: Hub, known: tuple[Browser, str, str, int]) -> None:
    _, _, _, number = known
    operator = person(hub, "operator")
    client, csrf = browser(hub, operator)
    headers = {"x-csrf-token": csrf}
    days = {"drafts": 365, "practice": 0, "audit": 0}
    for choice in ("keep", "delete"):
        answer = client.post("/operate/retention", data={**days, "erasure_files": choice}, headers=headers)
        assert answer.status_code == 303
        if choice == "keep":
            erased = client.post(f"/operate/people/{number}/erase", data={"password": PASSWORD}, headers=headers)
            assert erased.status_code == 303
    with hub.database.reading() as session:
        assert all(session.scalars(select(Submission.files).where(Submission.user_id == number)))
    again = client.post(f"/operate/people/{number}/erase", data={"password": PASSWORD}, headers=headers)
    assert again.status_code == 409
    shown = client.get(f"/operate/people/{number}").text
    assert "erased" in shown and "/erase" not in shown


def test_what_waits_when_its_owner_is_erased_is_not_graded_any_more(hub: Hub) -> None:
    user = person(hub, "learner")
    owned = belongings(hub, user, "mine")
    with hub.database.writing() as session:
        session.execute(
            update(Submission)
            .where(Submission.id == owned["submission"])
            .values(state="queued", outcome=None, verdict=None)
        )
    client, csrf = browser(hub, user)
    answer = client.post("/account/data/erase", data={"password": PASSWORD}, headers={"x-csrf-token": csrf})
    assert answer.status_code == 303
    with hub.database.reading() as session:
        row = session.get_one(Submission, owned["submission"])
    assert (row.state, row.outcome, row.files) == ("done", "undecided", [])


def test_the_last_operator_cannot_be_erased(hub: Hub, operator: Browser) -> None:
    with hub.database.writing() as session:
        from chiploom.hub.database.schema import Membership

        others = select(User.id).where(User.login != "op")
        session.execute(
            update(Membership)
            .where(Membership.role == "operator", Membership.user_id.in_(others))
            .values(role="learner")
        )
    operator.post("/account/data/erase", status=409, password=PASSWORD)
    assert "op" in operator.get("/operate/people?q=op")


def unpacked(answer: Any) -> dict[str, bytes]:
    assert answer.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def test_an_export_holds_everything_and_nobody_elses(hub: Hub, known: tuple[Browser, str, str, int]) -> None:
    learner, login, name, number = known
    other = sign_up(hub, f"other-{secrets.token_hex(4)}", "Phạm Thị Khác")
    graded(other, TASK.reference[0].text)
    answer = learner.client.post("/account/data/export", headers={"x-csrf-token": learner.csrf})
    held = unpacked(answer)
    account = json.loads(held["account.json"])
    assert (account["login"], account["name"], account["id"]) == (login, name, number)
    submissions = [json.loads(line) for line in held["submissions.jsonl"].splitlines()]
    assert [each["outcome"] for each in submissions] == ["proved", "refuted", "rejected"]
    assert submissions[1]["trace"]["cycles"]
    assert name in held["drafts.jsonl"].decode()
    assert name in held["extensions.jsonl"].decode() and name in held["overrides.jsonl"].decode()
    assert len(held["practice.jsonl"].splitlines()) == 1
    (piece,) = (file for file in held if re.fullmatch(r"evidence/[0-9a-f-]{36}\.json", file))
    evidence.verify(evidence.read(held[piece]), hub.key.did)
    assert piece.replace(".json", ".opening.json") in held
    assert [file for file in held if file.startswith("credentials/")]
    whole = b"\n".join(held.values()).decode()
    assert "Phạm Thị Khác" not in whole
    for secret in ("$argon2", "token_hash", "csrf"):
        assert secret not in whole


#: Columns that refer to a person and whose rows are not in that person's export, with the reason.
NOT_EXPORTED = {
    "override.by_id": "what was decided about a learner is the learner's; that somebody decided it is in their audit",
}
#: Texts that erasure leaves as they are, with the reason.
NOT_ERASED = {
    "cluster_comment.text": "what a lecturer said to a class about its designs",
    "course.title": "belongs to the institution",
    "evidence.document": "signed, with the subject alone",
    "pack_upload.reason": "says what is wrong with a pack",
}
#: Columns that hold one of a few words, a hash or the name of a task or folder, never what a person wrote.
WORDS = {"id", "pack_id", "task_id", "version", "pack_version", "directory", "day", "mode", "state", "outcome"}
WORDS |= {"role", "purpose", "trace_hash", "token_hash", "csrf", "scopes", "cluster"}


def one_of_everything(hub: Hub, mark: str) -> tuple[int, dict[str, object]]:
    """Make a person and a row in every table that refers to them, with ``mark`` in every text; return its keys."""
    person_id, other = person(hub, "learner", name=mark).id, person(hub, "learner").id
    made: dict[str, object] = {}
    with hub.database.writing() as session:
        # What rows refer to besides people.
        course = Course(institution_id=1, title="Mạch số", created_at=NOW, created_by=other)
        session.add(course)
        session.flush()
        group = Class(course_id=course.id, name="K66", created_at=NOW)
        session.add(group)
        session.flush()
        assignment = Assignment(
            class_id=group.id,
            pack_id="p",
            task_id="t",
            mode="practice",
            seed="",
            opens_at=NOW,
            due_at=NOW,
            closes_at=NOW,
            created_at=NOW,
        )
        submission = Submission(
            user_id=other, pack_id="p", pack_version="1", task_id="t", files=[], created_at=NOW, state="done"
        )
        session.add_all([assignment, submission])
        session.flush()
        targets = {"institution": 1, "class": group.id, "course": course.id}
        targets |= {"assignment": assignment.id, "submission": submission.id}
        for table, column in references():
            if table.name == "membership":
                continue
            values: dict[str, object] = {}
            for each in table.columns:
                if each.name == column.name:
                    values[each.name] = person_id
                elif each.foreign_keys:
                    target = next(iter(each.foreign_keys)).column.table.name
                    values[each.name] = other if target == "account" else targets[target]
                elif isinstance(each.type, JSON):
                    values[each.name] = [[mark, mark]] if each.name == "files" else {}
                elif isinstance(each.type, String):
                    length = each.type.length or 500
                    values[each.name] = secrets.token_hex(4) if each.name in WORDS else mark[:length]
                elif isinstance(each.type, Moment) and not each.nullable:
                    values[each.name] = NOW
                elif isinstance(each.type, Boolean):
                    values[each.name] = False
                elif not each.nullable and each is not table.autoincrement_column:
                    values[each.name] = 1
            if table.name == "submission":
                values |= {"state": "done", "outcome": "proved"}
            result = session.execute(table.insert().values(values))
            made[f"{table.name}.{column.name}"] = result.inserted_primary_key
    return person_id, made


def references() -> list[tuple[Table, Column[Any]]]:
    """Return every column that refers to a person, with its table."""
    return [
        (table, column)
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if any(key.column.table.name == "account" for key in column.foreign_keys)
    ]


def test_every_row_that_refers_to_a_person_is_exported_or_there_is_a_reason(hub: Hub) -> None:
    mark = secrets.token_hex(8)
    number, made = one_of_everything(hub, mark)
    with privacy.export(hub, number) as stream, zipfile.ZipFile(stream) as archive:
        held = {name: archive.read(name).decode() for name in archive.namelist()}
    files = {
        "api_token": "tokens",
        "cluster_comment": "cluster-comments",
        "consent": "consents",
        "course": "courses",
        "draft": "drafts",
        "enrolment": "enrolments",
        "extension": "extensions",
        "hint_use": "hints",
        "override": "overrides",
        "pack_upload": "packs",
        "practice_day": "practice",
        "sign_in": "sign-ins",
        "submission": "submissions",
    }
    named = {"evidence": "evidence/", "credential": "credentials/", "membership": "account.json"}
    for table, column in references():
        place = f"{table.name}.{column.name}"
        if place in NOT_EXPORTED:
            continue
        assert table.name in files or table.name in named, f"{place}: export it in privacy.py, or say here why not"
        file = f"{files[table.name]}.jsonl" if table.name in files else named[table.name]
        found = [text for name, text in held.items() if name.startswith(file)]
        assert any(found), f"{place} is not in the export"
    assert set(NOT_EXPORTED) <= set(made)


def test_every_text_about_a_person_is_erased_or_there_is_a_reason(hub: Hub) -> None:
    mark = secrets.token_hex(8)
    number, made = one_of_everything(hub, mark)
    with hub.database.reading() as session:
        assert session.scalar(select(User.name).where(User.id == number)) == mark
    actor = person(hub, "operator")
    privacy.erase(hub, Person(actor.id, actor.subject, "", "en", frozenset({"operator"})), number)
    left = set()
    with hub.database.reading() as session:
        for table in Base.metadata.sorted_tables:
            for column in table.columns:
                if session.execute(select(column).where(cast(column, Text).contains(mark)).limit(1)).first():
                    left.add(f"{table.name}.{column.name}")
    # A reason that a lecturer gave stays where it is about somebody else; its own learner's erasure takes it away.
    assert left - {"override.reason"} == set(NOT_ERASED), f"erase these in privacy.py, or say here why not: {left}"
    with hub.database.reading() as session:
        reasons = session.scalars(select(Override.user_id).where(Override.reason.contains(mark))).all()
    assert number not in reasons
    assert len(made) == len(references()) - 1


def test_what_a_lecturer_did_for_somebody_is_in_both_exports(hub: Hub) -> None:
    learner, lecturer, other = (person(hub, role) for role in ("learner", "lecturer", "learner"))
    speaking = Person(lecturer.id, lecturer.subject, "", "en", frozenset({"lecturer"}))
    with hub.database.writing() as session:
        accounts.audit(session, speaking, "points-given", "assignment 99", user=learner.id)
    for user, lines in ((learner, 1), (lecturer, 1), (other, 0)):
        with privacy.export(hub, user.id) as stream, zipfile.ZipFile(stream) as archive:
            told = archive.read("audit.jsonl").decode()
        assert told.count('"points-given"') == lines, user.id


def test_a_withdrawn_consent_closes_what_it_opened(hub: Hub, known: tuple[Browser, str, str, int]) -> None:
    learner, _, _, _ = known
    credential = re.search(r"/credentials/(urn:uuid:[0-9a-f-]+)\.jwt", learner.get("/portfolio"))
    assert credential is not None
    learner.post(f"/portfolio/credentials/{credential[1]}/publish", public="true")
    stranger = TestClient(learner.client.app)
    assert stranger.get(f"/credentials/{credential[1]}").status_code == 200
    for number in re.findall(r"/consents/(\d+)/withdraw", learner.get("/account/data")):
        learner.post(f"/account/data/consents/{number}/withdraw")
    assert stranger.get(f"/credentials/{credential[1]}").status_code == 404
    assert "/withdraw" not in learner.get("/account/data")
