"""The same hub for programs: JSON below ``/api/v1``, described by ``/api/v1/openapi.json``.

Endpoints call the functions that pages call; who may do what, limits and errors are theirs. A program shows a token
with scopes, never a cookie.
"""

from fastapi import APIRouter

from chiploom.hub.api import (
    assigning,
    assignments,
    classes,
    keeping,
    me,
    operation,
    packs,
    portfolio,
    reports,
    submissions,
    tasks,
)
from chiploom.hub.api.answers import FAILURES

router = APIRouter(prefix="/api/v1", responses=FAILURES)
for _module in (
    me,
    tasks,
    assignments,
    submissions,
    portfolio,
    classes,
    assigning,
    reports,
    packs,
    operation,
    keeping,
):
    router.include_router(_module.router)
