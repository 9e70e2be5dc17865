"""What every policy is: an order of keys that names victims."""

from itertools import islice


class Policy:
    """Each request of a key leads to exactly one of ``hit`` and ``load``; ``remove`` follows every victim."""

    __slots__ = ()

    def hit(self, key, bit):
        raise NotImplementedError

    def load(self, key, bit):
        raise NotImplementedError

    def remove(self, key):
        raise NotImplementedError

    def victim(self, key, bit, excluded):
        """The key to evict so that ``key`` (None: no request at hand) can be loaded; one outside ``excluded``."""
        raise NotImplementedError

    def take(self, count, excluded):
        """Names ``count`` victims, with no request at hand, and removes them."""
        victims = []
        for _ in range(count):
            victim = self.victim(None, 0, excluded)
            self.remove(victim)
            victims.append(victim)
        return victims

    def walk(self, excluded):
        """All keys outside ``excluded``, first victim first; None where coins are tossed. The order stays as it is."""
        return None


def first_outside(order, excluded):
    """The first key of an order that is not excluded, None if there is none."""
    if not excluded:
        return next(iter(order), None)
    for key in order:
        if key not in excluded:
            return key
    return None


class OrderedPolicy(Policy):
    """A policy whose victims do not change while it names them, so that many are found in one walk."""

    __slots__ = ()

    def take(self, count, excluded):
        victims = list(islice(self.walk(excluded), count))
        for victim in victims:
            self.remove(victim)
        return victims
