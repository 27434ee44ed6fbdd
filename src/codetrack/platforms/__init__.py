"""The outside world in plain Python: one file per platform. Imports neither Django nor anything
else of CodeTrack.
"""
