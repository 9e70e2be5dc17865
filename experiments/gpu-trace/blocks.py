"""Blocks of the KV cache: chained hashes, reuse of prefixes, and eviction of the least recently used."""

import hashlib
from array import array
from collections import OrderedDict

BLOCK = 16


def chained_hashes(tokens):
    """A 64-bit hash, as 16 hexadecimal digits, of each full block of tokens and all that stands before it."""
    hashes, parent = [], b""
    for start in range(0, len(tokens) - BLOCK + 1, BLOCK):
        content = array("I", tokens[start : start + BLOCK]).tobytes()
        parent = hashlib.blake2b(parent + content, digest_size=8).digest()
        hashes.append(parent.hex())
    return hashes


class BlockPool:
    """Which block of the device's memory holds what. Blocks in use are counted; others are kept until room is needed."""

    def __init__(self, capacity):
        self.capacity = capacity
        self.free = list(range(capacity - 1, -1, -1))
        self.users = [0] * capacity
        self.hash_of = [None] * capacity
        self.block_of = {}
        # Blocks with content and without users, the longest unused first.
        self.idle = OrderedDict()
        self.evictions = 0

    def available(self):
        return len(self.free) + len(self.idle)

    def match(self, hashes):
        """The blocks of the longest prefix that is there, with this caller as one more user of each."""
        blocks = []
        for block_hash in hashes:
            block = self.block_of.get(block_hash)
            if block is None:
                break
            self.users[block] += 1
            self.idle.pop(block, None)
            blocks.append(block)
        return blocks

    def take(self, count):
        """Empty blocks with the caller as their user, or None where there are not enough."""
        if count > self.available():
            return None
        while len(self.free) < count:
            block, _ = self.idle.popitem(last=False)
            del self.block_of[self.hash_of[block]]
            self.hash_of[block] = None
            self.free.append(block)
            self.evictions += 1
        taken = [self.free.pop() for _ in range(count)]
        for block in taken:
            self.users[block] = 1
        return taken

    def name(self, block, block_hash):
        """Lets later requests find a full block; where its content is there already, it stays nameless."""
        if block_hash not in self.block_of and self.hash_of[block] is None:
            self.block_of[block_hash] = block
            self.hash_of[block] = block_hash

    def release(self, blocks):
        """Gives blocks back, the last of a path first, so that a prefix outlives what follows it."""
        for block in reversed(blocks):
            self.users[block] -= 1
            if self.users[block] == 0:
                if self.hash_of[block] is None:
                    self.free.append(block)
                else:
                    self.idle[block] = None
