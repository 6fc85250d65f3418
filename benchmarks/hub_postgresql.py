"""A PostgreSQL server of its own on loopback, which can be killed and started again."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import psutil

from hub_server import free_port

_START_S = 60.0


def programs() -> Path | None:
    """Return where Debian keeps the newest server's programs, None if there are none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: float(path.parts[-3]))
    return found[-1].parent if found else None


class PostgreSql:
    """A cluster in a temporary folder. PostgreSQL refuses to run as root, so there it runs as ``postgres``."""

    def __init__(self) -> None:
        folder = programs()
        if folder is None:
            raise RuntimeError("there is no PostgreSQL here: apt-get install postgresql")
        self._programs = folder
        self._as_owner = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
        self._folder = Path(tempfile.mkdtemp(prefix="chiploom-postgresql-"))
        if self._as_owner:
            shutil.chown(self._folder, "postgres")
        self._port = free_port()
        password = secrets.token_hex(16)
        self.address = f"postgresql://chiploom:{password}@127.0.0.1:{self._port}/postgres"
        secret = self._folder / "password"
        secret.write_text(password + "\n")
        self._run(
            "initdb", "-U", "chiploom", "-E", "UTF8", "--locale=C.UTF-8", "-A", "scram-sha-256", f"--pwfile={secret}"
        )
        self.start()

    def start(self) -> None:
        """Start; what a killed server left behind is recovered first."""
        options = f"-h 127.0.0.1 -p {self._port} -k {self._folder} -c max_connections=200"
        deadline = time.monotonic() + _START_S
        while True:
            try:
                self._run("pg_ctl", "-w", "-t", "30", "-l", str(self._folder / "log"), "-o", options, "start")
                return
            except subprocess.CalledProcessError:
                # Processes of the killed server may take a moment to end.
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)

    def kill(self) -> None:
        """End every process of the server at once."""
        number = int((self._folder / "data" / "postmaster.pid").read_text().split()[0])
        serving = psutil.Process(number)
        everything = [serving, *serving.children(recursive=True)]
        for process in everything:
            try:
                process.kill()
            except psutil.NoSuchProcess:
                continue
        psutil.wait_procs(everything, timeout=10)

    def close(self) -> None:
        """End and remove everything."""
        with contextlib.suppress(subprocess.CalledProcessError):
            self._run("pg_ctl", "-m", "immediate", "stop")
        shutil.rmtree(self._folder, ignore_errors=True)

    def _run(self, program: str, *words: str) -> None:
        # The server must not hold our pipes open, so what it says goes into a file.
        with (self._folder / "said").open("ab") as said:
            subprocess.run(
                [*self._as_owner, str(self._programs / program), "-D", str(self._folder / "data"), *words],
                check=True,
                stdout=said,
                stderr=said,
                cwd=self._folder,
            )
