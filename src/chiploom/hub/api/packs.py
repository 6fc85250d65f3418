"""A lecturer's own packs: handing one in, and what the admission test says."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, UploadFile
from fastapi import File as Part
from starlette.responses import Response

from chiploom.hub.api.answers import Listed
from chiploom.hub.api.asking import ApiLecturer, Before, Most, Number
from chiploom.hub.api.teaching_answers import UploadShown
from chiploom.hub.database.schema import PackUpload
from chiploom.hub.teaching import uploading
from chiploom.hub.web.asking import TheHub
from chiploom.hub.web.limited import limited

router = APIRouter(prefix="/teach/packs", tags=["teaching"])


@router.get("")
def list_uploads(hub: TheHub, person: ApiLecturer, before: Before = None, limit: Most = 50) -> Listed[UploadShown]:
    """This person's uploads, the newest first."""
    with hub.database.reading() as session:
        rows = uploading.of(session, person, before=before, limit=limit + 1)
    return Listed(items=[_shown(row) for row in rows[:limit]], next=rows[limit - 1].id if len(rows) > limit else None)


@router.post("", status_code=202, dependencies=[limited("import")])
def upload(
    hub: TheHub, person: ApiLecturer, file: Annotated[UploadFile, Part(description="a pack's folder as a zip archive")]
) -> UploadShown:
    """Hand in a pack. The answer comes at once; ask for what the admission test found under the number in it."""
    return _shown(uploading.upload(hub, person, file.file))


@router.get("/{number}")
def show(hub: TheHub, person: ApiLecturer, number: Number) -> UploadShown:
    """An upload, and what the admission test found so far."""
    with hub.database.reading() as session:
        return _shown(uploading.own(session, person, number))


@router.delete("/{number}", status_code=204)
def delete(hub: TheHub, person: ApiLecturer, number: Number) -> Response:
    """Remove an upload that was not admitted."""
    uploading.remove(hub, person, number)
    return Response(status_code=204)


def _shown(row: PackUpload) -> UploadShown:
    return UploadShown.model_validate(
        {
            "id": row.id,
            "pack": row.pack_id,
            "version": row.version,
            "tasks": row.task_count,
            "uploaded_at": row.uploaded_at,
            "state": row.state,
            "finished_at": row.finished_at,
            "reason": row.reason,
            "reports": row.reports,
        }
    )
