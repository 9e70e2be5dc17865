"""Following one of two policies: both are simulated, ``trust`` says which one the real cache follows. The victim is a key that the followed
policy gave up."""

from collections import OrderedDict
from itertools import chain

from .policy import OrderedPolicy, first_outside
from .simulated import simulated_cache
from .trust import Trust, margin_for


class Switch(OrderedPolicy):
    __slots__ = ("followed", "other", "trust", "inside", "outside", "served", "changes")

    def __init__(self, capacity, first, second, margin):
        self.followed = simulated_cache(capacity, first)
        self.other = simulated_cache(capacity, second)
        self.trust = Trust(margin_for(margin, capacity))
        #: Real keys that the followed policy holds or does not hold, roughly least recently used first.
        self.inside = OrderedDict()
        self.outside = OrderedDict()
        self.served = False
        #: Changes of side so far.
        self.changes = 0

    def hit(self, key, bit):
        self._simulate(key, bit, True)
        # What has just been requested is held by the followed policy, and by the other.
        if key in self.inside:
            self.inside.move_to_end(key)
        else:
            del self.outside[key]
            self.inside[key] = None

    def load(self, key, bit):
        if not self.served:
            self._simulate(key, bit, False)
        self.served = False
        self.inside[key] = None

    def remove(self, key):
        if key in self.inside:
            del self.inside[key]
        else:
            del self.outside[key]

    def victim(self, key, bit, excluded):
        if key is not None:
            # The simulations see the request first, so that the key they give up for it is the one that leaves here.
            self._simulate(key, bit, False)
            self.served = True
        victim = first_outside(self.outside, excluded)
        return first_outside(self.inside, excluded) if victim is None else victim

    def walk(self, excluded):
        return (key for key in chain(self.outside, self.inside) if key not in excluded)

    def _simulate(self, key, bit, real_hit):
        followed, other = self.followed, self.other
        hit = followed.request(key, bit)
        other_hit = other.request(key, bit)
        for left in followed.left:
            if left in self.inside:
                del self.inside[left]
                self.outside[left] = None
        if self.trust.changes(hit, other_hit, real_hit):
            self._change_sides()

    def _change_sides(self):
        self.changes += 1
        self.followed, self.other = self.other, self.followed
        keys = list(chain(self.outside, self.inside))
        self.inside.clear()
        self.outside.clear()
        for key in keys:
            (self.inside if key in self.followed else self.outside)[key] = None
