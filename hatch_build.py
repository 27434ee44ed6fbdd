"""Builds the pages into the wheel, unless they are built already, and the judge's attacks.

An editable install finds both where they lie.
"""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ATTACKS = "tests/judge/attacks"
MANIFEST = Path("src/codetrack/web/static/dist/manifest.json")


class FrontEnd(BuildHookInterface[Any]):
    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return
        if self.target_name == "wheel":
            build_data["force_include"] |= {ATTACKS: "codetrack/judge/programs"}
        root = Path(self.root)
        if (root / MANIFEST).exists():
            return
        for command in (["npm", "ci"], ["npm", "run", "build"]):
            subprocess.run(command, cwd=root, check=True)
