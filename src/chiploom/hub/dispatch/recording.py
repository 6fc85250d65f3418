"""Writing verdicts: the row, and for a task that is done the signed evidence, in one transaction."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import cast

from sqlalchemy import select, update
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
        prepared = []
        for item in graded:
            row, trace = verdicts.split(item.verdict)
            # The file first: a row never names a trace that is not there.
            prepared.append((item, row, None if trace is None else self._traces.keep(trace)))
        with self._database.writing() as session:
            for item, row, trace_hash in prepared:
                now = datetime.now(UTC)
                written = session.scalar(
                    update(Submission)
                    .where(Submission.id == item.ticket.submission_id, Submission.state != "done")
                    .values(
                        state="done",
                        finished_at=now,
                        outcome=item.verdict.outcome.value,
                        is_met=verdicts.is_met(item.verdict),
                        verdict=row,
                        trace_hash=trace_hash,
                        cluster=verdicts.cluster_of(item.verdict),
                    )
                    .returning(Submission.id)
                )
                if written is not None and verdicts.is_met(item.verdict):
                    self._sign(session, item, now)

    def _sign(self, session: Session, item: Graded, now: datetime) -> None:
        assert item.task is not None and item.job is not None
        owner = session.execute(
            select(Submission.user_id, User.subject, Assignment.proctored, Assignment.ai_use)
            .join(User, User.id == Submission.user_id)
            .outerjoin(Assignment, Assignment.id == Submission.assignment_id)
            .where(Submission.id == item.ticket.submission_id)
        ).one()
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
        session.add(
            EvidenceRecord(
                id=signed.id,
                submission_id=item.ticket.submission_id,
                user_id=owner.user_id,
                issued_at=now,
                document=json.dumps(signed.document, ensure_ascii=False, separators=(",", ":")),
                opening=commitment.opening_text(opening),
            )
        )
