"""One run of a policy inside an engine. Until the first bit arrives it is LRU; from then on the frozen policy decides."""

from collections import OrderedDict

from .keyed_cache import NOTHING, KeyedCache, PolicyDefect


class EngineRun:
    """Keeps the engine's keys, those that must stay, and the policy's run over them.

    ``pinned`` keys never leave. Keys that the policy admitted count as there once they are inserted.
    """

    __slots__ = ("capacity", "frozen", "recency", "pinned", "cache")

    def __init__(self, capacity, frozen):
        self.capacity = capacity
        self.frozen = frozen
        self.clear()

    def clear(self):
        """Forgets everything, the bits seen as well."""
        #: Every key that is there; least recently used first until the policy decides, which has its own order.
        self.recency = OrderedDict()
        self.pinned = set()
        #: The policy's own view; None while no bit has been seen.
        self.cache = None

    def start(self):
        """Hands the keys over to the policy, as if each had been loaded in order of its last use. O(keys)."""
        cache = KeyedCache(self.capacity, self.frozen.create(self.capacity))
        for key in self.recency:
            cache.request(key, 0)
        self.cache = cache
        # From here on only what is there matters, and a plain dictionary is quicker.
        self.recency = dict.fromkeys(self.recency)

    def touch(self, key, bit):
        """A request used a key; keys that are not there are passed over."""
        if key not in self.recency:
            return
        if self.cache is None:
            self.recency.move_to_end(key)
            if bit is None:
                return
            self.start()
        self.cache.policy.hit(key, bit or 0)

    def insert(self, key):
        """A key arrives, in a free place or in the one it was admitted to; pinned until it is unpinned."""
        self.recency[key] = None
        self.pinned.add(key)
        if self.cache is not None and key not in self.cache.resident:
            self.cache.request(key, 0)
            if self.cache.left:
                raise PolicyDefect("a key was inserted where no place was free")

    def remove(self, key):
        """The engine takes a key away."""
        del self.recency[key]
        self.pinned.discard(key)
        if self.cache is not None:
            self.cache.remove(key)

    def evict(self, count, protected=NOTHING, incoming=()):
        """Evicts exactly ``count`` keys, neither pinned nor protected, or changes nothing and returns None.

        ``incoming`` names the keys to be inserted next, in order, where that is known: ``count`` more than places are free.
        """
        excluded = self.pinned
        if protected:
            stay = [key for key in protected if key in self.recency and key not in excluded]
            excluded = excluded.union(stay) if stay else excluded
        if len(self.recency) - len(excluded) < count:
            return None
        if self.cache is None:
            victims = self._least_recently_used(count, excluded)
        else:
            victims = self._ask(count, excluded, incoming)
        for victim in victims:
            del self.recency[victim]
        return victims

    def _least_recently_used(self, count, excluded):
        victims = []
        for key in self.recency:
            if len(victims) == count:
                break
            if key not in excluded:
                victims.append(key)
        return victims

    def _ask(self, count, excluded, incoming):
        cache = self.cache
        if len(cache.resident) > len(self.recency):
            # The engine admitted keys and did not insert them.
            for key in cache.resident.difference(self.recency):
                cache.remove(key)
        if len(incoming) != count + self.capacity - len(self.recency):
            return cache.evict(count, excluded)
        return cache.admit(incoming, excluded)
