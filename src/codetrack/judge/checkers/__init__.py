"""Whether an output is right: comparisons of our own, and a problem's own programs in sandboxes."""

from codetrack.judge.checkers.checked import Checked
from codetrack.judge.checkers.compare import KINDS, Compare, native
from codetrack.judge.checkers.custom import Custom
from codetrack.judge.checkers.feedback import style
from codetrack.judge.checkers.interactive import interact

__all__ = ["KINDS", "Checked", "Compare", "Custom", "interact", "native", "style"]
