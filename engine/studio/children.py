"""A rehearsal at work in a process of its own, and what it says on the way."""

from __future__ import annotations

import base64
import os
import select
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from engine import documents

HOME = Path(__file__).resolve().parents[2]
HIDDEN = ("DATABASE_URL",)
"""What the other process has no need to know."""
_READ = 65_536


class Child:
    """A process that rehearses files in a folder of its own.

    The folder can be read by nobody else, and is deleted when the process ends."""

    def __init__(
        self,
        job: Mapping[str, Any],
        files: Mapping[str, bytes],
        cases: Iterable[Mapping[str, Any]] = (),
    ) -> None:
        self._folder = tempfile.mkdtemp(prefix="enforce-rehearsal-")
        self._errors = tempfile.TemporaryFile()
        self._held = b""
        self._is_open = True
        first = {
            **job,
            "folder": self._folder,
            "files": {n: base64.b64encode(c).decode() for n, c in files.items()},
        }
        with tempfile.TemporaryFile() as given:
            for line in (first, *cases):
                given.write(documents.dumps(line).encode() + b"\n")
            given.seek(0)
            self._process = subprocess.Popen(
                [sys.executable, "-m", "engine.rehearsing.apart"],
                stdin=given,
                stdout=subprocess.PIPE,
                stderr=self._errors,
                cwd=HOME,
                env={k: v for k, v in os.environ.items() if k not in HIDDEN},
            )
        assert self._process.stdout is not None
        self._said = self._process.stdout

    @property
    def is_over(self) -> bool:
        """It has ended, and all that it said has been heard."""
        return not self._is_open

    def hear(self, seconds: float) -> Iterator[Mapping[str, Any]]:
        """What it says for so long, or until it ends."""
        until = time.monotonic() + seconds
        while self._is_open and (left := until - time.monotonic()) > 0:
            ready, _, _ = select.select([self._said], [], [], left)
            if ready:
                self._take(os.read(self._said.fileno(), _READ))
        *lines, self._held = self._held.split(b"\n")
        for line in lines:
            said = documents.loads(line.decode())
            if isinstance(said, dict):
                yield said

    def _take(self, read: bytes) -> None:
        self._held += read
        if not read:
            self._is_open = False

    def end(self) -> str:
        """Stop it where it still runs, and clear up. Returns what it broke off with."""
        self._process.terminate()
        try:
            code = self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            code = self._process.wait()
        self._said.close()
        shutil.rmtree(self._folder, ignore_errors=True)
        self._errors.seek(0)
        written = self._errors.read().decode(errors="replace").strip().splitlines()
        self._errors.close()
        return "" if code == 0 else (written or [f"It ended with {code}"])[-1]
