"""Operations on a run that Hypothesis makes up, and naive models to compare with."""

from hypothesis import strategies as st
from onebit_engines.frozen_policy import FrozenPolicy

KEYS = st.integers(0, 11)
BITS = st.sampled_from([None, 0, 1])
FEW = st.frozensets(KEYS, max_size=4)

OPERATIONS = st.lists(
    st.one_of(
        st.tuples(st.just("request"), KEYS, BITS),
        st.tuples(st.just("request"), KEYS, BITS),
        st.tuples(st.just("evict"), st.integers(0, 6), FEW),
        st.tuples(st.just("pin"), KEYS),
        st.tuples(st.just("remove"), KEYS),
    ),
    min_size=30,
    max_size=120,
)


def policy(text):
    """A frozen policy of nested tuples: ``("discard", "lru")``; ``("switch", 3, first, second)`` with its margin."""
    name, *inner = (text,) if isinstance(text, str) else text
    parameters = {"margin": inner.pop(0)} if name == "switch" else {}
    return {"name": name, "policies": [policy(wrapped) for wrapped in inner], "parameters": parameters}


LAZY = ("discard", "lru")
POLICIES = [
    FrozenPolicy(policy(text))
    for text in (
        "lru",
        LAZY,
        ("discard", "marker"),
        ("guard", LAZY),
        ("switch", 2, LAZY, "lru"),
        ("switch", 0, ("guard", ("discard", "marker")), "lru"),
    )
]


class TwoLists:
    """The plainest form of ``discard(lru)``: discarded keys first, each group least recently used first."""

    def __init__(self):
        self.keys = []
        self.discarded = set()

    def request(self, key, bit):
        if key in self.keys:
            self.keys.remove(key)
        self.keys.append(key)
        (self.discarded.add if bit == 1 else self.discarded.discard)(key)

    def remove(self, key):
        self.keys.remove(key)
        self.discarded.discard(key)

    def evict(self, count, stay=()):
        may = [key for key in self.keys if key not in stay]
        order = [key for key in may if key in self.discarded] + [key for key in may if key not in self.discarded]
        if len(order) < count:
            return None
        for key in order[:count]:
            self.remove(key)
        return order[:count]
