"""Laws of a run under operations in any order, with no engine at hand."""

from math import floor, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from onebit_engines.complaints import COUNTS
from onebit_engines.engine_run import EngineRun
from onebit_engines.policies.trust import margin_for
from onebit_engines.request_bits import DISCARD, KEEP_TOKENS, read_request
from operations import OPERATIONS, POLICIES, TwoLists

CAPACITIES = st.integers(1, 8)


def follow(run, operations, watch, bits=True):
    """Performs the operations as an engine would; ``watch`` is told of every request, removal and eviction."""
    for name, *arguments in operations:
        there = arguments[0] in run.recency
        if name == "request":
            key, bit = arguments
            if not there:
                incoming = (key,) if len(run.recency) == run.capacity else ()
                if incoming and evict(run, 1, frozenset(incoming), incoming, watch) is None:
                    continue
                run.insert(key)
                run.pinned.discard(key)
            run.touch(key, bit if bits else None)
            watch.request(key, (bit or 0) if bits else 0)
        elif name == "evict":
            evict(run, *arguments, (), watch)
        elif name == "pin" and there:
            (run.pinned.discard if arguments[0] in run.pinned else run.pinned.add)(arguments[0])
        elif name == "remove" and there:
            run.remove(arguments[0])
            watch.remove(arguments[0])


def evict(run, count, protected, incoming, watch):
    before, stay = list(run.recency), run.pinned | protected
    victims = run.evict(count, protected, incoming)
    may = [key for key in before if key not in stay]
    if victims is None:
        assert len(may) < count and list(run.recency) == before, "refused, or changed while refusing"
    else:
        assert len(victims) == len(set(victims)) == count and set(victims) <= set(may)
        assert list(run.recency) == [key for key in before if key not in victims]
    assert watch.evict(count, stay) == victims or isinstance(watch, Anything)
    return victims


class Anything:
    """Expects nothing."""

    def request(self, key, bit):
        pass

    def remove(self, key):
        pass

    def evict(self, count, stay):
        pass


@pytest.mark.parametrize("frozen", POLICIES, ids=str)
@given(capacity=CAPACITIES, operations=OPERATIONS)
def test_exactly_n_leave_or_nothing_changes_and_none_that_must_stay(frozen, capacity, operations):
    run = EngineRun(capacity, frozen)
    follow(run, operations, Anything())
    if run.cache is not None:
        assert run.cache.resident == set(run.recency)


@pytest.mark.parametrize("frozen", POLICIES, ids=str)
@given(capacity=CAPACITIES, operations=OPERATIONS)
def test_without_bits_every_policy_is_lru(frozen, capacity, operations):
    follow(EngineRun(capacity, frozen), operations, TwoLists(), bits=False)


@pytest.mark.parametrize("frozen", [policy for policy in POLICIES if str(policy) in ("discard(lru)",)], ids=str)
@given(capacity=CAPACITIES, operations=OPERATIONS)
def test_lazy_mark0_with_the_deterministic_choice_is_two_lists(frozen, capacity, operations):
    follow(EngineRun(capacity, frozen), operations, TwoLists())


@given(capacity=CAPACITIES, operations=OPERATIONS)
def test_bits_that_all_say_keep_are_lru_under_the_default(capacity, operations):
    kept = [("request", one[1], 0) if one[0] == "request" else one for one in operations]
    follow(EngineRun(capacity, POLICIES[4]), kept, TwoLists())


@given(st.one_of(st.none(), st.integers(), st.text(), st.dictionaries(st.sampled_from([DISCARD, KEEP_TOKENS]), st.from_type(object))))
def test_whatever_a_request_says_it_is_a_bit_and_a_cut_point_or_nothing(parameters):
    bit, cut = read_request(parameters)
    assert bit in (None, 0, 1) and (cut is None or cut >= 0)


@pytest.mark.parametrize("frozen", POLICIES, ids=str)
def test_keys_that_were_admitted_and_never_came_are_forgotten(frozen):
    run = EngineRun(2, frozen)
    for key in (1, 2):
        run.insert(key)
        run.pinned.discard(key)
        run.touch(key, 0)
    assert len(run.evict(1, frozenset(), (3,))) == 1
    assert len(run.evict(1, frozenset(), ())) == 1
    assert not run.recency and not run.cache.resident


def test_a_wrong_bit_is_logged_once_and_counted_each_time(caplog):
    COUNTS.clear()
    for value in ("1", 2, -1, 0.5, [1]):
        assert read_request({DISCARD: value}) == (None, None)
    assert COUNTS["bit"] == 5 and len(caplog.records) == 1
    assert "send 0 (keep) or 1 (discard)" in caplog.text


def test_the_margin_in_force_is_the_one_asked_for_at_most_five_roots_of_the_capacity():
    # As the library's own test has it, in whole numbers.
    for capacity in range(1, 12_001):
        # The library's own expression.
        assert margin_for(500, capacity) == min(500, floor(5 * sqrt(capacity))), capacity
    assert (margin_for(3, 10), margin_for(2.5, 100)) == (3, 2)
