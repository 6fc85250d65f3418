"""Institutions and people, for operators."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session
from starlette.responses import Response

from chiploom.errors import UsageError
from chiploom.hub.api.answers import (
    ARCHIVE,
    InstitutionShown,
    Listed,
    Password,
    PersonMade,
    PersonShown,
    RoleShown,
)
from chiploom.hub.api.asking import After, ApiOperator, Most, Number
from chiploom.hub.operation import governing, privacy
from chiploom.hub.pages.data import archive_of
from chiploom.hub.people import passwords
from chiploom.hub.web.asking import TheHub
from chiploom.hub.web.limited import limited

router = APIRouter(tags=["operation"])


class InstitutionSent(BaseModel):
    """Name and language of an institution."""

    name: str = Field(max_length=200)
    language: str = Field(max_length=2)


class PersonSent(BaseModel):
    """A new account."""

    login: str = Field(max_length=200)
    name: str = Field(max_length=200)
    language: str = Field(max_length=2)
    institution: int = Field(ge=1, lt=1 << 31)
    role: str = Field(max_length=16)


class SubjectSent(BaseModel):
    """The subject of the account, so that a number mistaken for another erases nobody."""

    subject: str = Field(max_length=64)


class RoleSent(BaseModel):
    """A role; empty: none."""

    role: str = Field(max_length=16)


@router.get("/institutions")
def list_institutions(hub: TheHub, person: ApiOperator) -> list[InstitutionShown]:
    """All institutions."""
    with hub.database.reading() as session:
        return [
            InstitutionShown(id=row.id, name=row.name, language=row.language) for row in governing.institutions(session)
        ]


@router.post("/institutions", status_code=201)
def make_institution(hub: TheHub, person: ApiOperator, sent: InstitutionSent) -> InstitutionShown:
    """Add one."""
    with hub.database.writing() as session:
        row = governing.make_institution(session, person, sent.name, sent.language)
        return InstitutionShown(id=row.id, name=row.name, language=row.language)


@router.put("/institutions/{number}")
def change_institution(hub: TheHub, person: ApiOperator, number: Number, sent: InstitutionSent) -> InstitutionShown:
    """Give one another name or language."""
    with hub.database.writing() as session:
        row = governing.change_institution(session, person, number, sent.name, sent.language)
        return InstitutionShown(id=row.id, name=row.name, language=row.language)


@router.get("/people")
def list_people(
    hub: TheHub,
    person: ApiOperator,
    q: Annotated[str, Query(max_length=200, description="part of a login or name")] = "",
    after: After = 0,
    limit: Most = 50,
) -> Listed[PersonShown]:
    """Accounts, in the order of their numbers."""
    with hub.database.reading() as session:
        found = governing.find_people(session, q, after=after, limit=limit + 1)
        items = [_shown(session, user.id) for user in found[:limit]]
    return Listed(items=items, next=found[limit - 1].id if len(found) > limit else None)


@router.post("/people", status_code=201)
def make_person(hub: TheHub, person: ApiOperator, sent: PersonSent) -> PersonMade:
    """Make an account with a one-time password."""
    password = passwords.one_time()
    password_hash = passwords.hashed_new(password, sent.login)
    with hub.database.writing() as session:
        user = governing.make_person(
            session,
            person,
            login=sent.login,
            name=sent.name,
            language=sent.language,
            institution_id=sent.institution,
            role=sent.role,
            password_hash=password_hash,
        )
        session.flush()
        return PersonMade(**_shown(session, user.id).model_dump(), password=password)


@router.get("/people/{number}")
def show_person(hub: TheHub, person: ApiOperator, number: Number) -> PersonShown:
    """An account."""
    with hub.database.reading() as session:
        return _shown(session, number)


@router.put("/people/{number}/roles/{institution}")
def set_role(hub: TheHub, person: ApiOperator, number: Number, institution: Number, sent: RoleSent) -> PersonShown:
    """Say what a person may do in an institution."""
    with hub.database.writing() as session:
        governing.set_role(session, person, number, institution, sent.role)
        session.flush()
        return _shown(session, number)


@router.post("/people/{number}/password")
def reset_password(hub: TheHub, person: ApiOperator, number: Number) -> Password:
    """Give a person a one-time password and sign them out everywhere."""
    password = passwords.one_time()
    password_hash = passwords.hashed_new(password, "")
    with hub.database.writing() as session:
        governing.reset_password(session, person, number, password_hash)
    return Password(password=password)


@router.post("/people/{number}/sign-out", status_code=204)
def sign_out(hub: TheHub, person: ApiOperator, number: Number) -> Response:
    """Sign a person out everywhere."""
    with hub.database.writing() as session:
        governing.end_sessions(session, person, number)
    return Response(status_code=204)


@router.post("/people/{number}/export", response_class=Response, responses=ARCHIVE, dependencies=[limited("export")])
def export(hub: TheHub, person: ApiOperator, number: Number) -> Response:
    """Everything about a person as one archive, for that person."""
    return archive_of(hub, person, number)


@router.post("/people/{number}/erase")
def erase(hub: TheHub, person: ApiOperator, number: Number, sent: SubjectSent) -> PersonShown:
    """Forget who an account belongs to, since they asked for it. This cannot be undone."""
    with hub.database.reading() as session:
        if governing.account(session, number).user.subject != sent.subject:
            raise UsageError("wrong-subject", f"{sent.subject!a} is not the subject of account {number}")
    privacy.erase(hub, person, number)
    with hub.database.reading() as session:
        return _shown(session, number)


def _shown(session: Session, number: int) -> PersonShown:
    account = governing.account(session, number)
    user = account.user
    return PersonShown(
        id=user.id,
        subject=user.subject,
        login=user.login,
        name=user.name,
        language=user.language,
        created_at=user.created_at,
        erased_at=user.erased_at,
        roles=[RoleShown(institution=institution, role=role) for institution, role in account.roles],
    )
