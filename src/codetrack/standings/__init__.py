"""Boards: who stands where, by any number; knows no platform and no challenge."""
