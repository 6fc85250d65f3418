"""Reading the TOML and JSON files that people write by hand: ventures, needs, gates, targets, rules."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from chiploom import canonical, files, messages
from chiploom.credentials import keys
from chiploom.credentials.collection import shown
from chiploom.errors import PackError, UsageError
from chiploom.grading.evidence_schema import is_subject_id
from chiploom.tasks.model import LocalText
from chiploom.tasks.schema import Table, loads

_MAX_BYTES = 1_000_000


@contextmanager
def opened(path: Path | str, schema: str) -> Iterator[Table]:
    """Read a file (``.json``: JSON, anything else: TOML) whose key ``schema`` must say ``schema``.

    Keys that nobody asked for are refused at the end.

    Raises
    ------
    InputFileError
        If the file cannot be read.
    UsageError
        ``file-syntax``, ``wrong-schema``, or the code of the value at fault.
    """
    name = shown(Path(path).name)
    data = files.read_bytes(path, max_bytes=_MAX_BYTES)
    try:
        content = canonical.parse(data) if Path(path).suffix == ".json" else loads(data.decode("utf-8", "strict"))
    except (ValueError, RecursionError) as error:
        kind = "JSON" if Path(path).suffix == ".json" else "TOML"
        reason = " ".join(str(error).split())[:200]
        raise UsageError("file-syntax", f"{name}: not {kind}: {reason}") from None
    if not isinstance(content, dict):
        raise UsageError("file-syntax", f"{name}: an object is expected at the top")
    table = Table(content, name)
    try:
        found = table.string("schema")
        if found != schema:
            raise UsageError("wrong-schema", f"{name}: 'schema' is {found!a}; {schema!r} is expected here")
        yield table
        table.finish()
    except PackError as error:
        # The reader is shared with task packs; here the file is the user's own.
        raise UsageError(error.code, error.message) from None


def local_text(table: Table, key: str) -> LocalText:
    """Read a text in every language."""
    return table.table(key).texts(messages.LANGUAGES)


def free_text(table: Table, key: str, default: str | None = None) -> LocalText:
    """Read a text given once, or in every language."""
    value = table.raw(key, default)
    if isinstance(value, dict):
        return Table(value, table.file, f"{table.path}.{key}" if table.path else key).texts(messages.LANGUAGES)
    if not isinstance(value, str) or not (value.strip() or value == default):
        raise table.error("wrong-type", key, "is missing or empty; give a text, or a table with en, vi and fr")
    return in_every_language(value)


def in_every_language(text: str) -> LocalText:
    """Return one text for every language."""
    return dict.fromkeys(messages.LANGUAGES, text)


def subjects(table: Table, key: str) -> tuple[str, ...]:
    """Read a list of subjects' identifiers."""
    listed = table.strings(key, ())
    for index, value in enumerate(listed):
        if not is_subject_id(value):
            raise table.error(
                "subject-not-random", f"{key}[{index}]", f"is {value!a}; a random urn:uuid is expected, never a name"
            )
    return listed


def issuers(table: Table, key: str = "issuers") -> frozenset[str]:
    """Read a list of trusted issuers (``did:key`` names); empty: any."""
    return frozenset(keys.check_did(value) for value in table.strings(key, ()))
