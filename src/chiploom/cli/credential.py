"""``chiploom credential``: wrap evidence for a skill as an Open Badges 3.0 credential, and verify one."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from chiploom import files, settings
from chiploom.cli import face
from chiploom.credentials import badge, keys
from chiploom.grading import evidence as evidence_


def register(subparsers: Any) -> None:
    """Add the command."""
    parser = subparsers.add_parser("credential", help="issue a credential for a skill from evidence; verify one")
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION", parser_class=type(parser))

    issue = actions.add_parser("issue", help="wrap proved evidence of one person as an Open Badges 3.0 credential")
    issue.add_argument("evidence", type=Path, nargs="+", metavar="EVIDENCE", help="files of evidence, of one person")
    issue.add_argument("--to", type=Path, metavar="FILE", help="write it there (default: standard output)")
    issue.add_argument("--skill", metavar="SKILL", help="the skill (default: the only one all the evidence shows)")
    issue.add_argument("--name", default="", metavar="NAME", help="the holder's name, only with the holder's consent")
    issue.add_argument("--issuer-name", default="", metavar="NAME", help="the name you issue under")
    issue.add_argument(
        "--key", type=Path, nargs="+", default=[], metavar="FILE", help="public keys of issuers you trust"
    )
    issue.add_argument(
        "--format", choices=("jwt", "data-integrity"), default="jwt", help="how it is secured (default: jwt)"
    )
    face.add_output_options(issue)
    issue.set_defaults(run=_issue)

    verify = actions.add_parser("verify", help="check a credential")
    verify.add_argument("file", type=Path, metavar="FILE", help="the credential")
    verify.add_argument("--key", type=Path, metavar="FILE", help="the issuer's public key (PEM or did:key)")
    verify.add_argument(
        "--evidence", type=Path, nargs="+", default=[], metavar="FILE", help="files of evidence to check against it"
    )
    face.add_output_options(verify)
    verify.set_defaults(run=_verify)


def _issue(namespace: argparse.Namespace) -> int:
    evidence = [evidence_.read_file(path) for path in namespace.evidence]
    trusted = [keys.read_public_key(path) for path in namespace.key]
    key = keys.issuer_key(settings.load().home)
    text = badge.issue(
        evidence,
        key,
        skill=namespace.skill,
        trusted=trusted,
        holder_name=namespace.name,
        issuer_name=namespace.issuer_name,
        format=namespace.format,
    )
    credential = badge.verify(text)
    if namespace.to is not None:
        files.write_atomic(namespace.to, text)
    if namespace.json:
        face.print_json({**_as_json(credential), "credential": text.strip()})
    elif namespace.to is None:
        print(text, end="")
    else:
        face.Teller(face.language(namespace)).say(
            "evidence.credential-issued",
            skill=credential.skill,
            count=str(len(credential.evidence)),
            file=str(namespace.to),
        )
    return 0


def _verify(namespace: argparse.Namespace) -> int:
    text = files.read_bytes(namespace.file, max_bytes=badge.MAX_BYTES)
    key = None if namespace.key is None else keys.read_public_key(namespace.key)
    evidence = [evidence_.read_file(path) for path in namespace.evidence]
    credential = badge.verify(text, key=key, evidence=evidence)
    if namespace.json:
        face.print_json(
            {**_as_json(credential), "key": "given" if key else "inside", "checked": [piece.id for piece in evidence]}
        )
        return 0
    teller = face.Teller(face.language(namespace))
    teller.say("evidence.credential-valid")
    teller.say("evidence.credential-skill", indent=2, skill=credential.skill)
    name = f" ({credential.holder_name})" if credential.holder_name else ""
    teller.say("evidence.credential-holder", indent=2, subject=credential.subject_id, name=name)
    teller.say("evidence.credential-from", indent=2, time=credential.valid_from)
    teller.say(
        "evidence.credential-evidence", indent=2, count=str(len(credential.evidence)), checked=str(len(evidence))
    )
    teller.say("evidence.issuer", indent=2, issuer=credential.issuer)
    teller.say("evidence.issuer-is-key-given" if key else "evidence.issuer-is-key-holder")
    return 0


def _as_json(credential: badge.Credential) -> dict[str, Any]:
    return {
        "schema": "chiploom/credential-check/1",
        "valid": True,
        "id": credential.id,
        "issuer": credential.issuer,
        "subject": credential.subject_id,
        "name": credential.holder_name or None,
        "skill": credential.skill,
        "valid_from": credential.valid_from,
        "evidence": dict(credential.evidence),
        "format": credential.format,
    }
