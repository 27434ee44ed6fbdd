"""CodeTrack: the home of a coding club, hosted by itself."""

__version__ = "0.1.0"
