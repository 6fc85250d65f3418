"""Loading packs and tasks from their folders.

Everything malformed is a :class:`chiploom.errors.PackError` that names the file and the key. A pack may come from
anybody: no file outside its folder is opened, whatever its links and names say, and nothing in it is executed.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, cast

from chiploom import files, messages
from chiploom.errors import PackError, UsageError
from chiploom.hdl.sources import Source
from chiploom.prove.verdict import Limits
from chiploom.tasks import expressions, schema, variants
from chiploom.tasks.model import Example, LocalText, Pack, Policy, PortSpec, Skill, Task
from chiploom.tasks.skills import FILE as SKILLS_FILE
from chiploom.tasks.skills import SKILL_NAME, check_named, read_skills

KINDS = ("design", "repair", "properties")
TRACKS = ("design", "manufacturing", "packaging", "test", "ai-chips")

_IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_VERILOG_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_$]{0,127}")
_VERSION = re.compile(r"\d+\.\d+\.\d+([.+-][0-9A-Za-z.+-]+)?")
_DIAGRAM_LINK = re.compile(r"!\[[^\]]*\]\(([^)\s]+)\)")
_MAX_FILE_BYTES = 1_000_000
_MAX_RANGE = 100_000


def builtin_pack_directory() -> Path:
    """Return the folder of the built-in pack: beside ``src`` in a checkout, inside the package when installed."""
    package = Path(__file__).resolve().parent.parent
    for directory in (package / "_packs" / "foundations", package.parent.parent / "packs" / "foundations"):
        if directory.is_dir():
            return directory
    raise PackError("builtin-pack-missing", "the built-in pack 'foundations' is not installed; reinstall chiploom")


def load_pack(directory: Path | None = None) -> Pack:
    """Load a pack's own description (not its tasks); the built-in pack by default.

    Raises
    ------
    InputFileError
        As :func:`chiploom.files.check_directory`: there is no such folder.
    PackError
        The folder holds no pack, or ``pack.toml`` is malformed.
    """
    directory = builtin_pack_directory() if directory is None else directory
    files.check_directory(directory, "a pack is a folder with a pack.toml")
    table = schema.parse(_read(directory, "pack.toml"), "pack.toml")
    languages = table.strings("languages")
    if not languages or set(languages) - set(messages.LANGUAGES) or len(set(languages)) < len(languages):
        raise table.error("bad-value", "languages", f"is {list(languages)!r}; list each of en, vi, fr at most once")
    task_ids = table.strings("tasks")
    for index, task_id in enumerate(task_ids):
        if not _IDENTIFIER.fullmatch(task_id):
            raise table.error(
                "bad-value", f"tasks[{index}]", f"is {task_id!r}; an id is letters, digits, '-' and '_', at most 64"
            )
        if task_id in task_ids[:index]:
            raise table.error("duplicate-id", f"tasks[{index}]", f"repeats {task_id!r}")
    reviewed = table.table("reviewed_by", required=False)
    pack = Pack(
        id=table.string("id", check=_matches(_IDENTIFIER)),
        version=table.string("version", check=_matches(_VERSION)),
        licence=table.string("licence"),
        authors=table.strings("authors"),
        languages=languages,
        reviewed_by={language: reviewed.strings(language, ()) for language in messages.LANGUAGES},
        title=table.table("title").texts(languages),
        directory=str(directory),
        task_ids=task_ids,
        imported=table.truth("imported", False),
        origin=table.string("origin", ""),
        skills=_skills_of(directory, languages),
    )
    reviewed.finish()
    table.finish()
    return pack


def _skills_of(directory: Path, languages: tuple[str, ...]) -> dict[str, Skill]:
    if not (directory / SKILLS_FILE).exists():
        return {}
    return read_skills(_read(directory, SKILLS_FILE), languages)


def load_tasks(pack: Pack) -> Iterator[Task]:
    """Load every task of a pack, in teaching order."""
    return (load_task(pack, task_id) for task_id in pack.task_ids)


def load_task(pack: Pack, task_id: str, variant: int | None = None) -> Task:
    """Load one task, with the parameters of ``variant`` filled in (None: the base task).

    Raises
    ------
    UsageError
        ``unknown-task`` (with the nearest name) or ``unknown-variant``.
    PackError
        A file of the task is malformed or missing.
    """
    if task_id not in pack.task_ids:
        close = difflib.get_close_matches(task_id, pack.task_ids, n=1)
        advice = f"did you mean '{close[0]}'?" if close else "see 'chiploom task list'"
        raise UsageError("unknown-task", f"pack '{pack.id}' has no task {task_id!r}; {advice}")
    return _TaskFolder(pack, task_id).load(variant)


class _TaskFolder:
    """One task's folder while it is read: the pack, the parsed table and the parameters in force."""

    def __init__(self, pack: Pack, task_id: str) -> None:
        self._pack = pack
        self._root = Path(pack.directory)
        self._id = task_id
        if not (self._root / task_id).is_dir():
            raise PackError("task-missing", f"pack.toml: lists {task_id!r}, but there is no folder {task_id}/")
        self._file = f"{task_id}/task.toml"
        self._table = schema.parse(_read(self._root, self._file), self._file)
        self._parameters: Mapping[str, int] = {}

    def load(self, variant: int | None) -> Task:
        table, pack = self._table, self._pack
        declared = table.string("id")
        if declared != self._id:
            raise table.error("id-mismatch", "id", f"is {declared!r}; it must be the folder's name, {self._id!r}")
        kind = table.choice("kind", KINDS)
        base = self._base_parameters()
        assignments = variants.draw(self._variant_space(base), f"{pack.id}/{self._id}", base, self._file)
        if variant is not None and not 1 <= variant <= len(assignments):
            has = f"variants 1 to {len(assignments)}" if assignments else "no variants"
            raise UsageError("unknown-variant", f"task '{self._id}' has {has}; {variant} was asked for")
        self._parameters = base if variant is None else assignments[variant - 1]
        top = table.string("top", check=_matches(_VERILOG_NAME))
        ports = self._ports()
        has_reference = kind != "properties"
        diagrams = self._diagrams()
        task = Task(
            id=self._id,
            kind=kind,
            track=table.choice("track", TRACKS),
            level=table.integer("level", 1, 5),
            minutes=table.integer("minutes", 1, 600),
            skills=self._skills(),
            top=top,
            title=self._filled(table.table("title").texts(pack.languages), "title"),
            statement=self._statements(diagrams),
            hints=self._hints(),
            ports=ports,
            clock=self._port_name("clock", ports, "input"),
            power_up=cast(Literal["free", "initial"], table.choice("power_up", ("free", "initial"), "free")),
            limits=self._limits(),
            policy=self._policy(),
            parameters=self._parameters,
            variant=variant,
            variant_count=len(assignments),
            reference=self._source("reference.sv", required=has_reference),
            environment=self._source("environment.sv", required=False),
            properties=self._source("properties.sv", required=not has_reference),
            starter=self._starter(),
            alternatives=self._examples("alternatives"),
            broken=self._examples("broken"),
            diagrams=diagrams,
            constant_outputs=self._constant_outputs(ports),
            reference_top=table.string("reference_top", top, check=_matches(_VERILOG_NAME)) if has_reference else None,
            pack_id=pack.id,
            pack_version=pack.version,
        )
        table.finish()
        return task

    def _base_parameters(self) -> dict[str, int]:
        table = self._table.table("parameters", required=False)
        parameters: dict[str, int] = {}
        for name, value in table.items():
            if not _VERILOG_NAME.fullmatch(name) or isinstance(value, bool) or not isinstance(value, int):
                raise table.error("wrong-type", name, f"is {value!r}; a parameter is a Verilog name and a whole number")
            parameters[name] = value
        return parameters

    def _variant_space(self, base: Mapping[str, int]) -> variants.VariantSpace:
        table = self._table.table("variants", required=False)
        constraints = table.strings("constraints", ())
        for index, constraint in enumerate(constraints):
            if not expressions.truth(constraint, base, f"{self._file}: variants.constraints[{index}]"):
                raise table.error("bad-value", f"constraints[{index}]", f"{constraint!r} fails for [parameters] itself")
        count = table.integer("count", 0, 10_000, 0)
        ranges_table = table.table("ranges", required=count > 0)
        ranges: dict[str, tuple[int, ...]] = {}
        for name, value in ranges_table.items():
            if name not in base:
                raise ranges_table.error("bad-value", name, "is not in [parameters]")
            ranges[name] = self._range(ranges_table, name, value)
        table.finish()
        return variants.VariantSpace(count, ranges, constraints)

    def _range(self, table: schema.Table, name: str, value: Any) -> tuple[int, ...]:
        if isinstance(value, dict):
            inner = schema.Table({name: value}, self._file, table.path).table(name)
            low = inner.integer("min", -(2**31), 2**31)
            high = inner.integer("max", low, low + _MAX_RANGE)
            step = inner.integer("step", 1, _MAX_RANGE, 1)
            inner.finish()
            return tuple(range(low, high + 1, step))
        plain = isinstance(value, list) and all(isinstance(v, int) and not isinstance(v, bool) for v in value)
        if not plain or not value or len(set(value)) < len(value):
            raise table.error("wrong-type", name, "must list different whole numbers, or be {min=..., max=...}")
        return tuple(value)

    def _ports(self) -> tuple[PortSpec, ...]:
        ports: list[PortSpec] = []
        for table in self._table.tables("ports"):
            name = table.string("name", check=_matches(_VERILOG_NAME))
            if any(port.name == name for port in ports):
                raise table.error("duplicate-id", "name", f"repeats {name!r}")
            note = table.table("note", required=False)
            ports.append(
                PortSpec(
                    name=name,
                    direction=cast(Any, table.choice("direction", ("input", "output", "inout"))),
                    width=self._width(table),
                    signed=table.truth("signed", False),
                    note=self._filled(note.texts(self._pack.languages), note.path) if note else {},
                )
            )
            table.finish()
        if not any(port.direction != "input" for port in ports):
            raise PackError("missing-key", f"{self._file}: 'ports' holds no output; list every port as [[ports]]")
        return tuple(ports)

    def _width(self, table: schema.Table) -> int:
        value = table.raw("width", 1)
        if isinstance(value, str):
            value = expressions.integer(value, self._parameters, f"{self._file}: {table.path}.width")
        if isinstance(value, bool) or not isinstance(value, int):
            raise table.error("wrong-type", "width", f"is {value!r}; it must be a whole number or an expression")
        if not 1 <= value <= 65536:
            raise table.error("out-of-range", "width", f"is {value}; it must be from 1 to 65536")
        return value

    def _port_name(self, key: str, ports: tuple[PortSpec, ...], direction: str) -> str | None:
        name = self._table.string(key, "")
        if name and not any(port.name == name and port.direction == direction for port in ports):
            raise self._table.error("bad-value", key, f"is {name!r}, which is no {direction} port")
        return name or None

    def _constant_outputs(self, ports: tuple[PortSpec, ...]) -> tuple[str, ...]:
        names = self._table.strings("constant_outputs", ())
        for name in names:
            if not any(port.name == name and port.direction != "input" for port in ports):
                raise self._table.error("bad-value", "constant_outputs", f"holds {name!r}, which is no output port")
        return names

    def _skills(self) -> tuple[str, ...]:
        skills = self._table.strings("skills", () if self._pack.imported else None)
        for skill in skills:
            if not SKILL_NAME.fullmatch(skill):
                raise self._table.error(
                    "bad-value", "skills", f"holds {skill!r}; a skill looks like 'sequential.counter'"
                )
        if not skills and not self._pack.imported:
            raise self._table.error("empty-value", "skills", "is empty; name at least one skill")
        check_named(self._pack.skills, skills, self._file)
        return skills

    def _limits(self) -> Limits:
        table = self._table.table("limits", required=False)
        default = Limits()
        limits = Limits(
            time_s=table.number("time_s", 0.1, 600, default.time_s),
            memory_mb=table.integer("memory_mb", 256, 65536, default.memory_mb),
            memory_bits=table.integer("memory_bits", 0, 10_000_000, default.memory_bits),
            aig_nodes=table.integer("aig_nodes", 1000, 100_000_000, default.aig_nodes),
        )
        table.finish()
        return limits

    def _policy(self) -> Policy:
        table = self._table.table("policy", required=False)
        delays = table.choice("delays", ("ignore", "forbid"), "ignore")
        policy = Policy(cast(Literal["ignore", "forbid"], delays), table.strings("memory_files", ()))
        table.finish()
        return policy

    def _hints(self) -> tuple[LocalText, ...]:
        tables = self._table.tables("hints")
        return tuple(self._filled(table.texts(self._pack.languages), table.path) for table in tables)

    def _statements(self, diagrams: Mapping[str, Any]) -> LocalText:
        statements: dict[str, str] = {}
        for language in self._pack.languages:
            name = f"statement.{language}.md"
            if not (self._root / self._id / name).is_file():
                raise PackError("missing-language", f"{self._id}/{name}: missing; write the statement in this language")
            text = _read(self._root, f"{self._id}/{name}")
            if not text.strip():
                raise PackError("empty-value", f"{self._id}/{name}: is empty; write the statement")
            for target in _DIAGRAM_LINK.findall(text):
                if target.removeprefix("diagrams/") not in diagrams:
                    raise PackError("missing-file", f"{self._id}/{name}: shows {target!r}, which is not in diagrams/")
            statements[language] = expressions.fill(text, self._parameters, f"{self._id}/{name}")
        return statements

    def _diagrams(self) -> dict[str, Mapping[str, Any]]:
        diagrams: dict[str, Mapping[str, Any]] = {}
        for relative in self._listed("diagrams", ".json"):
            text = expressions.fill(_read(self._root, relative), self._parameters, relative)
            try:
                diagram = json.loads(text)
            except (ValueError, RecursionError) as error:
                raise PackError("bad-diagram", f"{relative}: not JSON: {error}") from None
            if not isinstance(diagram, dict) or not isinstance(diagram.get("signal"), list):
                raise PackError("bad-diagram", f"{relative}: not WaveDrom: it must be an object with a list 'signal'")
            diagrams[Path(relative).name] = diagram
        return diagrams

    def _starter(self) -> tuple[Source, ...]:
        sources = self._source("starter.sv", required=not self._pack.imported)
        return tuple(
            Source(source.name, expressions.fill(source.text, self._parameters, f"{self._id}/{source.name}"))
            for source in sources
        )

    def _examples(self, folder: str) -> tuple[Example, ...]:
        return tuple(
            Example(Path(relative).stem, (Source(Path(relative).name, self._verilog(relative)),))
            for relative in self._listed(folder, ".sv")
        )

    def _source(self, name: str, *, required: bool) -> tuple[Source, ...]:
        relative = f"{self._id}/{name}"
        if not required and not (self._root / relative).exists():
            return ()
        return (Source(name, self._verilog(relative)),)

    def _verilog(self, relative: str) -> str:
        text = _read(self._root, relative)
        if not text.strip():
            raise PackError("empty-value", f"{relative}: is empty")
        return text

    def _listed(self, folder: str, suffix: str) -> list[str]:
        directory = self._root / self._id / folder
        if not directory.is_dir():
            return []
        names = sorted(path.name for path in directory.iterdir() if not path.name.startswith("."))
        for name in names:
            if not name.endswith(suffix):
                raise PackError("unknown-file", f"{self._id}/{folder}/{name}: only {suffix} files belong here")
        return [f"{self._id}/{folder}/{name}" for name in names]

    def _filled(self, texts: Mapping[str, str], key: str) -> LocalText:
        return {
            language: expressions.fill(text, self._parameters, f"{self._file}: {key}.{language}")
            for language, text in texts.items()
        }


def _read(root: Path, relative: str) -> str:
    """Return the text of a file of the pack; never of one outside it."""
    path = root / relative
    try:
        if not path.resolve(strict=True).is_relative_to(root.resolve()):
            raise PackError("path-escapes", f"{relative}: leads out of the pack; put the file itself there")
        if not path.is_file():
            raise PackError("missing-file", f"{relative}: is not a plain file")
        if path.stat().st_size > _MAX_FILE_BYTES:
            raise PackError(
                "pack-file-too-large", f"{relative}: over {_MAX_FILE_BYTES} bytes; a task's files are small"
            )
        data = path.read_bytes()
    except FileNotFoundError:
        raise PackError("missing-file", f"{relative}: is missing") from None
    except (OSError, RuntimeError) as error:
        raise PackError("unreadable-file", f"{relative}: cannot be read: {error}") from None
    if b"\x00" in data:
        raise PackError("not-text", f"{relative}: holds NUL bytes; it must be UTF-8 text")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise PackError("not-text", f"{relative}: not UTF-8 at byte {error.start}") from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _matches(pattern: re.Pattern[str]) -> Any:
    return lambda text: pattern.fullmatch(text) is not None
