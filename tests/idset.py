"""The functions of SQL that a realm's triggers call, for a connection of Python's that writes to a realm.

Sets of ids are as in lib/store/ids.h. It says the encoding once more, and shares nothing with the programs.
"""

import json
import re
import struct
import unicodedata

RANGE, LISTED = 65536, 4096


def encode(ids):
    """The set of these ids, which are of one range."""
    numbers = sorted({number % RANGE for number in ids})
    if len(numbers) < LISTED:
        return struct.pack(f"<{len(numbers)}H", *numbers)
    bitmap = bytearray(RANGE // 8)
    for number in numbers:
        bitmap[number // 8] |= 1 << number % 8
    return bytes(bitmap)


def decode(key, blob):
    """The ids of the set in the row with this key."""
    first = key % 2**32 * RANGE
    if len(blob) == RANGE // 8:
        return [first + number for number in range(RANGE) if blob[number // 8] >> number % 8 & 1]
    return [first + number for number, in struct.iter_unpack("<H", blob)]


def name_words(*names):
    """As lib/store/names.h, for the scripts that tests use."""
    text = " ".join(filter(None, names))
    return json.dumps(re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", text).casefold()))


class Collect:
    """The aggregate ids_of; of no row it gives NULL, because sqlite3 makes no object then."""

    def __init__(self):
        self.ids = []

    def step(self, number):
        self.ids.append(number)

    def finalize(self):
        return encode(self.ids)


def register(db):
    """Gives a connection the functions that the triggers call."""
    db.create_function("ids_key", 2, lambda owner, number: (owner << 32) + number // RANGE,
                       deterministic=True)
    db.create_function("ids_add", 2, lambda blob, number: encode([*decode(0, blob), number]),
                       deterministic=True)
    db.create_function("ids_remove", 2, lambda blob, number: encode(
        set(decode(0, blob)) - {number % RANGE}), deterministic=True)
    db.create_aggregate("ids_of", 1, Collect)
    # The words of a text that a test deletes stay in the index of texts, where they harm nothing.
    db.create_function("word_counts", 1, lambda text: "[]", deterministic=True)
    db.create_function("name_words", 2, name_words, deterministic=True)
    db.create_function("vectors_remove", 3, lambda blob, _dimension, _text: blob, deterministic=True)
    return db
