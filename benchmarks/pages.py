"""How heavy is a page? Bytes of the first load, and queries with 1 and with 200 members."""

from __future__ import annotations

import gzip
import json
import os
import sys
import tempfile
from typing import Any

from benchmarks import common

MEMBERS = (1, 200)
MOST_KB = 60
DIST = common.ROOT / "src/codetrack/web/static/dist"


def main() -> int:
    weight = first_load_kb()
    with tempfile.TemporaryDirectory(prefix="codetrack-pages-") as folder:
        use_empty_database(folder)
        few, many = (queries(size) for size in MEMBERS)
    figures = f"{weight:.1f} KB of JS + CSS, " + ", ".join(
        f"{name} {few[name]}/{many[name]} queries" for name in few
    )
    baseline = f"{MOST_KB} KB, {MEMBERS[0]}/{MEMBERS[1]} members"
    met = weight <= MOST_KB and few == many
    return common.last_line("pages", figures, baseline, "at most, the same number", met=met)


def first_load_kb() -> float:
    """What a browser without a cache fetches besides the page, gzipped."""
    manifest: dict[str, Any] = json.loads((DIST / "manifest.json").read_text())
    entries = [entry for entry in manifest.values() if entry.get("isEntry")]
    names = {name for entry in entries for name in (entry["file"], *entry.get("css", []))}
    sizes = {name: len(gzip.compress((DIST / name).read_bytes())) / 1000 for name in names}
    for name, size in sorted(sizes.items()):
        print(f"  {name}: {size:.1f} KB")
    return sum(sizes.values())


def use_empty_database(folder: str) -> None:
    os.environ |= {"CODETRACK_DATA": folder, "CODETRACK_DEMO": "1", "SECRET_KEY": "pages" * 10}
    os.environ["DATABASE_URL"] = f"sqlite:///{folder}/pages.sqlite3"
    from codetrack.config.start import migrate, use_settings

    use_settings()
    migrate()


def queries(size: int) -> dict[str, int]:
    """Queries of a page by its name, in a demo club of so many members."""
    from django.db import transaction

    from codetrack.accounts.models import Institute, User
    from codetrack.demo.seed import ADMIN, seed
    from codetrack.demo.servers import pretend

    with transaction.atomic():
        seed(pretend(size=size), lambda key: f"http://localhost/{key}")
        admin = User.objects.get(username=ADMIN)
        member = User.objects.exclude(claims=None).order_by("pk").first()
        assert member is not None
        places = {
            "institute": Institute.objects.get().get_absolute_url(),
            "member": member.get_absolute_url(),
            "submissions": f"{member.get_absolute_url()}submissions/",
            "history": f"{member.get_absolute_url()}history/",
        }
        found = {name: _queries_of(path, admin) for name, path in places.items()}
        found["dashboard"] = _queries_of("/dashboard/", member)
        transaction.set_rollback(True)
    print(f"  {size} members: {found}")
    return found


def _queries_of(path: str, user: Any) -> int:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(headers={"host": "localhost"})
    client.force_login(user)
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(path)
    assert answer.status_code == 200, answer.status_code
    return len(captured)


if __name__ == "__main__":
    sys.exit(main())
