"""The self-test: whether this machine may run other people's code, and if not, how to mend it."""

from codetrack.judge.doctor.examination import Diagnosis, Level, diagnose, examine
from codetrack.judge.doctor.report import add_arguments, run

__all__ = ["Diagnosis", "Level", "add_arguments", "diagnose", "examine", "run"]
