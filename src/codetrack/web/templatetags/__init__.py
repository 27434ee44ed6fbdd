"""The template library of the house."""
