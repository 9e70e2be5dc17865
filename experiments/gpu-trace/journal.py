"""An append-only record in JSON Lines that stays valid however the writer ends.

Records come in groups; each group ends with a checksum line {"lines": n, "crc32": c} over the n lines before it. What
stands after the last valid checksum line was being written when the writer ended and is cut off when writing goes on.
A file is closed after about CHUNK_BYTES and the next begun, so that each part is small enough to be carried.
"""

import json
import os
import zlib
from pathlib import Path

CHUNK_BYTES = 8 << 20


class Refusal(Exception):
    """What the user must change, in one line."""


class Journal:
    """Reads what is in a folder, cuts off what is not whole, and appends."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.records = []
        chunks = self.chunks()
        for number, path in enumerate(chunks):
            valid, records = read_chunk(path)
            self.records += records
            if valid < path.stat().st_size:
                if number < len(chunks) - 1:
                    raise Refusal(f"{path}: damaged at byte {valid}; restore the file or record into another folder")
                os.truncate(path, valid)
        self.number = max(len(chunks), 1)
        self.file = open(self._path(), "ab")

    def chunks(self):
        return sorted(self.folder.glob("chunk-*.jsonl"))

    def append(self, records):
        """Writes a group of records; when this returns it is on the disk."""
        lines = [json.dumps(record, separators=(",", ":")).encode() + b"\n" for record in records]
        group = b"".join(lines)
        check = json.dumps({"lines": len(lines), "crc32": zlib.crc32(group)}).encode() + b"\n"
        if self.file.tell() > CHUNK_BYTES:
            self.file.close()
            self.number += 1
            self.file = open(self._path(), "ab")
        self.file.write(group + check)
        self.file.flush()
        os.fsync(self.file.fileno())
        self.records += records

    def close(self):
        self.file.close()

    def _path(self):
        return self.folder / f"chunk-{self.number:04}.jsonl"


def read_chunk(path):
    """The number of bytes up to the last valid checksum line, and the records before it."""
    content = Path(path).read_bytes()
    valid, group_start, at = 0, 0, 0
    records, group = [], []
    while (end := content.find(b"\n", at)) >= 0:
        try:
            value = json.loads(content[at:end])
        except ValueError:
            break
        if isinstance(value, dict) and set(value) == {"lines", "crc32"}:
            if value["lines"] != len(group) or value["crc32"] != zlib.crc32(content[group_start:at]):
                break
            records += group
            group = []
            valid = group_start = end + 1
        else:
            group.append(value)
        at = end + 1
    return valid, records
