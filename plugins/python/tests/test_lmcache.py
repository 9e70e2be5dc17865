"""LMCache's own LRU class and list of policies, with this package's policy in it, called as its local store calls them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from real_engines import use_engine

use_engine("lmcache", "0.5.6", ["torch", "lmcache"])

from lmcache.v1.storage_backend.cache_policy import get_cache_policy  # noqa: E402
from onebit_engines import lmcache as shim  # noqa: E402
from onebit_engines.complaints import COUNTS  # noqa: E402
from onebit_engines.frozen_policy import FrozenPolicy  # noqa: E402
from operations import LAZY, TwoLists, policy  # noqa: E402


class Key:
    """Equal by its hash alone, as LMCache's keys are where no tag is set."""

    def __init__(self, chunk, configs=None):
        self.chunk_hash, self.request_configs = chunk, configs

    def __hash__(self):
        return hash(self.chunk_hash)

    def __eq__(self, other):
        return self.chunk_hash == other.chunk_hash

    def __repr__(self):
        return str(self.chunk_hash)


class Entry:
    can_evict = True


class Store:
    """As much of LMCache's local store as its policy sees: removals of named candidates are not reported to it."""

    def __init__(self, name, capacity):
        self.policy = get_cache_policy(name)
        self.entries = self.policy.init_mutable_mapping()
        self.capacity = capacity
        self.left = []

    def request(self, chunk, configs):
        key = Key(chunk, configs)
        if key in self.entries:
            self.policy.update_on_hit(key, self.entries)
            return
        if len(self.entries) == self.capacity:
            candidates = self.policy.get_evict_candidates(self.entries, 1)
            if not candidates:
                return
            self.left.append(candidates[0].chunk_hash)
            del self.entries[candidates[0]]
        self.entries[key] = Entry()
        self.policy.update_on_put(key)

    def remove(self, chunk):
        if Key(chunk) in self.entries:
            del self.entries[Key(chunk)]
            self.policy.update_on_force_evict(Key(chunk))

    def pin(self, chunk):
        if Key(chunk) in self.entries:
            self.entries[Key(chunk)].can_evict ^= True


@pytest.fixture(scope="module", autouse=True)
def registered():
    shim.register()


CHUNKS = st.integers(0, 11)
OPERATIONS = st.lists(
    st.one_of(
        st.tuples(st.just("request"), CHUNKS, st.sampled_from([None, {shim.FIELD: 0}, {shim.FIELD: 1}])),
        st.tuples(st.sampled_from(["remove", "pin"]), CHUNKS),
    ),
    min_size=40,
    max_size=100,
)


def serve(name, capacity, operations, bits=True):
    store = Store(name, capacity)
    for operation, chunk, *configs in operations:
        if operation == "request":
            store.request(chunk, configs[0] if bits else {"lmcache.other": 1})
        else:
            getattr(store, operation)(chunk)
    return store


@given(capacity=st.integers(1, 8), operations=OPERATIONS)
def test_without_bits_the_candidates_are_lmcache_s_own(capacity, operations):
    ours, theirs = (serve(name, capacity, operations, False) for name in ("ONEBIT", "LRU"))
    assert ours.left == theirs.left and list(ours.entries) == list(theirs.entries)


@given(capacity=st.integers(1, 8), operations=OPERATIONS)
def test_with_discard_lru_the_candidates_are_those_of_two_lists(capacity, operations):
    original, shim.chosen_policy = shim.chosen_policy, lambda: FrozenPolicy(policy(LAZY))
    try:
        store = Store("ONEBIT", capacity)
    finally:
        shim.chosen_policy = original
    model = TwoLists()
    for operation, chunk, *configs in operations:
        there, before = chunk in model.keys, len(store.left)
        pinned = [one for one in model.keys if not store.entries[Key(one)].can_evict]
        getattr(store, operation)(chunk, *configs)
        if operation == "remove" and there:
            model.remove(chunk)
        elif operation == "request":
            full = not there and len(model.keys) == capacity
            victims = model.evict(1, pinned) if full else []
            assert (victims or []) == store.left[before:]
            if victims is not None:
                model.request(chunk, (configs[0] or {}).get(shim.FIELD))


@given(capacity=st.integers(1, 8), operations=OPERATIONS)
def test_the_default_serves_without_being_dismissed_and_forgets_what_is_gone(capacity, operations):
    COUNTS.clear()
    slack, shim.SLACK = shim.SLACK, 0
    try:
        policy = serve("ONEBIT", capacity, operations * 3).policy
    finally:
        shim.SLACK = slack
    assert COUNTS["policy failure"] == 0
    assert len(policy._known) <= 2 * capacity + 1


def test_bits_of_unexpected_type_are_logged_once_and_mean_lru(caplog):
    COUNTS.clear()
    for configs in ({shim.FIELD: "1"}, {shim.FIELD: 3}, [1]):
        operations = [("request", i * i % 7, configs) for i in range(30)]
        assert serve("ONEBIT", 3, operations).left == serve("LRU", 3, operations).left
    assert COUNTS["bit"] == 60 and COUNTS["request configs"] == 30 and len(caplog.records) == 2


def test_a_policy_that_tosses_coins_is_named_and_lru_goes_on(caplog, monkeypatch):
    COUNTS.clear()
    monkeypatch.setattr(shim, "chosen_policy", lambda: FrozenPolicy(policy(("guard", LAZY))))
    operations = [("request", i * i % 7, {shim.FIELD: 1}) for i in range(30)]
    assert serve("ONEBIT", 3, operations).left == serve("LRU", 3, operations).left
    assert "export discard(lru)" in caplog.text


def test_a_failing_policy_is_dismissed_and_lru_goes_on(caplog, monkeypatch):
    COUNTS.clear()
    operations = [("request", i * i % 7, {shim.FIELD: 1}) for i in range(30)]
    monkeypatch.setattr(shim.OnebitCachePolicy, "_candidates", lambda *_: 1 // 0)
    assert serve("ONEBIT", 3, operations).left == serve("LRU", 3, operations).left
    assert COUNTS["policy failure"] == 1 and "is dismissed" in caplog.text
