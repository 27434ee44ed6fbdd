"""Where the recorded answers of the platforms lie: beside the repository, unless it is said."""

import os
from pathlib import Path

BESIDE = Path(__file__).parents[1].parent / "shared" / "recorded"
RECORDED = Path(os.environ.get("CODETRACK_RECORDED") or BESIDE)
