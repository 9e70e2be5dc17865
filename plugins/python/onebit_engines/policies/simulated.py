"""Simulated caches of ``lru`` and ``discard(lru)`` in one class each: what ``KeyedCache`` does with these policies, in a third
of the time. The golden logs hold them to it."""

from collections import OrderedDict

from ..keyed_cache import KeyedCache
from .discard import Discard
from .lru import Lru


def simulated_cache(capacity, policy):
    """A cache for simulations that runs a fresh policy."""
    if type(policy) is Lru:
        return LruCache(capacity)
    if type(policy) is Discard and type(policy.inner) is Lru:
        return DiscardLruCache(capacity)
    return KeyedCache(capacity, policy)


class LruCache:
    __slots__ = ("capacity", "resident", "left")

    def __init__(self, capacity):
        self.capacity = capacity
        self.resident = OrderedDict()
        self.left = ()

    def __contains__(self, key):
        return key in self.resident

    def request(self, key, bit):
        resident = self.resident
        if key in resident:
            resident.move_to_end(key)
            if self.left:
                self.left = ()
            return True
        self.left = (resident.popitem(False)[0],) if len(resident) >= self.capacity else ()
        resident[key] = None
        return False


class DiscardLruCache:
    __slots__ = ("capacity", "live", "departed", "left")

    def __init__(self, capacity):
        self.capacity = capacity
        self.live = OrderedDict()
        self.departed = OrderedDict()
        self.left = ()

    def __contains__(self, key):
        return key in self.live or key in self.departed

    def request(self, key, bit):
        live, departed = self.live, self.departed
        hit = True
        if key in live:
            if bit != 1:
                live.move_to_end(key)
                if self.left:
                    self.left = ()
                return True
            del live[key]
        elif key in departed:
            del departed[key]
        else:
            hit = False
        if hit or len(live) + len(departed) < self.capacity:
            self.left = ()
        else:
            self.left = ((departed or live).popitem(False)[0],)
        (departed if bit == 1 else live)[key] = None
        return hit
