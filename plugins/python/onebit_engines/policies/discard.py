"""The lift ``discard(P)``: keys requested with bit 1 depart and leave first, the least recently used of them before the
others; P decides among the rest and sees the next request of a departed key as a load.

``discard(marker)`` is lazy Mark0. Its choice among the unmarked keys may be any, for the bound with k in place of 2H_k: LRU
always evicts an unmarked key, so ``discard(lru)`` is lazy Mark0 with that deterministic choice, and with no bits it is LRU.
"""

from collections import OrderedDict
from itertools import chain

from .policy import OrderedPolicy, first_outside


class Discard(OrderedPolicy):
    __slots__ = ("inner", "departed")

    def __init__(self, inner):
        self.inner = inner
        self.departed = OrderedDict()

    def hit(self, key, bit):
        if key in self.departed:
            del self.departed[key]
            if bit == 1:
                # As the library does it: P sees the key come and go.
                self.inner.load(key, 0)
                self.inner.remove(key)
                self.departed[key] = None
            else:
                self.inner.load(key, 0)
        elif bit == 1:
            self.inner.hit(key, 0)
            self.inner.remove(key)
            self.departed[key] = None
        else:
            self.inner.hit(key, 0)

    def load(self, key, bit):
        self.inner.load(key, 0)
        if bit == 1:
            self.inner.remove(key)
            self.departed[key] = None

    def remove(self, key):
        if key in self.departed:
            del self.departed[key]
        else:
            self.inner.remove(key)

    def victim(self, key, bit, excluded):
        victim = first_outside(self.departed, excluded)
        return self.inner.victim(key, 0, excluded) if victim is None else victim

    def take(self, count, excluded):
        victims = [key for key, _ in zip((k for k in self.departed if k not in excluded), range(count))]
        for victim in victims:
            del self.departed[victim]
        return victims + self.inner.take(count - len(victims), excluded)

    def walk(self, excluded):
        rest = self.inner.walk(excluded)
        return None if rest is None else chain((k for k in self.departed if k not in excluded), rest)
