"""A cache of k keys run by one policy: the counterpart of the library's ``Cache``, with keys for pages."""

NOTHING = frozenset()


class PolicyDefect(Exception):
    """The policy broke its contract; the engine goes on with its own LRU."""


class KeyedCache:
    """Owns residency and checks every victim. A request costs O(1) beside the policy's own work."""

    __slots__ = ("capacity", "policy", "resident", "left")

    def __init__(self, capacity, policy):
        self.capacity = capacity
        self.policy = policy
        self.resident = set()
        #: Keys that left during the latest request.
        self.left = ()

    def __contains__(self, key):
        return key in self.resident

    def request(self, key, bit):
        """Serves one request and returns whether it was a hit."""
        self.left = ()
        if key in self.resident:
            self.policy.hit(key, bit)
            return True
        if len(self.resident) >= self.capacity:
            self.left = (self._vacate(key, bit, NOTHING),)
        self.resident.add(key)
        self.policy.load(key, bit)
        return False

    def evict(self, count, excluded=NOTHING):
        """Evicts exactly ``count`` keys and returns them in order, or changes nothing and returns None."""
        if len(self.resident) - len(excluded) < count:
            return None
        victims = self.policy.take(count, excluded)
        for victim in victims:
            if victim not in self.resident or victim in excluded:
                raise PolicyDefect("the policy named a victim that must stay")
            self.resident.remove(victim)
        if len(victims) != count:
            raise PolicyDefect(f"the policy named {len(victims)} victims of {count}")
        return victims

    def admit(self, keys, excluded=NOTHING):
        """Loads absent keys with bit 0, one after the other, and returns the keys that left for them.

        Where too few may leave, changes nothing and returns None. None of ``keys`` leaves again for a later one.
        """
        needed = len(self.resident) + len(keys) - self.capacity
        if needed > 0 and len(self.resident) - len(excluded) < needed:
            return None
        victims, resident, load = [], self.resident, self.policy.load
        excluded = set(excluded)
        for key in keys:
            if len(resident) >= self.capacity:
                victims.append(self._vacate(key, 0, excluded))
            resident.add(key)
            load(key, 0)
            excluded.add(key)
        return victims

    def remove(self, key):
        """Takes a resident key away, whatever the policy thinks of it."""
        self.resident.remove(key)
        self.policy.remove(key)

    def _vacate(self, key, bit, excluded):
        victim = self.policy.victim(key, bit, excluded)
        if victim not in self.resident or victim in excluded:
            raise PolicyDefect("the policy named a victim that must stay")
        self.resident.remove(victim)
        self.policy.remove(victim)
        return victim
