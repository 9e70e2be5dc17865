"""Least recently used."""

from collections import OrderedDict

from .policy import OrderedPolicy, first_outside


class Lru(OrderedPolicy):
    __slots__ = ("recency",)

    def __init__(self):
        self.recency = OrderedDict()

    def hit(self, key, bit):
        self.recency.move_to_end(key)

    def load(self, key, bit):
        self.recency[key] = None

    def remove(self, key):
        del self.recency[key]

    def victim(self, key, bit, excluded):
        return first_outside(self.recency, excluded)

    def walk(self, excluded):
        return (key for key in self.recency if key not in excluded)
