"""Uploaded packs: examined task by task, usable once admitted, gone on with after an interruption."""

from __future__ import annotations

import io
import shutil
import threading
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from classroom import NOW, Classroom, open_classroom
from sqlalchemy import select

from chiploom.errors import UsageError
from chiploom.hub.database.schema import PackUpload
from chiploom.hub.hub import Hub, hub_directory
from chiploom.hub.library import Library
from chiploom.hub.teaching import admitting
from chiploom.hub.teaching.admitting import Admissions
from chiploom.tasks.load import builtin_pack_directory


def pack_of(tmp_path: Path, pack_id: str, *tasks: str) -> io.BytesIO:
    """Return the archive of a pack with some of our own tasks."""
    root = tmp_path / pack_id
    root.mkdir()
    for task in tasks:
        shutil.copytree(builtin_pack_directory() / task, root / task)
    listed = ", ".join(f'"{task}"' for task in tasks)
    (root / "pack.toml").write_text(
        f'id = "{pack_id}"\nversion = "1.0.0"\nlicence = "CC-BY-4.0"\nauthors = ["A"]\n'
        f'languages = ["en", "vi", "fr"]\ntasks = [{listed}]\n'
        '[title]\nen = "Exam"\nvi = "Đề thi"\nfr = "Examen"\n'
    )
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as opened:
        for path in sorted(root.rglob("*")):
            opened.write(path, path.relative_to(tmp_path))
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
