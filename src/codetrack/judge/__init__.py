"""Runs untrusted code, safely, without root and without containers; knows no Django and no club.

`client.Judge` is its front. It starts a worker process, the only one that ever starts sandboxes.
"""
