"""The process that starts sandboxes: `python -m codetrack.judge.worker SOCKET`.

It is started by `client.Judge`, works on one request at a time in its only thread, opens no file
of the club, and ends when its asker has gone. What it needs is imported before it gives up its
rights.
"""

from __future__ import annotations

import codecs
import os
import resource
import socket
import sys
import traceback  # noqa: F401 - what an accident needs, while it can still be read
from collections.abc import Sequence
from contextlib import suppress
from functools import singledispatchmethod

from codetrack.judge import languages
from codetrack.judge.errors import JudgeError, Refused
from codetrack.judge.judging import judge
from codetrack.judge.languages import CompileError, Compiler, Store
from codetrack.judge.sandbox import Gone, Sandbox, bwrap, cgroup, identity, ledger
from codetrack.judge.wire import (
    Answer,
    AskLanguages,
    Channel,
    Compile,
    Compiled,
    Failed,
    JudgeAll,
    Judged,
    Languages,
    Ran,
    Ready,
    Refuses,
    Request,
    RunOne,
    Tested,
)

#: Python loads these when they are first used, which may be too late.
CODECS = ("ascii", "latin-1", "utf-8", "utf-16", "idna", "unicode_escape")


class Worker:
    """Answers requests, one after the other."""

    def __init__(self, channel: Channel, sandbox: Sandbox, compiler: Compiler) -> None:
        self.channel = channel
        self.sandbox = sandbox
        self.compiler = compiler

    def serve(self) -> None:
        """Until the asker has gone."""
        with suppress(EOFError, ConnectionError, Gone):
            while True:
                request: Request = self.channel.receive(Request)  # type: ignore[arg-type] # a union
                answer = self._tried(request)
                self.channel.forget()
                self.channel.send(answer)

    def _tried(self, request: Request) -> Answer:
        try:
            return self.answer(request)
        except (JudgeError, CompileError, OSError) as error:
            return Failed(type(error).__name__, str(error))

    @singledispatchmethod
    def answer(self, request: object) -> Answer:
        raise TypeError(request)

    @answer.register
    def _(self, request: RunOne) -> Answer:
        return Ran(self.sandbox.run(request.spec))

    @answer.register
    def _(self, request: Compile) -> Answer:
        return Compiled(self.compiler.compile(request.submission).text)

    @answer.register
    def _(self, request: JudgeAll) -> Answer:
        return Judged(
            judge(
                request.problem,
                request.submission,
                sandbox=self.sandbox,
                compiler=self.compiler,
                on_test=lambda test: self.channel.send(Tested(test)),
            )
        )

    @answer.register
    def _(self, request: AskLanguages) -> Answer:
        return Languages(tuple(languages.probe(self.compiler, self.sandbox)))


def start(channel: Channel) -> Worker:
    """Become who the worker is, and say so. Raises Refused."""
    for name in CODECS:
        codecs.lookup(name)
    table = languages.load()
    found = bwrap.find()
    groups = cgroup.find()
    place = identity.take(groups)
    ledger.own = ledger.Ledger.begin(place.folder)
    _open_many()
    sandbox = Sandbox(place, groups=groups, asker=channel.end.fileno())
    worker = Worker(channel, sandbox, Compiler(sandbox, table, Store(place.store)))
    channel.send(Ready(os.getuid(), sandbox.level, found.version, str(place.folder)))
    return worker


def _open_many() -> None:
    """A problem comes as two open files a test."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def main(arguments: Sequence[str]) -> int:
    channel = Channel(socket.socket(fileno=int(arguments[0])))
    os.set_inheritable(channel.end.fileno(), False)
    try:
        worker = start(channel)
    except JudgeError as error:
        remedy = error.remedy if isinstance(error, Refused) else ""
        channel.send(Refuses(error.reason if isinstance(error, Refused) else str(error), remedy))
        return 1
    worker.serve()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
