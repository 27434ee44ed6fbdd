"""CodeTrack: the home of a coding club, hosted by itself."""

from importlib.metadata import version

__version__ = version("codetrack-club")
