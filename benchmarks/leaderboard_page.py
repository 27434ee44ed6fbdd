"""Is the page of a leaderboard as fast with 1,000,000 members as with 1,000?

The whole HTML page under `codetrack web` (gunicorn, one process of four threads), by a member who
stands on the board: page 1, a page eight tenths down it, and the page around oneself. Cold is the
first time that a new process draws these rows, warm any time after. The servers take turns.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from html import unescape
from statistics import median
from typing import Any

from benchmarks import common
from benchmarks.parts import boards
from tests.postgres import free_port

SIZES = [int(size) for size in os.environ.get("BOARD_SIZES", "1000,100000,1000000").split(",")]
PAGE = "/leaderboard/?tab=global&by=rating:codeforces"
STARTS, REQUESTS, SECONDS, THREADS = 7, 60, 3, 4
GOAL = 1.2
OPTIONS = ["--keep-alive=60", "--log-level=warning"]

type Times = dict[tuple[int, str], list[float]]


@dataclass
class Site:
    """A server with so many members, asked over one connection that stays open."""

    size: int
    environment: Mapping[str, str]
    session: str
    port: int = 0

    @contextmanager
    def running(self) -> Iterator[None]:
        command = [sys.executable, "-m", "codetrack.config.cli", "web", *OPTIONS]
        self.port = free_port()
        environment = {**self.environment, "PORT": str(self.port), "WEB_CONCURRENCY": "1"}
        server = subprocess.Popen(command, env=environment)
        try:
            self._wait()
            self.connection = self.connect()
            self._warm_up()
            yield
        finally:
            self.connection.close()
            server.terminate()
            server.wait()

    def _warm_up(self) -> None:
        """What every page needs: also a connection to the database for each thread."""
        with ThreadPoolExecutor(THREADS) as pool:
            list(pool.map(lambda _: self.get("/docs/", self.connect()), range(4 * THREADS)))

    def connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def get(self, path: str, connection: http.client.HTTPConnection | None = None) -> str:
        connection = connection or self.connection
        cookie = f"{self.port}-session={self.session}"  # as settings name it
        connection.request("GET", path, headers={"Host": "localhost", "Cookie": cookie})
        answer = connection.getresponse()
        text = answer.read().decode()
        assert answer.status == 200, f"{answer.status} for {path}"
        return text

    def places(self) -> dict[str, str]:
        """The addresses that are measured; the deep one by cursor, as its readers come there."""
        before = self.get(f"{PAGE}&at={self.size * 8 // 10 - 50}")
        found = re.search(r'rel="next" href="([^"]+)"', before)
        assert found
        return {
            "page 1": PAGE,
            "deep": "/leaderboard/" + unescape(found[1]),
            "me": f"{PAGE}&at=me",
        }

    def _wait(self) -> None:
        for _ in range(600):
            try:
                self.connection = self.connect()
                self.get("/healthz")
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise RuntimeError("The server does not answer.")


def main() -> int:
    figures, met = [], []
    for kind, name in (("sqlite", "SQLite"), ("postgresql", "PostgreSQL")):
        with boards.made_all(kind, SIZES) as urls:
            sites = [_site(size, url) for size, url in urls.items()]
            drawn: dict[str, int] = _ask(sites[-1].environment, "drawn")
            cold, warm, rate = measure(sites)
        figures.append(told(name, cold, warm, rate))
        met += [growth(times, place) <= GOAL for times in (cold, warm) for place in _places(times)]
        met.append(drawn["again"] == drawn["unchanged"] == 0)
        figures.append(
            f"rows drawn {drawn['first']} at first, {drawn['changed']} after a change, 0 else"
        )
    return common.last_line(
        "leaderboard-page",
        "; ".join(figures),
        f"the page with {SIZES[0]:,} members",
        f"<= {GOAL} x at {SIZES[-1]:,}, rows drawn once a change",
        met=all(met),
    )


def measure(sites: Sequence[Site]) -> tuple[Times, Times, dict[int, float]]:
    """Milliseconds of every request by size and page, cold and warm; and requests a second."""
    cold: Times = defaultdict(list)
    warm: Times = defaultdict(list)
    addresses: dict[int, dict[str, str]] = {}
    for start in range(STARTS):
        with ExitStack() as stack:
            for site in sites:
                stack.enter_context(site.running())
            if not start:  # an address stays the same in every process
                addresses = {site.size: site.places() for site in sites}
                continue
            _take_turns(sites, addresses, cold, 1)
            if start == STARTS - 1:
                _take_turns(sites, addresses, warm, REQUESTS)
                rate = {site.size: per_second(site) for site in sites}
    return cold, warm, rate


def _take_turns(
    sites: Sequence[Site], addresses: Mapping[int, Mapping[str, str]], times: Times, rounds: int
) -> None:
    for _ in range(rounds):
        for place in ("page 1", "deep", "me"):
            for site in sites:
                began = time.perf_counter()
                site.get(addresses[site.size][place])
                times[site.size, place].append(1000 * (time.perf_counter() - began))


def per_second(site: Site) -> float:
    """How many times a second four readers get page 1, warm."""

    def read() -> int:
        connection, count, end = site.connect(), 0, time.monotonic() + SECONDS
        while time.monotonic() < end:
            site.get(PAGE, connection)
            count += 1
        connection.close()
        return count

    with ThreadPoolExecutor(THREADS) as pool:
        return sum(one.result() for one in [pool.submit(read) for _ in range(THREADS)]) / SECONDS


def growth(times: Times, place: str) -> float:
    """The median with most members by that with fewest."""
    return median(times[SIZES[-1], place]) / median(times[SIZES[0], place])


def told(name: str, cold: Times, warm: Times, rate: Mapping[int, float]) -> str:
    for size in SIZES:
        medians = [
            f"{place} {median(cold[size, place]):.0f} cold, {median(warm[size, place]):.0f} warm"
            for place in _places(warm)
        ]
        print(f"{name}, {size:,}: {'; '.join(medians)} ms; {rate[size]:.0f} requests/s", flush=True)
    grown = [
        f"{place} {growth(cold, place):.2f} x cold, {growth(warm, place):.2f} x warm"
        for place in _places(warm)
    ]
    return f"{name}: {', '.join(grown)}, {rate[SIZES[-1]]:.0f} requests/s"


def _places(times: Times) -> list[str]:
    return list(dict.fromkeys(place for _size, place in times))


def _site(size: int, url: str) -> Site:
    environment = os.environ | {
        "DATABASE_URL": url,
        "CODETRACK_DATA": str(boards.FOLDER / "data"),
        "SECRET_KEY": "only-for-benchmarks",
    }
    return Site(size, environment, _ask(environment, "enter"))


def _ask(environment: Mapping[str, str], what: str) -> Any:
    command = [sys.executable, "-m", "benchmarks.parts.board_pages", what]
    done = subprocess.run(
        command, cwd=common.ROOT, env=dict(environment), check=True, stdout=subprocess.PIPE
    )
    return json.loads(done.stdout.splitlines()[-1])


if __name__ == "__main__":
    sys.exit(main())
