"""A record as a file holds it: rewritten, without loss, so that gzip has less to write.

From epoch to epoch a number changes little, and steadily: of the bits of a float32, taken as a whole number, the change
of the change is near 0. So each column holds that, modulo 2**32, and of all its rows first the lowest bytes, then the
next ones: the 10,000 epochs of the asker's fix take 0.1 MB instead of 0.9. `ui/components/player/record_block.js`
reads it.
"""

import json
import struct

import numpy as np


def record_block(record: bytes) -> bytes:
    """What `stage_record.packed` makes, rewritten: its header is as it was, and the length too."""
    (length,) = struct.unpack_from("<I", record)
    header = json.loads(record[4 : 4 + length])
    words = np.frombuffer(record, "<u4", offset=4 + length).reshape(len(header["columns"]), header["rows"])
    for _ in range(2):
        words = np.diff(words, axis=1, prepend=np.uint32(0))  # (columns, rows)
    planes = np.ascontiguousarray(words).view("u1").reshape(*words.shape, 4).transpose(0, 2, 1)  # (columns, 4, rows)
    return record[: 4 + length] + planes.tobytes()
