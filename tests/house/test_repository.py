"""What must never be committed."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]


def tracked_files() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    return [ROOT / name for name in listed.decode().split("\0") if name and (ROOT / name).is_file()]


def test_locks_carry_hashes_and_no_index_addresses() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert not re.search(r"--(extra-)?index-url|--find-links|https?://", lock)
    names = re.findall(r"^([a-z0-9][a-z0-9._-]*)==", lock, re.MULTILINE)
    blocks = re.split(r"^(?=[a-z0-9])", lock, flags=re.MULTILINE)
    for block in blocks:
        if "==" in block:
            assert "--hash=sha256:" in block, block[:60]
    assert len(names) > 20


def test_the_npm_lock_carries_hashes_and_no_addresses() -> None:
    lock = json.loads((ROOT / "web" / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert len(packages) > 10
    for name, entry in packages.items():
        assert entry["integrity"].startswith("sha512-"), name
        assert "resolved" not in entry, name


def test_no_paths_of_a_machine() -> None:
    pattern = re.compile(rb"(?<![\w.~/-])/(?:work|root|home/[a-z]+)/")
    allowed = {"cheats"}
    found = []
    for path in tracked_files():
        if path.suffix in {".png", ".gz"} or path.stem in allowed:
            continue
        for number, line in enumerate(path.read_bytes().splitlines(), start=1):
            if pattern.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line[:100].decode(errors='replace')}")
    assert not found, "\n".join(found)


def test_no_large_files() -> None:
    large = [str(path) for path in tracked_files() if path.stat().st_size > 1_000_000]
    assert not large
