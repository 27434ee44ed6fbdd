"""What every app stands on: events, jobs, mail, paced HTTP, limits, search, errors, clock.

It knows no domain.
"""
