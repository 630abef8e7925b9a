"""What the workers did, through files in BENCH_TALLY: no server of the system under test is asked.

A record: when the task was due, when its handler was entered, when its completion was recorded; each a double in
microseconds of CLOCK_MONOTONIC, which all processes of a machine share.
"""

import os
import struct
import time

RECORD = struct.Struct("<3d")
POLL_SECONDS = 0.005
_file = None


def now():
    return time.monotonic_ns() / 1000


def add(due, start, done):
    global _file
    if _file is None:  # the pool's processes are forked: each has its own file
        _file = os.open(os.path.join(os.environ["BENCH_TALLY"], f"{os.getpid()}.tally"), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.write(_file, RECORD.pack(due, start, done))


class Reader:
    """The records of tasks that were due from a moment on; what an earlier run left behind does not count."""

    def __init__(self, since):
        self.records = []
        self._since = since
        self._offsets = {}

    def until(self, count, deadline):
        """True once there are `count`; False at the deadline."""
        while True:
            self._read()
            if len(self.records) >= count:
                return True
            if now() > deadline:
                return False
            time.sleep(POLL_SECONDS)

    def _read(self):
        for entry in os.scandir(os.environ["BENCH_TALLY"]):
            with open(entry.path, "rb") as file:
                offset = self._offsets.get(entry.name, 0)
                file.seek(offset)
                data = file.read()
            whole = len(data) // RECORD.size * RECORD.size
            self._offsets[entry.name] = offset + whole
            self.records.extend(record for record in RECORD.iter_unpack(data[:whole]) if record[0] >= self._since)
