"""A verdict is written once, together with its evidence, after its trace."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from chiploom.errors import StorageError
from chiploom.grading import evidence
from chiploom.grading.job import Job
from chiploom.hdl.sources import Source
from chiploom.hub.database.database import Database
from chiploom.hub.database.schema import Assignment, Class, Course, EvidenceRecord, Institution, Submission
from chiploom.hub.dispatch import verdicts
from chiploom.hub.dispatch.dispatcher import Graded
from chiploom.hub.dispatch.fair_queue import Ticket
from chiploom.hub.dispatch.recording import Recorder
from chiploom.hub.dispatch.verdicts import TraceFiles
from chiploom.prove.verdict import Measurement, Outcome, Verdict
from chiploom.signing import SigningKey
from dispatch.scripted import make_user, submit
from evidence_samples import make_task, make_verdict

KEY = SigningKey.generate()
SOURCES = (Source("design.sv", "module counter; endmodule // đếm\n"),)


@pytest.fixture
def traces(tmp_path: Path) -> TraceFiles:
    return TraceFiles(tmp_path / "traces")


@pytest.fixture
def recorder(database: Database, traces: TraceFiles) -> Recorder:
    return Recorder(database, traces, KEY, frozenset({"foundations"}))


def graded(number: int, user_id: int, verdict: Verdict, pack_id: str = "foundations") -> Graded:
    task = make_task(pack_id=pack_id)
    return Graded(Ticket(number, user_id), task, Job(task, SOURCES, "somebody"), verdict)


def row_of(database: Database, number: int) -> Submission:
    with database.reading() as session:
        return session.get_one(Submission, number)


def evidence_of(database: Database, number: int) -> list[EvidenceRecord]:
    with database.reading() as session:
        return list(session.scalars(select(EvidenceRecord).where(EvidenceRecord.submission_id == number)))


def test_proof_comes_with_evidence_that_verifies(database: Database, recorder: Recorder) -> None:
    user_id = make_user(database)
    number = submit(database, user_id)
    recorder.record([graded(number, user_id, make_verdict("proved"))])
    row = row_of(database, number)
    assert (row.state, row.outcome, row.is_met, row.trace_hash, row.cluster) == ("done", "proved", True, None, None)
    (record,) = evidence_of(database, number)
    piece = evidence.read(record.document.encode())
    evidence.verify(piece, KEY.did)
    assert (record.user_id, record.id) == (user_id, piece.id)
    assert "đếm" not in record.document


@pytest.mark.parametrize(
    "verdict",
    [
        make_verdict("refuted"),
        make_verdict("rejected"),
        make_verdict("bounded"),
        Verdict(),
        make_verdict("measured", measurements=()),
        make_verdict("measured", measurements=(Measurement("area", 2.0, "um2", None),)),
        make_verdict("measured", measurements=(Measurement("area", 2.0, met=True), Measurement("delay", 1.0))),
    ],
    ids=lambda verdict: str(verdict.outcome),
)
def test_what_is_not_met_has_no_evidence(database: Database, recorder: Recorder, verdict: Verdict) -> None:
    user_id = make_user(database)
    number = submit(database, user_id)
    recorder.record([graded(number, user_id, verdict)])
    row = row_of(database, number)
    assert (row.state, row.outcome, row.is_met) == ("done", verdict.outcome.value, False)
    assert evidence_of(database, number) == []


def test_a_second_verdict_is_not_written(database: Database, recorder: Recorder) -> None:
    user_id = make_user(database)
    number = submit(database, user_id)
    recorder.record([graded(number, user_id, make_verdict("refuted"))])
    before = row_of(database, number)
    recorder.record([graded(number, user_id, make_verdict("proved"))])
    after = row_of(database, number)
    assert (after.outcome, after.finished_at, after.verdict) == ("refuted", before.finished_at, before.verdict)
    assert evidence_of(database, number) == []
    other = submit(database, user_id)
    proved = graded(other, user_id, make_verdict("proved"))
    recorder.record([proved, proved])
    recorder.record([proved])
    assert len(evidence_of(database, other)) == 1


def test_evidence_that_is_not_written_takes_the_verdict_back(database: Database, recorder: Recorder) -> None:
    user_id = make_user(database)
    numbers = [submit(database, user_id) for _ in range(3)]
    batch = [graded(number, user_id, make_verdict("proved")) for number in numbers]

    def refuse(connection: object, cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("INSERT INTO evidence"):
            seen.append(statement)
            if len(seen) == 2:
                raise OperationalError(statement, {}, Exception("disk full"))

    seen: list[str] = []
    event.listen(database.engine, "before_cursor_execute", refuse)
    try:
        with pytest.raises(OperationalError):
            recorder.record(batch)
    finally:
        event.remove(database.engine, "before_cursor_execute", refuse)
    assert {row_of(database, number).state for number in numbers} == {"queued"}
    assert not any(evidence_of(database, number) for number in numbers)
    recorder.record(batch)
    assert all(len(evidence_of(database, number)) == 1 for number in numbers)


def test_the_trace_is_there_before_the_row_names_it(database: Database, recorder: Recorder, traces: TraceFiles) -> None:
    user_id = make_user(database)
    number = submit(database, user_id)
    verdict = make_verdict("refuted")
    recorder.record([graded(number, user_id, verdict)])
    row = row_of(database, number)
    assert row.trace_hash is not None and row.verdict is not None
    assert row.verdict["trace"] is None
    assert verdicts.join(row.verdict, traces.find(row.trace_hash)) == verdict


def test_without_room_for_the_trace_there_is_no_verdict(database: Database, tmp_path: Path) -> None:
    (tmp_path / "traces").write_text("a file where the folder should be")
    recorder = Recorder(database, TraceFiles(tmp_path / "traces"), KEY, frozenset())
    user_id = make_user(database)
    number = submit(database, user_id)
    with pytest.raises((StorageError, OSError)):
        recorder.record([graded(number, user_id, make_verdict("refuted"))])
    assert row_of(database, number).state == "queued"


def test_a_submission_that_is_gone_is_passed_over(database: Database, recorder: Recorder) -> None:
    user_id = make_user(database)
    number = submit(database, user_id)
    recorder.record([graded(2**30, user_id, make_verdict("proved")), graded(number, user_id, make_verdict("proved"))])
    assert row_of(database, number).state == "done"
    assert evidence_of(database, 2**30) == []


def test_undisclosed_tasks_are_commitments_in_evidence(database: Database, recorder: Recorder) -> None:
    user_id = make_user(database)
    number = submit(database, user_id)
    recorder.record([graded(number, user_id, make_verdict("proved"), pack_id="exam")])
    (record,) = evidence_of(database, number)
    assert evidence.read(record.document.encode()).document["task"]["disclosed"] is False


def test_conditions_come_from_the_assignment(database: Database, recorder: Recorder) -> None:
    user_id, now = make_user(database), datetime.now(UTC)
    with database.writing() as session:
        session.add(institution := Institution(name="Trường", language="vi", created_at=now))
        session.flush()
        session.add(course := Course(institution_id=institution.id, title="Số", created_at=now, created_by=user_id))
        session.flush()
        session.add(group := Class(course_id=course.id, name="K1", created_at=now))
        session.flush()
        assignment = Assignment(
            class_id=group.id,
            pack_id="foundations",
            task_id="gates",
            mode="exam",
            seed="0",
            opens_at=now,
            due_at=now + timedelta(days=1),
            closes_at=now + timedelta(days=1),
            proctored=True,
            ai_use="none",
            created_at=now,
        )
        session.add(assignment)
        session.flush()
        number = submit_for(session, user_id, assignment.id)
    recorder.record([graded(number, user_id, make_verdict("proved"))])
    (record,) = evidence_of(database, number)
    conditions = evidence.read(record.document.encode()).document["conditions"]
    assert (conditions["proctored"], conditions["ai_use"]) == (True, "none")


def submit_for(session: Session, user_id: int, assignment_id: int) -> int:
    row = Submission(
        user_id=user_id,
        pack_id="foundations",
        pack_version="1",
        task_id="gates",
        assignment_id=assignment_id,
        files=[["design.sv", "x"]],
        created_at=datetime.now(UTC),
    )
    session.add(row)
    session.flush()
    return row.id


def test_clusters_are_the_same_for_what_fails_alike() -> None:
    refuted = make_verdict("refuted")
    assert verdicts.cluster_of(refuted) == verdicts.cluster_of(make_verdict("refuted", reason="another", seconds=9.0))
    assert refuted.trace is not None
    other = make_verdict("refuted", trace=refuted.trace.__class__("cycle", "rst", refuted.trace.cycles, ("p",), {}))
    assert verdicts.cluster_of(refuted) != verdicts.cluster_of(other)
    assert verdicts.cluster_of(make_verdict("proved")) is None
    assert verdicts.cluster_of(Verdict(outcome=Outcome.REJECTED)) is not None


def test_a_damaged_or_missing_trace_is_none_and_is_written_again(traces: TraceFiles) -> None:
    trace = verdicts.split(make_verdict("refuted"))[1]
    assert trace is not None
    digest = traces.keep(trace)
    assert traces.find(digest) == trace
    for damage in (b"", b"{}", traces.path_of(digest).read_bytes()[:-1]):
        traces.path_of(digest).write_bytes(damage)
        assert traces.find(digest) is None
        assert traces.keep(trace) == digest
        assert traces.find(digest) == trace
    traces.path_of(digest).unlink()
    assert traces.find(digest) is None


def test_a_damaged_verdict_is_an_error_with_a_code() -> None:
    row, _ = verdicts.split(make_verdict("proved"))
    for damaged in ({}, {**row, "outcome": "perfect"}, {**row, "seconds": "x"}):
        with pytest.raises(StorageError) as caught:
            verdicts.join(damaged, None)
        assert caught.value.code == "verdict-damaged"
