"""A cache of k keys run by one policy: the counterpart of the library's ``Cache``, with keys for pages."""

NOTHING = frozenset()


class PolicyDefect(Exception):
    """The policy broke its contract; the engine goes on with its own LRU."""


class KeyedCache:
    """Owns residency, counts faults and checks every victim. A request costs O(1) beside the policy's own work."""

    __slots__ = ("capacity", "policy", "resident", "faults", "left")

    def __init__(self, capacity, policy):
        self.capacity = capacity
        self.policy = policy
        self.resident = set()
        self.faults = 0
        #: Keys that left during the latest request.
        self.left = []

    def request(self, key, bit, excluded=NOTHING):
        """Serves one request and returns whether it was a hit.

        ``excluded`` holds the resident keys that must stay; not all of them may, where room is needed.
        """
        if self.left:
            self.left = []
        if key in self.resident:
            self.policy.hit(key, bit)
            return True
        self.faults += 1
        if len(self.resident) >= self.capacity:
            victim = self.policy.victim(key, bit, excluded)
            if victim not in self.resident or victim in excluded:
                raise PolicyDefect("the policy named a victim that must stay")
            self.policy.remove(victim)
            self.resident.remove(victim)
            self.left.append(victim)
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
        victims = []
        excluded = set(excluded)
        for key in keys:
            self.request(key, 0, excluded)
            victims += self.left
            excluded.add(key)
        return victims

    def remove(self, key):
        """Takes a resident key away, whatever the policy thinks of it."""
        self.resident.remove(key)
        self.policy.remove(key)
