"""``chiploom evidence``: verify a file of evidence, grade again, show this installation's public key."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from chiploom import files, settings, signing
from chiploom.cli import face
from chiploom.cli.verdict_text import method_words
from chiploom.credentials import keys
from chiploom.grading import evidence as evidence_
from chiploom.grading.evidence import Evidence


def register(subparsers: Any) -> None:
    """Add the command."""
    parser = subparsers.add_parser("evidence", help="verify signed evidence; show the public key that checks yours")
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION", parser_class=type(parser))

    verify = actions.add_parser("verify", help="check a file of evidence, and on request grade again")
    verify.add_argument("file", type=Path, metavar="FILE", help="the evidence")
    verify.add_argument("--key", type=Path, metavar="FILE", help="the issuer's public key (PEM or did:key)")
    verify.add_argument("--rerun", action="store_true", help="grade again and compare the verdict")
    verify.add_argument(
        "--submission", type=Path, nargs="+", default=[], metavar="FILE", help="the files handed in, if undisclosed"
    )
    verify.add_argument("--pack", type=Path, metavar="DIR", help="the task's pack (default: the built-in one)")
    verify.add_argument(
        "--opening", type=Path, metavar="FILE", help="salts of an undisclosed side (default: FILE.opening if it exists)"
    )
    face.add_output_options(verify)
    verify.set_defaults(run=_verify)

    key = actions.add_parser("key", help="show this installation's public key, making the key at first use")
    key.add_argument("--to", type=Path, metavar="FILE", help="write it there as PEM")
    face.add_output_options(key)
    key.set_defaults(run=_key)

    subject = actions.add_parser("new-subject", help="make a random identifier for a learner, a venture or a model")
    face.add_output_options(subject)
    subject.set_defaults(run=_new_subject)


def _verify(namespace: argparse.Namespace) -> int:
    record = evidence_.read_file(namespace.file)
    key = None if namespace.key is None else keys.read_public_key(namespace.key)
    evidence_.verify(record, key)
    again = _rerun(namespace, record) if namespace.rerun else None
    if namespace.json:
        face.print_json(_as_json(record, key is not None, again))
    else:
        _tell(face.Teller(face.language(namespace)), record, key is not None, again)
    return 0


def _rerun(namespace: argparse.Namespace, record: Evidence) -> str:
    # The grader's imports take most of a second, so only a second grading pays for them.
    from chiploom.grading.rerun import find_opening, rerun

    return rerun(
        record,
        pack_directory=namespace.pack,
        submission=namespace.submission,
        opening=find_opening(record, namespace.file, namespace.opening),
    ).outcome.value


def _tell(teller: face.Teller, record: Evidence, key_given: bool, again: str | None) -> None:
    teller.say("evidence.valid")
    method = method_words(record.document["verdict"]["method"], teller.language)
    teller.say("evidence.verdict", indent=2, outcome=teller.word(f"evidence.outcome-{record.outcome}"), method=method)
    teller.say(
        "evidence.task",
        indent=2,
        task=record.task_name,
        version=record.task["pack_version"] or "-",
        skills=", ".join(record.skills) or "-",
    )
    kind = teller.word(f"evidence.kind-{record.subject.kind}")
    teller.say("evidence.subject", indent=2, subject=record.subject.id, kind=kind)
    teller.say("evidence.issued", indent=2, time=record.issued)
    proctored = {None: "not-stated", True: "yes", False: "no"}[record.conditions.proctored]
    teller.say(
        "evidence.conditions",
        indent=2,
        proctored=teller.word(f"evidence.{proctored}"),
        ai_use=teller.word(f"evidence.ai-{record.conditions.ai_use or 'undeclared'}"),
    )
    yes_no = {True: teller.word("evidence.yes"), False: teller.word("evidence.no")}
    teller.say(
        "evidence.disclosed",
        indent=2,
        task=yes_no[record.task["disclosed"]],
        submission=yes_no[record.document["submission"]["disclosed"]],
    )
    teller.say("evidence.issuer", indent=2, issuer=record.issuer)
    teller.say("evidence.issuer-is-key-given" if key_given else "evidence.issuer-is-key-holder")
    if again is None:
        teller.say("evidence.not-rerun")
    else:
        teller.say("evidence.rerun-agrees", outcome=teller.word(f"evidence.outcome-{again}"))


def _as_json(record: Evidence, key_given: bool, again: str | None) -> dict[str, Any]:
    document = record.document
    return {
        "schema": "chiploom/evidence-check/1",
        "valid": True,
        "key": "given" if key_given else "inside",
        "issuer": record.issuer,
        "id": record.id,
        "issued": record.issued,
        "subject": document["subject"],
        "task": {name: record.task[name] for name in ("pack", "pack_version", "id", "variant", "skills", "disclosed")},
        "submission": {"disclosed": document["submission"]["disclosed"]},
        "verdict": record.outcome,
        "method": document["verdict"]["method"],
        "bound": document["verdict"]["bound"],
        "conditions": document["conditions"],
        "rerun": None if again is None else {"verdict": again, "agrees": True},
    }


def _key(namespace: argparse.Namespace) -> int:
    key = keys.issuer_key(settings.load().home)
    pem = signing.public_pem(key.private.public_key())
    if namespace.to is not None:
        files.write_atomic(namespace.to, pem)
    if namespace.json:
        face.print_json({"schema": "chiploom/public-key/1", "did": key.did, "pem": pem.decode()})
        return 0
    teller = face.Teller(face.language(namespace))
    teller.say("evidence.key-made")
    print(key.did)
    if namespace.to is None:
        print(pem.decode(), end="")
    else:
        teller.say("evidence.key-written", file=str(namespace.to))
    return 0


def _new_subject(namespace: argparse.Namespace) -> int:
    subject = evidence_.make_subject_id()
    if namespace.json:
        face.print_json({"schema": "chiploom/subject/1", "subject": subject})
    else:
        print(subject)
    return 0
