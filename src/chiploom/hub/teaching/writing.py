"""A task written in the browser: what a lecturer fills in, as the files of a pack and back.

What comes out is a pack like any other: it is examined like one, can be downloaded, and uploaded elsewhere.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, Field

from chiploom import messages
from chiploom.errors import UsageError
from chiploom.hub.database.database import is_storable
from chiploom.tasks import schema

HINTS = 3
_FEWEST_ALTERNATIVES, _FEWEST_BROKEN = 1, 2
_MOST_EXAMPLES = 20

_IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_PORT = re.compile(r"(input|output|inout)\s+(?:(signed)\s+)?(?:\[\s*(.+?)\s*:\s*(\d+)\s*\]\s*)?([A-Za-z_]\w*)\s*[,;]?")
_SINGLE_FILES = ("starter", "reference", "environment", "properties")
_PLAIN_KEYS = ("id", "kind", "track", "top", "clock", "power_up")
_PLACE = re.compile(r"([\w./-]+): (?:unknown key )?(?:'([\w.\[\]]+)'|([\w\[\]]+\.[\w.\[\]]+):)?")
_WORDS = re.compile(r"[\s,;]+")

Files = dict[str, bytes]
"""The files of a pack by their paths in it."""


class WrittenTask(BaseModel):
    """What the form of a task sends, and shows again.

    Attributes
    ----------
    base : int
        The upload whose pack is extended, 0 for a pack of its own.
    ports : str
        One a line, as Verilog declares them: ``output signed [7:0] sum``.
    alternatives, broken : list of str
        Right designs of another structure; wrong ones, which must be refuted or rejected.
    """

    base: int = 0
    pack_id: str = Field(default="", max_length=64)
    licence: str = Field(default="CC-BY-4.0", max_length=100)
    authors: str = Field(default="", max_length=500)
    id: str = Field(default="", max_length=64)
    kind: str = Field(default="design", max_length=16)
    track: str = Field(default="design", max_length=16)
    level: int = 1
    minutes: int = 15
    skills: str = Field(default="", max_length=500)
    top: str = Field(default="", max_length=128)
    clock: str = Field(default="", max_length=128)
    power_up: str = Field(default="free", max_length=16)
    ports: str = Field(default="", max_length=20_000)
    constant_outputs: str = Field(default="", max_length=2_000)
    pack_title_en: str = Field(default="", max_length=200)
    pack_title_vi: str = Field(default="", max_length=200)
    pack_title_fr: str = Field(default="", max_length=200)
    title_en: str = Field(default="", max_length=200)
    title_vi: str = Field(default="", max_length=200)
    title_fr: str = Field(default="", max_length=200)
    statement_en: str = Field(default="", max_length=50_000)
    statement_vi: str = Field(default="", max_length=50_000)
    statement_fr: str = Field(default="", max_length=50_000)
    hint_1_en: str = Field(default="", max_length=5_000)
    hint_1_vi: str = Field(default="", max_length=5_000)
    hint_1_fr: str = Field(default="", max_length=5_000)
    hint_2_en: str = Field(default="", max_length=5_000)
    hint_2_vi: str = Field(default="", max_length=5_000)
    hint_2_fr: str = Field(default="", max_length=5_000)
    hint_3_en: str = Field(default="", max_length=5_000)
    hint_3_vi: str = Field(default="", max_length=5_000)
    hint_3_fr: str = Field(default="", max_length=5_000)
    starter: str = Field(default="", max_length=200_000)
    reference: str = Field(default="", max_length=200_000)
    environment: str = Field(default="", max_length=200_000)
    properties: str = Field(default="", max_length=200_000)
    alternatives: list[str] = Field(default_factory=list, max_length=_MOST_EXAMPLES)
    broken: list[str] = Field(default_factory=list, max_length=_MOST_EXAMPLES)

    def texts(self, name: str) -> dict[str, str]:
        """Return the texts of a field that is there in every language."""
        return {language: getattr(self, f"{name}_{language}") for language in messages.LANGUAGES}


class UnfinishedError(UsageError):
    """Fields of the form are not as they must be.

    Parameters
    ----------
    problems : mapping of str to str
        What is wrong, by field: ``empty``, ``identifier`` or ``ports``, or a sentence of the pack's loader.
    """

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__("task-unfinished", f"these fields are not as they must be: {', '.join(problems)}")
        self.problems = dict(problems)

    def __reduce__(self) -> tuple[object, ...]:
        return (type(self), (self.problems,))


def pack_files(sent: WrittenTask, before: Files, version: str) -> Files:
    """Return the files of the pack with the task in it.

    Parameters
    ----------
    before : dict
        The files of the pack that is extended, empty for a new one.
    version : str
        Which version of the pack it becomes.

    Raises
    ------
    UsageError
        ``bad-text``.
    UnfinishedError
        Fields are empty, or cannot be read.
    """
    if not all(is_storable(value) for value in _all_texts(sent)):
        raise UsageError("bad-text", "a field holds a NUL character or half a character, which is not stored")
    problems = dict(_problems(sent, is_new=not before))
    if problems:
        raise UnfinishedError(problems)
    folder = f"{sent.id}/"
    kept = {
        path: data
        for path, data in before.items()
        # Diagrams and the like stay; what the form holds is written anew.
        if not path.startswith((f"{folder}alternatives/", f"{folder}broken/")) and path not in _form_files(folder)
    }
    table = schema.loads(before[f"{folder}task.toml"].decode()) if f"{folder}task.toml" in before else {}
    pack = schema.loads(before["pack.toml"].decode()) if before else _new_pack(sent)
    pack["version"] = version
    pack["tasks"] = list(dict.fromkeys((*pack["tasks"], sent.id)))
    written = {"pack.toml": _toml(pack), f"{folder}task.toml": _toml({**table, **_task_table(sent, table)})}
    written |= {f"{folder}statement.{language}.md": text for language, text in sent.texts("statement").items()}
    written |= {f"{folder}{name}.sv": getattr(sent, name) for name in _SINGLE_FILES}
    for kind, name, texts in (("alternatives", "alternative", sent.alternatives), ("broken", "wrong", sent.broken)):
        filled = enumerate((text for text in texts if text.strip()), 1)
        written |= {f"{folder}{kind}/{name}-{number}.sv": text for number, text in filled}
    return kept | {path: _lines(text).encode() for path, text in written.items() if text.strip()}


def task_of_files(files: Files, task_id: str, base: int) -> WrittenTask:
    """Return the form of a task that is in a pack, filled in.

    Raises
    ------
    KeyError
        The pack has no such task.
    """
    folder = f"{task_id}/"
    table = schema.loads(files[f"{folder}task.toml"].decode())
    text = {path[len(folder) :]: data.decode("utf-8-sig") for path, data in files.items() if path.startswith(folder)}
    values: dict[str, Any] = {name: table[name] for name in (*_PLAIN_KEYS, "level", "minutes") if name in table}
    for language in messages.LANGUAGES:
        values[f"title_{language}"] = table.get("title", {}).get(language, "")
        values[f"statement_{language}"] = text.get(f"statement.{language}.md", "")
        for number, hint in enumerate(table.get("hints", [])[:HINTS], 1):
            values[f"hint_{number}_{language}"] = hint.get(language, "")
    for name in _SINGLE_FILES:
        values[name] = text.get(f"{name}.sv", "")
    for kind in ("alternatives", "broken"):
        paths = (path for path in text if path.startswith(f"{kind}/"))
        # wrong-10 comes after wrong-9.
        values[kind] = [text[path] for path in sorted(paths, key=lambda path: (len(path), path))]
    return WrittenTask.model_construct(
        **values,
        base=base,
        skills=" ".join(table.get("skills", [])),
        constant_outputs=" ".join(table.get("constant_outputs", [])),
        ports="\n".join(_declaration(port) for port in table.get("ports", [])),
    )


def field_of(message: str, task_id: str) -> str:
    """Return the field that a sentence of the pack's loader is about, empty if it is about none."""
    found = _PLACE.match(message)
    if found is None:
        return ""
    path, key = found[1].removeprefix(f"{task_id}/"), found[2] or found[3] or ""
    if path == "pack.toml":
        return {"id": "pack_id", "title": "pack_title_en"}.get(key.partition(".")[0], key.partition("[")[0])
    if path == "task.toml":
        name, _, language = re.sub(r"\[\d+\].*", "", key).partition(".")
        hint = re.match(r"hints\[(\d+)\]\.?(\w*)", key)
        if hint is not None:
            return f"hint_{int(hint[1]) + 1}_{hint[2] or 'en'}"
        return f"{name}_{language or 'en'}" if name == "title" else name
    return field_of_subject(path.removesuffix(".sv"))


def field_of_subject(subject: str) -> str:
    """Return the field that a finding of the admission test is about, empty if it is about none."""
    statement = re.fullmatch(r"statement\.(\w+)\.md", subject)
    if statement is not None:
        return f"statement_{statement[1]}"
    kind, _, name = subject.partition("/")
    if kind in ("alternatives", "broken"):
        number = re.search(r"(\d+)$", name)
        return f"{kind}_{number[1] if number else 1}"
    if subject in _SINGLE_FILES:
        return subject
    if subject.startswith("mutant"):
        return "reference"
    return {"vacuity": "constant_outputs", "hints": "hint_1_en"}.get(subject, "")


def files_in(directory: Path) -> Files:
    """Return the files of the pack in a folder."""
    return {
        path.relative_to(directory).as_posix(): path.read_bytes()
        for path in sorted(directory.rglob("*"))
        if path.is_file() and not path.is_symlink()
    }


def archive_of(files: Files) -> io.BytesIO:
    """Return the files as a zip archive, open at its beginning."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(files):
            archive.writestr(path, files[path])
    stream.seek(0)
    return stream


def following_version(version: str) -> str:
    """Return the version after one to which a task was added."""
    major, minor, _ = version.split(".", 2)
    return f"{major}.{int(minor) + 1}.0"


def _all_texts(sent: WrittenTask) -> Iterator[str]:
    for value in sent.model_dump().values():
        yield from (value,) if isinstance(value, str) else value if isinstance(value, list) else ()


def _problems(sent: WrittenTask, *, is_new: bool) -> Iterator[tuple[str, str]]:
    needed = ["id", "skills", "top", "ports", "starter"]
    needed += ["properties"] if sent.kind == "properties" else ["reference"]
    localised = ["title", "statement", *(f"hint_{number}" for number in range(1, HINTS + 1))]
    if is_new:
        needed += ["pack_id", "licence", "authors"]
        localised.append("pack_title")
    needed += [f"{name}_{language}" for name in localised for language in messages.LANGUAGES]
    yield from ((name, "empty") for name in needed if not getattr(sent, name).strip())
    for name in ("id", *(["pack_id"] if is_new else [])):
        if getattr(sent, name) and not _IDENTIFIER.fullmatch(getattr(sent, name)):
            yield name, "identifier"
    if any(_PORT.fullmatch(line) is None for line in _port_lines(sent)):
        yield "ports", "ports"
    for kind, fewest in (("alternatives", _FEWEST_ALTERNATIVES), ("broken", _FEWEST_BROKEN)):
        texts = [text for text in getattr(sent, kind) if text.strip()]
        if len(texts) < fewest:
            yield f"{kind}_{len(texts) + 1}", "empty"


def _form_files(folder: str) -> frozenset[str]:
    statements = {f"{folder}statement.{language}.md" for language in messages.LANGUAGES}
    return frozenset({f"{folder}task.toml", *statements, *(f"{folder}{name}.sv" for name in _SINGLE_FILES)})


def _new_pack(sent: WrittenTask) -> dict[str, Any]:
    return {
        "id": sent.pack_id,
        "version": "",
        "licence": sent.licence.strip(),
        "authors": [author.strip() for author in sent.authors.split(",") if author.strip()],
        "languages": list(messages.LANGUAGES),
        "tasks": [],
        # Nobody has read it yet: learners are told so.
        "reviewed_by": {language: [] for language in messages.LANGUAGES},
        "title": _stripped(sent.texts("pack_title")),
    }


def _task_table(sent: WrittenTask, before: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the form says, as ``task.toml`` does; notes of ports stay as they were."""
    notes = {port["name"]: port["note"] for port in before.get("ports", []) if "note" in port}
    ports = [_port(line) for line in _port_lines(sent)]
    return {
        **{name: getattr(sent, name).strip() for name in _PLAIN_KEYS},
        "level": sent.level,
        "minutes": sent.minutes,
        "skills": _words(sent.skills),
        "constant_outputs": _words(sent.constant_outputs),
        "title": _stripped(sent.texts("title")),
        "ports": [port | ({"note": notes[port["name"]]} if port["name"] in notes else {}) for port in ports],
        "hints": [_stripped(sent.texts(f"hint_{number}")) for number in range(1, HINTS + 1)],
    }


def _port_lines(sent: WrittenTask) -> list[str]:
    return [line.strip() for line in sent.ports.splitlines() if line.strip()]


def _port(line: str) -> dict[str, Any]:
    found = _PORT.fullmatch(line)
    assert found is not None, line
    direction, signed, high, low, name = found.groups()
    port: dict[str, Any] = {"name": name, "direction": direction}
    if high is not None and high.isdecimal():
        port["width"] = abs(int(high) - int(low)) + 1
    elif high is not None:
        port["width"] = high.removesuffix("-1").strip() if high.endswith("-1") and low == "0" else f"({high})-{low}+1"
    return port | ({"signed": True} if signed else {})


def _declaration(port: Mapping[str, Any]) -> str:
    width = port.get("width", 1)
    span = f"[{width - 1}:0]" if isinstance(width, int) and width > 1 else f"[{width}-1:0]" if width != 1 else ""
    return " ".join(filter(None, (port["direction"], "signed" if port.get("signed") else "", span, port["name"])))


def _stripped(texts: Mapping[str, str]) -> dict[str, str]:
    return {language: _lines(text).strip() for language, text in texts.items()}


def _lines(text: str) -> str:
    """Return a text with the ends of lines that files have; browsers send others."""
    text = text.replace("\r\n", "\n")
    return text if not text or text.endswith("\n") else text + "\n"


def _words(text: str) -> list[str]:
    return [word for word in _WORDS.split(text) if word]


def _toml(table: Mapping[str, Any]) -> str:
    """Return a table as TOML: plain values first, so that none falls into a table above it."""
    plain = [f"{_key(key)} = {_value(value)}" for key, value in table.items() if not _is_table(value)]
    for key, value in table.items():
        if isinstance(value, dict):
            plain += ["", f"[{_key(key)}]", *_entries(value)]
        elif _is_table(value):
            for entry in value:
                plain += ["", f"[[{_key(key)}]]", *_entries(entry)]
    return "\n".join(plain) + "\n"


def _is_table(value: Any) -> bool:
    return isinstance(value, dict) or (isinstance(value, list) and bool(value) and isinstance(value[0], dict))


def _entries(table: Mapping[str, Any]) -> Iterable[str]:
    return (f"{_key(key)} = {_value(value)}" for key, value in table.items())


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return f"{{ {', '.join(_entries(value))} }}"
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    # What JSON writes is TOML, but for one character that it leaves as it is.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _key(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else _value(key)
