"""Marker: a requested key is marked; the victim is a random unmarked key; when none is left, all marks go.

``discard(marker)`` is lazy Mark0 with its seeded coins. A draw costs O(excluded · log) where keys are excluded.
"""

from .coins import IndexSet
from .policy import Policy


class Marker(Policy):
    __slots__ = ("marked", "unmarked", "random")

    def __init__(self, random):
        self.marked = IndexSet()
        self.unmarked = IndexSet()
        self.random = random

    def hit(self, key, bit):
        if key in self.unmarked:
            self.unmarked.delete(key)
            self.marked.add(key)

    def load(self, key, bit):
        self.marked.add(key)

    def remove(self, key):
        (self.marked if key in self.marked else self.unmarked).delete(key)

    def victim(self, key, bit, excluded):
        if not self.unmarked:
            self.marked, self.unmarked = self.unmarked, self.marked
        victim = self.unmarked.count_off(self.random, excluded)
        return self.marked.count_off(self.random, excluded) if victim is None else victim
