"""A task written in the browser becomes the files of a pack, which is examined like any other."""

from __future__ import annotations

import io
import re
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest
from classroom import Classroom, open_classroom
from sqlalchemy import select, update
from test_admitting import report, row_of, send, until

from chiploom.errors import UsageError
from chiploom.hub.database.schema import Institution, Membership, PackUpload
from chiploom.hub.hub import Hub, hub_directory
from chiploom.hub.teaching import writing
from chiploom.hub.teaching.admitting import Admissions
from chiploom.hub.teaching.writing import UnfinishedError, WrittenTask
from chiploom.tasks.load import builtin_pack_directory, load_pack, load_task

LANGUAGES = ("en", "vi", "fr")
RIGHT = "module half(input a, input b, output s, output c);\n  assign s = a ^ b;\n  assign c = a & b;\nendmodule\n"


def fields(**changes: Any) -> dict[str, Any]:
    """A task that is admitted."""
    values: dict[str, Any] = {
        "pack_id": "written",
        "licence": "CC-BY-4.0",
        "authors": 'Lê Văn Giảng, "A"',
        "id": "half-adder",
        "kind": "design",
        "track": "design",
        "level": 1,
        "minutes": 10,
        "skills": "combinational.adder, combinational.gates",
        "top": "half",
        "power_up": "free",
        "ports": "input a\r\ninput b\r\noutput s\r\noutput c\r\n",
        "starter": "module half(input a, input b, output s, output c);\nendmodule",
        "reference": RIGHT,
        "alternatives": [RIGHT.replace("a ^ b", "(a | b) & ~(a & b)"), ""],
        "broken": [RIGHT.replace("a ^ b", "a | b"), "", RIGHT.replace("a & b", "a | b")],
    }
    for language in LANGUAGES:
        values |= {f"pack_title_{language}": f"Gói \\ {language}", f"title_{language}": f'Cộng "{language}"'}
        values[f"statement_{language}"] = f"**Bold** in {language}\r\n\r\n<script>alert(1)</script>"
        values |= {f"hint_{number}_{language}": f"Hint {number} {language}" for number in (1, 2, 3)}
    return {**values, **changes}


@pytest.fixture
def room(hub: Hub) -> Classroom:
    hub.admissions.stop()
    return open_classroom(hub, learners=1)


def post(room: Classroom, values: dict[str, Any], status: int = 303) -> Any:
    answer = room.lecturer.client.post("/teach/tasks", data=values, headers={"x-csrf-token": room.lecturer.csrf})
    assert answer.status_code == status, answer.text[:3000]
    return answer


def examine(hub: Hub, number: int, examine: Any = None) -> PackUpload:
    admissions = Admissions(hub.database, hub.library, hub_directory(hub.settings) / "packs", examine)
    admissions.start()
    until(lambda: row_of(hub, number).state != "testing", 110)
    admissions.stop()
    return row_of(hub, number)


def upload_of(answer: Any) -> int:
    return int(answer.headers["location"].rpartition("/")[2])


def passed(_: Path, task_id: str, __: object) -> dict[str, Any]:
    return report(task_id)


def test_a_written_task_is_examined_downloaded_and_uploaded_elsewhere(
    hub: Hub, room: Classroom, tmp_path: Path
) -> None:
    """With the real admission test, in its own process and the box."""
    number = upload_of(post(room, fields()))
    row = examine(hub, number)
    assert row.state == "admitted", row.reports
    assert row.version == "1.0.0"
    task = hub.library.task("written", "half-adder")
    assert task.title["vi"] == 'Cộng "vi"' and task.skills == ("combinational.adder", "combinational.gates")
    assert [(port.name, port.direction) for port in task.ports][-1] == ("c", "output")
    assert len(task.broken) == 2 and len(task.alternatives) == 1
    assert hub.library.packs["written"].authors == ("Lê Văn Giảng", '"A"')

    answer = room.lecturer.client.get(f"/teach/packs/{number}/pack.zip")
    assert answer.headers["content-disposition"] == 'attachment; filename="written-1.0.0.zip"'
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        archive.extractall(tmp_path / "elsewhere")
    elsewhere = load_task(load_pack(tmp_path / "elsewhere"), "half-adder")
    assert elsewhere.reference == task.reference
    again = send(room.lecturer, io.BytesIO(answer.content))
    assert again.json()["error"]["code"] == "pack-version-not-higher", "it is a pack like any other"


def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(hub: Hub, room: Classroom) -> None:
    wrong = fields(
        id="../up",
        ports="input a\nwire b",
        hint_2_vi=" ",
        skills="",
        broken=["x", ""],
        authors="<b>A</b>",
        pack_id="wr",
    )
    page = post(room, wrong, 422).text
    for name in ("id", "ports", "hint_2_vi", "skills", "broken_2"):
        assert f'id="{name}-problem"' in page, name
        assert f'href="#{name}"' in page and f'id="{name}"' in page, name
    assert 'id="top-problem"' not in page
    assert "&lt;b&gt;A&lt;/b&gt;" in page and "<b>A" not in page
    assert "wire b" in page and "Hint 1 fr" in page
    with hub.database.reading() as session:
        assert session.scalars(select(PackUpload).where(PackUpload.pack_id == "wr")).all() == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"level": 9}, "level"),
        ({"skills": "Not A Skill"}, "skills"),
        ({"clock": "nothing"}, "clock"),
        ({"kind": "other"}, "kind"),
        ({"constant_outputs": "zzz"}, "constant_outputs"),
        ({"ports": "input a"}, "ports"),
        ({"title_en": "${"}, "title_en"),
        ({"hint_2_fr": "${nothing}"}, "hint_2_fr"),
        ({"statement_vi": "![x](diagrams/none.json)"}, "statement_vi"),
    ],
)
def test_what_the_loader_of_packs_says_is_shown_at_its_field(
    room: Classroom, changes: dict[str, Any], field: str
) -> None:
    page = post(room, fields(pack_id="loader", **changes), 422).text
    assert re.findall(r'id="(\w+)-problem"', page) == [field]


def test_a_pack_is_extended_in_a_higher_version_by_colleagues_only(hub: Hub, room: Classroom) -> None:
    first = upload_of(post(room, fields(pack_id="grown")))
    examine(hub, first, passed)
    assert f"/teach/tasks/new?pack={first}" in room.lecturer.get("/teach/packs")

    colleague, outsider = open_classroom(hub, learners=0), open_classroom(hub, learners=0)
    with hub.database.writing() as session:
        elsewhere = Institution(name="Trường Khác", language="vi", created_at=room.row(room.assign()).created_at)
        session.add(elsewhere)
        session.flush()
        session.execute(
            update(Membership).where(Membership.user_id == outsider.person.id).values(institution_id=elsewhere.id)
        )
    for path in (f"tasks/new?pack={first}", f"packs/{first}/tasks/half-adder", f"packs/{first}/pack.zip"):
        colleague.lecturer.get(f"/teach/{path}")
        outsider.lecturer.get(f"/teach/{path}", status=404)
    post(outsider, fields(base=first, id="more"), 404)
    outsider.lecturer.get("/teach/tasks/new?pack=99999", status=404)

    second = upload_of(post(colleague, fields(base=first, id="more", pack_id="", authors="")))
    assert examine(hub, second, passed).state == "admitted"
    assert hub.library.packs["grown"].version == "1.1.0"
    assert [task.id for task in hub.library.tasks("grown")] == ["half-adder", "more"]
    page = post(room, fields(base=first, id="third"), 422).text
    assert "newer version meanwhile" in page
    with hub.database.reading() as session:
        assert session.scalar(select(PackUpload.id).where(PackUpload.id > second)) is None


def test_what_the_admission_test_found_stands_beside_the_fields(hub: Hub, room: Classroom) -> None:
    number = upload_of(post(room, fields(pack_id="weak")))
    findings = [
        {"subject": subject, "problem": f"{subject} is weak", "variant": None, "blocking": True}
        for subject in ("reference", "broken/wrong-2", "mutants", "languages")
    ]
    refusal = {"task": "half-adder", "admitted": False, "findings": findings}
    assert examine(hub, number, lambda *_: refusal).state == "refused"
    shown = room.lecturer.get(f"/teach/packs/{number}")
    assert f'href="/teach/packs/{number}/tasks/half-adder"' in shown
    page = room.lecturer.get(f"/teach/packs/{number}/tasks/half-adder")
    assert re.findall(r'id="(\w+)-problem">([^<]*)', page) == [
        ("reference", "reference is weak"),
        ("broken_2", "broken/wrong-2 is weak"),
    ]
    assert "languages is weak" in page
    room.lecturer.get(f"/teach/packs/{number}/tasks/none", status=404)
    # Corrected, it is the same version: nobody has had it yet.
    again = upload_of(post(room, fields(base=number)))
    assert row_of(hub, again).version == "1.0.0"


def test_a_preview_shows_the_statement_and_runs_nothing(room: Classroom) -> None:
    shown = room.lecturer.post("/teach/tasks/preview/vi", **fields())
    assert "<strong>Bold</strong> in vi" in shown and "<script>" not in shown
    room.lecturer.post("/teach/tasks/preview/xx", status=404)


@pytest.mark.parametrize("task_id", [*load_pack().task_ids])
def test_every_task_of_ours_goes_into_the_form_and_comes_back(task_id: str, tmp_path: Path) -> None:
    root = tmp_path / "pack"
    shutil.copytree(builtin_pack_directory(), root)
    files = writing.files_in(root)
    sent = writing.task_of_files(files, task_id, 1)
    again = writing.pack_files(WrittenTask(**sent.model_dump()), files, "9.0.0")
    assert set(files) - set(again) <= {path for path in files if path.startswith((f"{task_id}/a", f"{task_id}/b"))}
    for path, data in again.items():
        (root / path).parent.mkdir(exist_ok=True)
        (root / path).write_bytes(data)
    before, after = (load_task(load_pack(folder), task_id) for folder in (builtin_pack_directory(), root))
    for name in ("kind", "level", "skills", "top", "title", "hints", "ports", "clock", "parameters", "variant_count"):
        assert getattr(after, name) == getattr(before, name), name
    for name in ("reference", "environment", "properties", "starter", "statement", "diagrams", "limits", "policy"):
        assert getattr(after, name) == getattr(before, name), name


@pytest.mark.parametrize(
    ("line", "port"),
    [
        ("input clk", {"name": "clk", "direction": "input"}),
        ("output signed [7:0] sum;", {"name": "sum", "direction": "output", "width": 8, "signed": True}),
        ("input [0:3] a,", {"name": "a", "direction": "input", "width": 4}),
        ("input [WIDTH-1:0] a", {"name": "a", "direction": "input", "width": "WIDTH"}),
        ("input [clog2(DEPTH):0] a", {"name": "a", "direction": "input", "width": "(clog2(DEPTH))-0+1"}),
    ],
)
def test_ports_are_read_as_verilog_declares_them(line: str, port: dict[str, Any]) -> None:
    assert writing._port(line) == port


def test_odd_texts_are_refused() -> None:
    with pytest.raises(UsageError) as caught:
        writing.pack_files(WrittenTask.model_construct(**fields(broken=["a\0b"])), {}, "1.0.0")
    assert caught.value.code == "bad-text"
    with pytest.raises(UnfinishedError) as unfinished:
        writing.pack_files(WrittenTask(), {}, "1.0.0")
    assert {"id", "pack_id", "statement_fr", "reference", "alternatives_1", "broken_1"} <= set(
        unfinished.value.problems
    )
