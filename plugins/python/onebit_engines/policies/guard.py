"""Guard (arXiv 2507.16242) around any policy here: a key that faults in the phase in which it was evicted takes the place of
a random old unvisited key, and is guarded until the phase ends."""

from .coins import IndexSet
from .policy import Policy

#: Evicted keys remembered per key of capacity; beyond that the oldest is forgotten, so that memory stays bounded.
REMEMBERED = 16


class Guard(Policy):
    __slots__ = ("inner", "random", "occupied", "unvisited", "guarded", "evicted", "limit", "guard_next")

    def __init__(self, capacity, inner, random):
        self.inner = inner
        self.random = random
        self.occupied = IndexSet()
        self.unvisited = IndexSet()
        self.guarded = set()
        #: Keys evicted in this phase, oldest first.
        self.evicted = {}
        self.limit = REMEMBERED * capacity
        self.guard_next = False

    def hit(self, key, bit):
        self.unvisited.delete(key)
        self.inner.hit(key, bit)

    def load(self, key, bit):
        self.occupied.add(key)
        if self.guard_next:
            self.guarded.add(key)
        self.guard_next = False
        self.inner.load(key, bit)

    def remove(self, key):
        self.occupied.delete(key)
        self.unvisited.delete(key)
        self.guarded.discard(key)
        self.evicted[key] = None
        if len(self.evicted) > self.limit:
            del self.evicted[next(iter(self.evicted))]
        self.inner.remove(key)

    def victim(self, key, bit, excluded):
        if not self.unvisited:
            self.unvisited.assign(self.occupied)
            self.guarded.clear()
            self.evicted = {}
        if key in self.evicted:
            victim = self.unvisited.choose(self.random, excluded)
            if victim is not None:
                self.guard_next = True
                return victim
        return self.inner.victim(key, bit, self._with_guarded(excluded))

    def _with_guarded(self, excluded):
        if not excluded:
            return self.guarded
        both = self.guarded.union(excluded)
        # Where every unguarded key must stay, guarded ones may leave. Keys that must stay may have departed: these are not here.
        return both if any(key not in both for key in self.occupied.members) else excluded
