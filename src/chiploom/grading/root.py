"""The minimal root directory a grading process sees: libraries and Python, read-only, and nothing else.

No home directories, no ``/etc``, no ``/proc``, no other programs, and no packs: a pack shipped inside the
installed package is hidden, since it holds the references of the tasks.
"""

from __future__ import annotations

import os
import struct
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import chiploom
from chiploom.grading import syscalls
from chiploom.grading.landlock import Grant

#: A private tmpfs of each child. Not ``/tmp``: the installation itself may lie below that.
SCRATCH = "/scratch"

_LIBRARY_DIRECTORIES = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib")
_LIBRARY_INDEX = "/etc/ld.so.cache"
_NULL_DEVICE = "/dev/null"
_OLD = "/.old"
_STAGING = "/tmp"


@dataclass(frozen=True, slots=True)
class View:
    """What is shown of the machine.

    Attributes
    ----------
    directories : tuple of str
        Trees that can be read.
    files : tuple of str
        Single files that can be read.
    programs : tuple of str
        Files that can be executed: yosys-abc and the dynamic loader it names.
    hidden : tuple of str
        Directories below ``directories`` that are shown empty.
    """

    directories: tuple[str, ...]
    files: tuple[str, ...]
    programs: tuple[str, ...]
    hidden: tuple[str, ...]

    def landlock_rules(self) -> list[tuple[str, Grant]]:
        """Return the same view as Landlock rules, to be applied inside the new root."""
        rules: list[tuple[str, Grant]] = [(path, "read") for path in self.directories if path not in self.hidden]
        rules += [(path, "execute") for path in self.programs]
        rules += [(_NULL_DEVICE, "device"), (SCRATCH, "scratch")]
        return rules


def default_view(search_path: Sequence[str]) -> View:
    """Return the view grading needs, given Python's module search path.

    The folder somebody happens to work in is on that path with ``python -m``. It may hold anything, a checkout's packs
    with their references for one, so it is not shown unless chiploom itself lies in it.
    """
    package = Path(chiploom.__file__).parent
    here = Path.cwd()
    search_path = [path for path in search_path if Path(path or ".").resolve() != here or here == package.parent]
    directories = [path for path in (*search_path, *_LIBRARY_DIRECTORIES) if Path(path).is_dir()]
    files = [path for path in (*search_path, _LIBRARY_INDEX) if Path(path).is_file()]
    return View(
        directories=tuple(_outermost(directories)),
        files=tuple(files),
        programs=tuple(_programs()),
        hidden=tuple(str(package / name) for name in ("_packs", "_data") if (package / name).is_dir()),
    )


def build(view: View) -> None:
    """Replace this mount namespace's root by one that shows only ``view``, read-only.

    Raises
    ------
    OSError
        As the kernel answers.
    """
    # Resolved before the root is replaced: links lead elsewhere afterwards.
    resolved = {path: os.path.realpath(path) for path in (*view.directories, *view.files, *view.programs, _NULL_DEVICE)}
    syscalls.make_mounts_private()
    # The new root is put together on a tmpfs that becomes the root first, so that sources below its mount point
    # stay reachable through the old root.
    syscalls.mount("tmpfs", _STAGING, "tmpfs", syscalls.MS_NOSUID | syscalls.MS_NODEV, "size=1m,mode=755")
    old = _STAGING + _OLD
    Path(old).mkdir()
    syscalls.pivot_root(_STAGING, old)
    os.chdir("/")
    bound: set[str] = set()
    for path in view.directories:
        for target in dict.fromkeys((path, resolved[path])):
            if not any(_is_below(target, other) for other in bound):
                Path(target).mkdir(parents=True, exist_ok=True)
                syscalls.bind(_OLD + resolved[path], target)
                syscalls.make_read_only(target)
                bound.add(target)
    for path in (*view.files, *view.programs, _NULL_DEVICE):
        if not any(_is_below(path, other) for other in bound):
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            Path(path).touch()
            syscalls.bind(_OLD + resolved[path], path)
            syscalls.make_read_only(path, devices=path == _NULL_DEVICE)
    for path in view.hidden:
        syscalls.mount("tmpfs", path, "tmpfs", syscalls.MS_RDONLY, "size=4k,mode=755")
    Path(SCRATCH).mkdir(exist_ok=True)
    # Yosys looks for its own program by this name when it starts; there is no other /proc.
    Path("/proc/self").mkdir(parents=True)
    Path("/proc/self/exe").symlink_to(sys.executable)
    syscalls.detach(_OLD)
    Path(_OLD).rmdir()
    syscalls.make_read_only("/", devices=True)


def mount_scratch(size_mb: int) -> None:
    """Give this mount namespace its own empty, size-capped scratch directory and go there."""
    flags = syscalls.MS_NOSUID | syscalls.MS_NODEV | syscalls.MS_NOEXEC
    syscalls.mount("tmpfs", SCRATCH, "tmpfs", flags, f"size={size_mb}m,mode=700,nr_inodes=4096")
    os.chdir(SCRATCH)


def _programs() -> Iterable[str]:
    import pyosys

    abc = Path(pyosys.__file__).parent / "yosys-abc"
    if abc.is_file():
        yield str(abc)
        loader = _loader_of(abc)
        if loader:
            yield loader


def _loader_of(program: Path) -> str:
    """Return the dynamic loader an ELF file asks for, empty if it is statically linked."""
    image = program.read_bytes()[:4096]
    (table,) = struct.unpack_from("<Q", image, 32)
    size, count = struct.unpack_from("<HH", image, 54)
    for index in range(count):
        kind, _, offset, _, _, length = struct.unpack_from("<IIQQQQ", image, table + index * size)
        if kind == 3:
            return image[offset : offset + length].rstrip(b"\0").decode()
    return ""


def _outermost(paths: Iterable[str]) -> list[str]:
    unique = sorted(dict.fromkeys(os.path.normpath(path) for path in paths))
    # What lies below another by name only, behind a link that leads out of it, is not shown with it.
    real = {path: os.path.realpath(path) for path in unique}
    return [
        path
        for path in unique
        if not any(path != other and _is_below(path, other) and _is_below(real[path], real[other]) for other in unique)
    ]


def _is_below(path: str, directory: str) -> bool:
    return path == directory or path.startswith(directory.rstrip("/") + "/")
