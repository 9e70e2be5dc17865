"""Seeded random numbers and sets to draw from, coin for coin those of the library."""

_MASK = 0xFFFFFFFF
_SMALL = 64
_TRIES = 128


class SeededRandom:
    """The generator sfc32; the same seed gives the same numbers as in the library."""

    __slots__ = ("a", "b", "c", "counter")

    def __init__(self, seed):
        self.a = seed & _MASK
        self.b = (seed >> 32) & _MASK
        self.c = 0x9E3779B9
        self.counter = 1
        for _ in range(12):
            self.bits()

    def bits(self):
        total = (self.a + self.b + self.counter) & _MASK
        self.counter = (self.counter + 1) & _MASK
        self.a = self.b ^ (self.b >> 9)
        self.b = (self.c + (self.c << 3)) & _MASK
        self.c = (((self.c << 21) | (self.c >> 11)) + total) & _MASK
        return total

    def below(self, count):
        """A uniform integer in 0 … count − 1."""
        high = self.bits() >> 5
        return int((high * 67108864.0 + (self.bits() >> 6)) / 9007199254740992.0 * count)


def nth_outside(count, places, random):
    """A uniform place in 0 … count − 1 outside ``places``, None if there is none. One coin, O(places · log)."""
    eligible = count - len(places)
    if eligible <= 0:
        return None
    place = random.below(eligible)
    for taken in sorted(places):
        if taken > place:
            break
        place += 1
    return place


class IndexSet:
    """A set with O(1) insertion, deletion, membership and uniform choice."""

    __slots__ = ("members", "place")

    def __init__(self):
        self.members = []
        self.place = {}

    def __len__(self):
        return len(self.members)

    def __contains__(self, key):
        return key in self.place

    def add(self, key):
        """Takes in a key that is not there."""
        self.place[key] = len(self.members)
        self.members.append(key)

    def delete(self, key):
        place = self.place.pop(key, None)
        if place is None:
            return
        last = self.members.pop()
        if place < len(self.members):
            self.members[place] = last
            self.place[last] = place

    def assign(self, other):
        self.members = other.members[:]
        self.place = dict(other.place)

    def choose(self, random, excluded):
        """A uniform member outside ``excluded``, None if there is none. Of a large set members are drawn until one fits."""
        count = len(self.members)
        for _ in range(_TRIES if excluded and count > _SMALL else 0):
            member = self.members[random.below(count)]
            if member not in excluded:
                return member
        return self.count_off(random, excluded)

    def count_off(self, random, excluded):
        """The same with a single coin, in O(excluded · log)."""
        places = [self.place[key] for key in excluded if key in self.place]
        place = nth_outside(len(self.members), places, random)
        return None if place is None else self.members[place]
