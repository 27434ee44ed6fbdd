"""Asks a web site: one on the machine itself, whose port is in its input."""

import urllib.request

print(urllib.request.urlopen(f"http://127.0.0.1:{int(input())}/", timeout=5).read())
