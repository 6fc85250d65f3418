"""Writing verdicts: the row, and for a task that is done the signed evidence, in one transaction."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

from sqlalchemy import Table, bindparam, insert, select, update
from sqlalchemy.orm import Session

from chiploom.grading import commitment, evidence
from chiploom.grading.evidence import AiUse, Conditions, Subject
from chiploom.hub.database.database import Database
from chiploom.hub.database.schema import Assignment, EvidenceRecord, Submission, User
from chiploom.hub.dispatch import verdicts
from chiploom.hub.dispatch.dispatcher import Graded
from chiploom.hub.dispatch.verdicts import TraceFiles
from chiploom.signing import SigningKey


class Recorder:
    """Writes verdicts of graded submissions.

    Parameters
    ----------
    traces : TraceFiles
        Where traces go.
    key : SigningKey
        The hub's key.
    open_packs : frozenset of str
        Packs that anybody has: the tasks of any other appear in evidence as commitments only.
    """

    def __init__(self, database: Database, traces: TraceFiles, key: SigningKey, open_packs: frozenset[str]) -> None:
        self._database = database
        self._traces = traces
        self._key = key
        self._open_packs = open_packs

    def record(self, graded: list[Graded]) -> None:
        """Write verdicts; a submission that has one keeps it.

        Raises
        ------
        DBAPIError
            The database does not take them.
        StorageError
            A trace cannot be written.
        """
        now = datetime.now(UTC)
        with self._database.reading() as session:
            owners = _owners(session, [item.ticket.submission_id for item in graded if verdicts.is_met(item.verdict)])
        prepared = []
        for item in graded:
            row, trace = verdicts.split(item.verdict)
            # The file first: a row never names a trace that is not there. Signed here too, since nobody else can
            # write while this does.
            trace_hash = None if trace is None else self._traces.keep(trace)
            owner = owners.get(item.ticket.submission_id)
            prepared.append((item, row, trace_hash, None if owner is None else self._signed(item, owner, now)))
        with self._database.writing() as session:
            for item, row, trace_hash, record in prepared:
                values = {
                    "number": item.ticket.submission_id,
                    "finished_at": now,
                    "outcome": item.verdict.outcome.value,
                    "is_met": verdicts.is_met(item.verdict),
                    "verdict": row,
                    "trace_hash": trace_hash,
                    "cluster": verdicts.cluster_of(item.verdict),
                }
                written = session.connection().execute(_RECORD, values).first()
                if written is not None and record is not None:
                    session.execute(insert(EvidenceRecord), record)

    def _signed(self, item: Graded, owner: _Owner, now: datetime) -> dict[str, Any]:
        """Return the row of a submission's evidence."""
        assert item.task is not None and item.job is not None
        signed, opening = evidence.sign(
            item.verdict,
            item.task,
            item.job.sources,
            subject=Subject(owner.subject),
            key=self._key,
            conditions=Conditions(owner.proctored, cast(AiUse | None, owner.ai_use)),
            disclose_task=item.task.pack_id in self._open_packs,
            issued=now,
        )
        return {
            "id": signed.id,
            "submission_id": item.ticket.submission_id,
            "user_id": owner.user_id,
            "issued_at": now,
            "document": json.dumps(signed.document, ensure_ascii=False, separators=(",", ":")),
            "opening": commitment.opening_text(opening),
        }


@dataclass(frozen=True, slots=True)
class _Owner:
    user_id: int
    subject: str
    proctored: bool | None
    ai_use: str | None


def _owners(session: Session, numbers: list[int]) -> dict[int, _Owner]:
    if not numbers:
        return {}
    rows = session.execute(
        select(Submission.id, Submission.user_id, User.subject, Assignment.proctored, Assignment.ai_use)
        .join(User, User.id == Submission.user_id)
        .outerjoin(Assignment, Assignment.id == Submission.assignment_id)
        .where(Submission.id.in_(numbers))
    )
    return {row.id: _Owner(row.user_id, row.subject, row.proctored, row.ai_use) for row in rows}


# Made once: a statement of the classes above the tables costs more than the database takes to carry it out.
_submission = cast(Table, Submission.__table__)
_RECORD = (
    update(_submission)
    .where(_submission.c.id == bindparam("number"), _submission.c.state != "done")
    .values(
        state="done",
        **{name: bindparam(name) for name in ("finished_at", "outcome", "is_met", "verdict", "trace_hash", "cluster")},
    )
    .returning(_submission.c.id)
)
