"""Uploaded packs: examined task by task, usable once admitted, gone on with after an interruption."""

from __future__ import annotations

import io
import itertools
import re
import shutil
import threading
import time
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from classroom import NOW, RIGHT, Classroom, local, open_classroom
from httpx2 import Response
from sqlalchemy import select, update
from visiting import Browser, files, verdict_of

from chiploom.errors import UsageError
from chiploom.hub.database.schema import Assignment, Institution, Membership, PackUpload, Submission
from chiploom.hub.hub import Hub, hub_directory
from chiploom.hub.library import Library, version_key
from chiploom.hub.teaching import admitting
from chiploom.hub.teaching.admitting import Admissions
from chiploom.tasks.load import builtin_pack_directory


def pack_of(tmp_path: Path, pack_id: str, *tasks: str, version: str = "1.0.0") -> io.BytesIO:
    """Return the archive of a pack with some of our own tasks."""
    root = tmp_path / version / pack_id
    root.mkdir(parents=True)
    for task in tasks:
        shutil.copytree(builtin_pack_directory() / task, root / task)
    listed = ", ".join(f'"{task}"' for task in tasks)
    (root / "pack.toml").write_text(
        f'id = "{pack_id}"\nversion = "{version}"\nlicence = "CC-BY-4.0"\nauthors = ["A"]\n'
        f'languages = ["en", "vi", "fr"]\ntasks = [{listed}]\n'
        '[title]\nen = "Exam"\nvi = "Đề thi"\nfr = "Examen"\n'
    )
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as opened:
        for path in sorted(root.rglob("*")):
            opened.write(path, path.relative_to(root.parent))
    data.seek(0)
    return data


def report(task_id: str, admitted: bool = True) -> dict[str, Any]:
    findings = [] if admitted else [{"subject": "reference", "problem": "is wrong", "variant": None, "blocking": True}]
    return {"task": task_id, "admitted": admitted, "findings": findings}


def upload(room: Classroom, admissions: Admissions, data: io.BytesIO) -> int:
    directory, pack = admissions.unpack(data)
    with room.hub.database.writing() as session:
        row = PackUpload(
            pack_id=pack.id,
            version=pack.version,
            directory=directory,
            task_count=len(pack.task_ids),
            by_id=room.person.id,
            uploaded_at=NOW,
            state="testing",
            reports=[],
        )
        session.add(row)
        session.flush()
        return row.id


def row_of(hub: Hub, number: int) -> PackUpload:
    with hub.database.reading() as session:
        return session.get_one(PackUpload, number)


def until(condition: Callable[[], bool], limit_s: float = 60.0) -> None:
    ends = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < ends, "not within its time"
        time.sleep(0.05)


@pytest.fixture
def room(hub: Hub) -> Classroom:
    hub.admissions.stop()
    return open_classroom(hub, learners=1)


def test_what_was_interrupted_is_gone_on_with_and_then_admitted(hub: Hub, room: Classroom, tmp_path: Path) -> None:
    library, packs, asked = Library(), tmp_path / "packs", []

    def interrupted(directory: Path, task_id: str, stopping: threading.Event) -> dict[str, Any] | None:
        asked.append(task_id)
        if task_id == "gates" and asked.count("gates") == 1:
            stopping.wait(30)
            return None
        return report(task_id)

    first = Admissions(hub.database, library, packs, interrupted)
    number = upload(room, first, pack_of(tmp_path, "interrupted", "wire", "gates"))
    first.start()
    until(lambda: "gates" in asked)
    assert "interrupted" not in library.packs
    first.stop()
    assert [item["task"] for item in row_of(hub, number).reports] == ["wire"]

    second = Admissions(hub.database, library, packs, interrupted)
    second.start()
    until(lambda: row_of(hub, number).state != "testing")
    second.stop()
    assert asked == ["wire", "gates", "gates"]
    assert row_of(hub, number).state == "admitted"
    assert [task.id for task in library.tasks("interrupted")] == ["wire", "gates"]
    assert "interrupted" not in library.open_packs

    again = Library()
    Admissions(hub.database, again, packs).load()
    assert "interrupted" in again.packs
    assert again.task("interrupted", "gates", 1).variant == 1


def test_one_refused_task_keeps_the_pack_out(hub: Hub, room: Classroom, tmp_path: Path) -> None:
    library = Library()
    admissions = Admissions(
        hub.database, library, tmp_path / "packs", lambda _, task_id, __: report(task_id, task_id != "gates")
    )
    number = upload(room, admissions, pack_of(tmp_path, "refused", "wire", "gates"))
    admissions.start()
    until(lambda: row_of(hub, number).state != "testing")
    admissions.stop()
    assert row_of(hub, number).state == "refused"
    assert "refused" not in library.packs
    shown = room.lecturer.get(f"/teach/packs/{number}")
    assert "reference: is wrong" in shown and "Tasks examined: 2 of 2." in shown


def test_a_test_that_ends_without_a_report_admits_nothing(tmp_path: Path) -> None:
    found = admitting.examined_apart(tmp_path / "nothing", "wire", threading.Event())
    assert found is not None and found["admitted"] is False
    assert "without a report" in found["findings"][0]["problem"]
    stopping = threading.Event()
    stopping.set()
    assert admitting.examined_apart(tmp_path / "nothing", "wire", stopping) is None


@pytest.mark.parametrize(
    ("pack_id", "spoil", "code"),
    [
        ("foundations", None, "duplicate-pack"),
        ("spoilt", "wire/task.toml", "pack-malformed"),
        ("unlisted", "unlisted", "pack-malformed"),
    ],
)
def test_what_cannot_be_a_pack_here_is_refused_and_not_kept(
    hub: Hub, tmp_path: Path, pack_id: str, spoil: str | None, code: str
) -> None:
    data = pack_of(tmp_path, pack_id, "wire")
    if spoil:
        path = f"{pack_id}/another/task.toml" if spoil == "unlisted" else f"{pack_id}/{spoil}"
        with zipfile.ZipFile(data) as opened:
            entries = {name: opened.read(name) for name in opened.namelist() if name != path}
        data = io.BytesIO()
        with zipfile.ZipFile(data, "w") as opened:
            for name, content in {**entries, path: b"kind = 7\n"}.items():
                opened.writestr(name, content)
    data.seek(0)
    packs = tmp_path / "packs"
    with pytest.raises(UsageError) as caught:
        Admissions(hub.database, hub.library, packs).unpack(data)
    assert caught.value.code == code
    assert list(packs.iterdir()) == []


def test_a_lecturer_uploads_a_pack_and_sets_an_exam_from_it(hub: Hub, room: Classroom, tmp_path: Path) -> None:
    """With the real admission test, in its own process and the box."""
    answer = room.lecturer.client.post(
        "/teach/packs",
        files={"file": ("exam.zip", pack_of(tmp_path, "exam-1", "wire").getvalue(), "application/zip")},
        headers={"x-csrf-token": room.lecturer.csrf},
    )
    assert answer.status_code == 303, answer.text
    address = answer.headers["location"]
    assert 'hx-trigger="every 5s"' in room.lecturer.get(f"{address}/state")
    with hub.database.reading() as session:
        number = session.scalars(select(PackUpload.id).where(PackUpload.pack_id == "exam-1")).one()
    admissions = Admissions(hub.database, hub.library, hub_directory(hub.settings) / "packs")
    admissions.start()
    until(lambda: row_of(hub, number).state != "testing", 110)
    admissions.stop()
    assert row_of(hub, number).state == "admitted", row_of(hub, number).reports
    shown = room.lecturer.get(f"{address}/state")
    assert 'data-state="admitted"' in shown and "hx-trigger" not in shown
    room.lecturer.post(f"{address}/delete", status=422)

    learner = room.learners[0]
    learner.get("/lab/exam-1/wire", status=404)
    made = room.assign(pack_id="exam-1", task_id="wire", mode="exam")
    page = learner.get(f"/assignments/{made}")
    reference = hub.library.task("exam-1", "wire").reference[0].text
    assert reference.strip() not in page
    learner.get("/lab/exam-1/wire", status=404)


def test_an_upload_that_was_not_admitted_can_be_removed(hub: Hub, room: Classroom, tmp_path: Path) -> None:
    number = upload(room, hub.admissions, pack_of(tmp_path, "removed", "wire"))
    directory = hub_directory(hub.settings) / "packs" / row_of(hub, number).directory
    assert directory.is_dir()
    room.lecturer.post(f"/teach/packs/{number}/delete", status=303)
    assert not directory.exists()
    room.lecturer.get(f"/teach/packs/{number}", status=404)


def admitted(hub: Hub, room: Classroom, data: io.BytesIO) -> int:
    """Upload a pack in the browser and have it admitted, the examination left out; return the number of the upload."""
    answer = send(room.lecturer, data)
    assert answer.status_code == 303, answer.text
    number = int(answer.headers["location"].rpartition("/")[2])
    admissions = Admissions(
        hub.database, hub.library, hub_directory(hub.settings) / "packs", lambda _, task_id, __: report(task_id)
    )
    admissions.start()
    until(lambda: row_of(hub, number).state != "testing")
    admissions.stop()
    assert row_of(hub, number).state == "admitted", row_of(hub, number).reason
    return number


def send(browser: Browser, data: io.BytesIO) -> Response:
    return browser.client.post(
        "/teach/packs",
        files={"file": ("pack.zip", data.getvalue(), "application/zip")},
        headers={"x-csrf-token": browser.csrf, "accept": "application/json"},
    )


def test_a_higher_version_takes_the_place_of_one_and_running_assignments_keep_theirs(
    hub: Hub, room: Classroom, tmp_path: Path
) -> None:
    admitted(hub, room, pack_of(tmp_path, "renewed", "wire", "gates"))
    terms = {
        "task": "renewed/gates",
        "opens_at": local(NOW - timedelta(hours=1), hub),
        "due_at": local(NOW + timedelta(days=1), hub),
    }
    room.lecturer.post(f"/teach/classes/{room.class_id}/assignments", status=303, **terms)
    with hub.database.reading() as session:
        made = session.scalars(select(Assignment.id).where(Assignment.pack_id == "renewed")).one()
    number = handed_in(hub, room, made)

    # The task of the running assignment is not even in the new version.
    admitted(hub, room, pack_of(tmp_path, "renewed", "wire", version="1.1.0"))
    assert hub.library.packs["renewed"].version == "1.1.0"
    assert [task.id for task in hub.library.tasks("renewed")] == ["wire"]
    for library in (hub.library, Library()):
        if library is not hub.library:
            Admissions(hub.database, library, hub_directory(hub.settings) / "packs").load()
        assert library.task("renewed", "gates", 2, "1.0.0").variant == 2
        assert library.task("renewed", "wire").pack_version == "1.1.0"
        assert library.task("renewed", "wire", version="1.0.0").pack_version == "1.0.0"
        with pytest.raises(UsageError):
            library.task("renewed", "gates")

    learner = room.learners[0]
    assert "logic_gates" in learner.get(f"/assignments/{made}")
    again = handed_in(hub, room, made)
    with hub.database.reading() as session:
        assert [session.get_one(Submission, each).pack_version for each in (number, again)] == ["1.0.0", "1.0.0"]
    room.lecturer.get(f"/teach/submissions/{number}")
    room.lecturer.get(f"/teach/assignments/{made}")
    room.lecturer.post(f"/teach/assignments/{made}", status=303, **{**terms, "points": 50})
    assert (room.row(made).pack_version, room.row(made).points) == ("1.0.0", 50)


def handed_in(hub: Hub, room: Classroom, assignment: int) -> int:
    """Hand in what is proved, and return the number of the submission once it is graded."""
    learner = room.learners[0]
    shown = verdict_of(learner, learner.post(f"/assignments/{assignment}/check", files=files(RIGHT)))
    assert 'data-outcome="proved"' in shown
    found = re.search(r'data-submission="(\d+)"', shown)
    assert found is not None
    return int(found[1])


def test_an_assignment_without_work_takes_the_present_version_when_it_is_saved(
    hub: Hub, room: Classroom, tmp_path: Path
) -> None:
    admitted(hub, room, pack_of(tmp_path, "moved", "wire"))
    terms = {
        "task": "moved/wire",
        "opens_at": local(NOW, hub),
        "due_at": local(NOW + timedelta(days=1), hub),
    }
    room.lecturer.post(f"/teach/classes/{room.class_id}/assignments", status=303, **terms)
    with hub.database.reading() as session:
        made = session.scalars(select(Assignment.id).where(Assignment.pack_id == "moved")).one()
    admitted(hub, room, pack_of(tmp_path, "moved", "wire", version="2.0.0"))
    assert room.row(made).pack_version == "1.0.0"
    room.lecturer.post(f"/teach/assignments/{made}", status=303, **terms)
    assert room.row(made).pack_version == "2.0.0"


@pytest.mark.parametrize("version", ["1.0.0", "0.9.9", "1.0.0-rc1"])
def test_a_version_that_is_not_higher_is_refused(hub: Hub, room: Classroom, tmp_path: Path, version: str) -> None:
    pack_id = f"again-{version.replace('.', '-')}"
    admitted(hub, room, pack_of(tmp_path / "first", pack_id, "wire"))
    answer = send(room.lecturer, pack_of(tmp_path / "second", pack_id, "wire", "gates", version=version))
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "pack-version-not-higher")
    assert hub.library.packs[pack_id].version == "1.0.0"


def test_of_two_that_are_examined_the_lower_one_does_not_come_back(hub: Hub, room: Classroom, tmp_path: Path) -> None:
    library = Library()
    admissions = Admissions(hub.database, library, tmp_path / "packs", lambda _, task_id, __: report(task_id))
    higher = upload(room, admissions, pack_of(tmp_path, "race", "wire", version="2.0.0"))
    lower = upload(room, admissions, pack_of(tmp_path, "race", "wire", version="1.0.0"))
    admissions.start()
    until(lambda: row_of(hub, lower).state != "testing")
    admissions.stop()
    assert (row_of(hub, higher).state, row_of(hub, lower).state) == ("admitted", "refused")
    assert "2.0.0" in row_of(hub, lower).reason
    assert library.packs["race"].version == "2.0.0"


def test_only_the_institution_of_a_pack_renews_it(hub: Hub, room: Classroom, tmp_path: Path) -> None:
    admitted(hub, room, pack_of(tmp_path, "theirs", "wire"))
    colleague = open_classroom(hub, learners=0)
    stranger = open_classroom(hub, learners=0)
    with hub.database.writing() as session:
        elsewhere = Institution(name="Trường Khác", language="vi", created_at=NOW)
        session.add(elsewhere)
        session.flush()
        session.execute(
            update(Membership).where(Membership.user_id == stranger.person.id).values(institution_id=elsewhere.id)
        )
    answer = send(stranger.lecturer, pack_of(tmp_path, "theirs", "wire", version="1.0.1"))
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "duplicate-pack")
    assert send(colleague.lecturer, pack_of(tmp_path / "c", "theirs", "wire", version="1.0.1")).status_code == 303


def test_versions_are_ordered_by_their_numbers() -> None:
    ordered = ["0.9.10", "1.0.0-rc2", "1.0.0-rc10", "1.0.0", "1.0.0+2", "1.0.1", "1.2.0", "1.10.0", "2.0.0"]
    assert all(version_key(lower) < version_key(higher) for lower, higher in itertools.pairwise(ordered))
