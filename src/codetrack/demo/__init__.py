"""A pretend outside world and a demo club. Only the command line and tests start it."""
