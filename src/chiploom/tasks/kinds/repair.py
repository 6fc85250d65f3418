"""Kind ``repair``: the learner starts from a design with a bug; what is handed in is judged as in kind ``design``."""

from __future__ import annotations

from chiploom.tasks.kinds.design import grade, prepare

__all__ = ["grade", "prepare"]
