"""Files that pages are sent: none, unless a view that knows who asks takes a small one."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import TooManyFilesSent
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest


class NoFile(FileUploadHandler):
    """What every page has: Django would keep a file before anybody asks whose it is."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        raise TooManyFilesSent("This page takes no file.")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


class SmallFile(FileUploadHandler):
    """One file in memory. Of one that is longer than `most` bytes a byte more is kept, by which the
    form sees it.
    """

    def __init__(self, request: HttpRequest, *, most: int) -> None:
        super().__init__(request)
        self.most = most
        self.content = bytearray()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        room = self.most + 1 - len(self.content)
        self.content += raw_data[:room]

    def file_complete(self, file_size: int) -> SimpleUploadedFile:
        return SimpleUploadedFile(self.file_name or "", bytes(self.content))
