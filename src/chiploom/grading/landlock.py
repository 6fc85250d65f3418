"""Landlock: the kernel's own file system and network fence for an ordinary process (Linux 5.13 and later).

Every right this kernel's version can handle is handled, that is, denied unless a rule below grants it.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterable
from typing import Literal

from chiploom.grading import syscalls

Grant = Literal["read", "execute", "scratch", "device"]

_EXECUTE = 1 << 0
_WRITE_FILE = 1 << 1
_READ_FILE = 1 << 2
_READ_DIR = 1 << 3
_REMOVE_DIR = 1 << 4
_REMOVE_FILE = 1 << 5
_MAKE_DIR = 1 << 7
_MAKE_REG = 1 << 8
_REFER = 1 << 13
_TRUNCATE = 1 << 14

_GRANTS: dict[Grant, int] = {
    "read": _READ_FILE | _READ_DIR,
    "execute": _EXECUTE | _READ_FILE,
    "device": _READ_FILE | _WRITE_FILE,
    # Regular files and directories only: no links, sockets, pipes or device files, and nothing is executable.
    "scratch": _READ_FILE
    | _READ_DIR
    | _WRITE_FILE
    | _REMOVE_DIR
    | _REMOVE_FILE
    | _MAKE_DIR
    | _MAKE_REG
    | _REFER
    | _TRUNCATE,
}

#: Rights on files that each version handles, from version 1 on; newer versions than listed are used as the last.
_HANDLED_FILES = (0x1FFF, 0x3FFF, 0x7FFF, 0x7FFF, 0xFFFF, 0xFFFF, 0xFFFF)
_HANDLED_NETWORK = 0x3  # bind and connect TCP, from version 4
_HANDLED_SCOPES = 0x3  # abstract Unix sockets and signals, from version 6

_CREATE_RULESET_VERSION = 1
_RULE_PATH_BENEATH = 1


def version() -> int:
    """Return the Landlock version of the running kernel, 0 where there is none or it is switched off."""
    try:
        return syscalls.call("landlock_create_ruleset", None, 0, _CREATE_RULESET_VERSION)
    except OSError:
        return 0


def restrict(known_version: int, rules: Iterable[tuple[str, Grant]]) -> None:
    """Fence this process in for good: only what ``rules`` grant below the named paths remains.

    ``no_new_privs`` must be set. Connecting, binding, abstract sockets and signals to processes outside are
    denied altogether where the kernel can.

    Raises
    ------
    OSError
        As the kernel answers.
    """
    handled = _HANDLED_FILES[min(known_version, len(_HANDLED_FILES)) - 1]
    words = [handled]
    if known_version >= 4:
        words.append(_HANDLED_NETWORK)
    if known_version >= 6:
        words.append(_HANDLED_SCOPES)
    attributes = struct.pack(f"={len(words)}Q", *words)
    ruleset = syscalls.call("landlock_create_ruleset", attributes, len(attributes), 0)
    try:
        for path, grant in rules:
            _add_rule(ruleset, path, _GRANTS[grant] & handled)
        syscalls.call("landlock_restrict_self", ruleset, 0)
    finally:
        os.close(ruleset)


def _add_rule(ruleset: int, path: str, rights: int) -> None:
    descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        syscalls.call("landlock_add_rule", ruleset, _RULE_PATH_BENEATH, struct.pack("=Qi", rights, descriptor), 0)
    finally:
        os.close(descriptor)
