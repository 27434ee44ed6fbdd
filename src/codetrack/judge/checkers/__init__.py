"""Whether an output is right: comparisons of our own, and a problem's own programs in sandboxes."""

from codetrack.judge.checkers.checked import Checked
from codetrack.judge.checkers.compare import KINDS, Compare, native

__all__ = ["KINDS", "Checked", "Compare", "native"]
