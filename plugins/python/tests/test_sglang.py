"""SGLang's own RadixCache with this package's strategy in it, found through the entry point of the installed package."""

import itertools
import json
from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st
from real_engines import use_engine

use_engine("sglang", "0.5.23", ["torch", "sglang"])

import torch  # noqa: E402
from onebit_engines import sglang as shim  # noqa: E402
from onebit_engines.complaints import COUNTS  # noqa: E402
from sglang.srt.arg_groups.choices import RADIX_EVICTION_POLICY_CHOICES  # noqa: E402
from sglang.srt.mem_cache import radix_cache, utils  # noqa: E402
from sglang.srt.mem_cache.base_prefix_cache import EvictParams, InsertParams, MatchPrefixParams  # noqa: E402
from sglang.srt.mem_cache.cache_init_params import CacheInitParams  # noqa: E402
from sglang.srt.plugins import load_plugins  # noqa: E402
from sglang.srt.plugins.hook_registry import HookRegistry  # noqa: E402


class Row(tuple):
    """Stands for a tensor of cache places."""

    def __getitem__(self, index):
        part = super().__getitem__(index)
        return Row(part) if isinstance(index, slice) else part

    def clone(self):
        return self


torch.tensor = lambda values, dtype: Row(values)


class Allocator:
    """Writes down what is freed."""

    device = None

    def __init__(self):
        self.freed = []

    def free_segment(self, row, start_pos):
        self.freed.append(tuple(row))


class Clock:
    """The engine's clock, in steps that differ from rank to rank."""

    def __init__(self, start, step):
        self.times = itertools.count(start, step)
        self.perf_counter = self.monotonic = lambda: next(self.times)


def serve(policy, requests, config=None, clock=(0, 1)):
    """The rows freed, in order, while a cache of that policy serves the requests."""
    radix_cache.time = Clock(*clock)
    allocator = Allocator()
    params = CacheInitParams(
        disable=False, req_to_token_pool=None, token_to_kv_pool_allocator=allocator, page_size=1
    )
    params.eviction_policy, params.eviction_policy_config = policy, config
    cache = radix_cache.RadixCache(params)
    cache.update_eviction_metrics = lambda *_: None
    for tokens, priority, evicted in requests:
        key = lambda: radix_cache.RadixKey(array("q", tokens))  # noqa: E731
        cache.match_prefix(MatchPrefixParams(key=key()))
        cache.insert(InsertParams(key=key(), value=Row(tokens), priority=priority))
        if evicted:
            cache.evict(EvictParams(num_tokens=evicted))
    return allocator.freed


TOKENS = st.lists(st.integers(0, 3), min_size=1, max_size=4)
REQUESTS = st.lists(st.tuples(TOKENS, st.sampled_from([-2, -2, None, 1]), st.sampled_from([0, 0, 1, 3])), min_size=15, max_size=40)


@pytest.fixture(scope="module", autouse=True)
def loaded():
    load_plugins()


def test_the_entry_point_registers_the_strategy():
    assert shim.NAME in RADIX_EVICTION_POLICY_CHOICES
    assert isinstance(utils.get_eviction_strategy("onebit"), shim.OnebitStrategy)


@given(requests=REQUESTS)
def test_without_bits_what_is_freed_is_what_lru_frees(requests):
    none = [(tokens, None, evicted) for tokens, _, evicted in requests]
    assert serve("onebit", none) == serve("lru", none)
    kept = [(tokens, abs(priority or 0), evicted) for tokens, priority, evicted in requests]
    assert serve("onebit", kept) == serve("lru", kept)


@given(requests=REQUESTS)
def test_with_one_negative_priority_it_is_the_engine_s_own_priority_order(requests):
    bits = [(tokens, -2 if priority == -2 else 0, evicted) for tokens, priority, evicted in requests]
    assert serve("onebit", bits) == serve("priority", bits)


@given(requests=REQUESTS, start=st.integers(0, 10**9), step=st.integers(1, 10**6))
def test_every_rank_frees_the_same_whatever_its_clock_shows(requests, start, step):
    assert serve("onebit", requests, clock=(start, step)) == serve("onebit", requests)


def test_discarded_leaves_go_first_and_the_prompt_that_the_engine_raises_by_one_with_them():
    requests = [([0, 1], -2, 0), ([0], -1, 0), ([1, 1], None, 0), ([2, 2], 0, 4)]
    assert serve("onebit", requests) == [(1,), (0,), (1, 1)]
    assert serve("lru", requests)[0] == (1,)


class Node:
    last_access_time = 5.0

    def __init__(self, priority):
        self.priority = priority


def test_a_priority_of_unexpected_type_is_logged_once_and_counts_as_none(caplog):
    COUNTS.clear()
    strategy = shim.OnebitStrategy()
    for priority in ("-2", -2.0, True):
        assert strategy.get_priority(Node(priority)) == (1, 5.0)
    assert COUNTS["bit"] == 3 and len(caplog.records) == 1
    assert strategy.get_priority(Node(None)) == strategy.get_priority(Node(-(2**63))) == (1, 5.0)


def test_a_policy_that_scores_cannot_express_is_named_and_lru_goes_on(tmp_path, caplog):
    COUNTS.clear()
    path = tmp_path / "policy.json"
    wrapped = {"name": "discard", "policies": [{"name": "marker", "policies": [], "parameters": {}}], "parameters": {}}
    path.write_text(json.dumps({"format": "onebit policy", "version": 1, "policy": wrapped, "seed": 1}))
    requests = [([0, 1], -2, 0), ([1, 1], None, 2)]
    assert serve("onebit", requests, {"policy_file": str(path)}) == serve("lru", requests)
    assert "export discard(lru)" in caplog.text and len(caplog.records) == 1


def test_another_way_of_registering_is_told_and_harms_nothing(caplog, monkeypatch):
    COUNTS.clear()
    monkeypatch.delattr(utils, "_EVICTION_POLICY_FACTORIES")
    shim.register()
    assert "--radix-eviction-policy lru" in caplog.text


class Params:
    def __init__(self, eviction_policy):
        self.eviction_policy = eviction_policy


def test_the_tree_written_in_rust_which_takes_built_in_policies_alone_is_left_aside():
    def engine_s_choice(name, params):
        return f"{name} by itself"

    assert shim.choose_tree(engine_s_choice, "rust", Params("Onebit")) == "python"
    assert shim.choose_tree(engine_s_choice, "rust", Params("lru")) == "rust by itself"
    assert any(hook is shim.choose_tree for _, hook, _ in HookRegistry._hooks[shim.TREE_CHOICE])
