"""LMCache as published: its engine with its local CPU store, and this package's policy by the documented line.

Everything but the copies from and to a GPU is LMCache's: chunks and keys, requests' fields, allocation, pins, eviction. The
copies are left to LMCache's own stand-in for a GPU.
"""

import itertools
import json
import random

import onebit_engines.lmcache as shim
import pytest
import torch
from lmcache.v1.cache_engine import LMCacheEngineBuilder
from lmcache.v1.config import LMCacheEngineConfig
from lmcache.v1.gpu_connector.mock_gpu_connector import MockGPUConnector
from lmcache.v1.metadata import LMCacheMetadata
from onebit_engines.complaints import COUNTS
from operations import LAZY, TwoLists, policy

#: Tokens of a chunk, and layers, keys and values, heads and their size: 16 KiB a chunk in bfloat16.
CHUNK = 16
SHAPE = (2, 2, CHUNK, 2, 64)
#: A store of 64 chunks.
GIGABYTES = 0.001
NAMES = (f"engine {number}" for number in itertools.count())


class Engine:
    """LMCache's engine, called as its connector in vLLM calls it."""

    def __init__(self, cache_policy):
        config = LMCacheEngineConfig.from_defaults(
            chunk_size=CHUNK, local_cpu=True, max_local_cpu_size=GIGABYTES, cache_policy=cache_policy
        )
        metadata = LMCacheMetadata(
            model_name="tiny",
            world_size=1,
            local_world_size=1,
            worker_id=0,
            local_worker_id=0,
            kv_dtype=torch.bfloat16,
            kv_shape=SHAPE,
            chunk_size=CHUNK,
        )
        copies = MockGPUConnector(SHAPE)
        self.name = next(NAMES)
        self.engine = LMCacheEngineBuilder.get_or_create(self.name, config, metadata, copies, lambda *_: None, lambda *_: None)
        self.engine.post_init()
        self.store = self.engine.storage_manager.local_cpu_backend
        self.policy = self.store.cache_policy
        self.requests = itertools.count()

    def request(self, tokens, configs):
        """Looks up what is there of a prompt and stores the rest. Returns how many tokens were there."""
        name = str(next(self.requests))
        found = self.engine.lookup(tokens, pin=True, lookup_id=name, request_configs=configs)
        new = torch.arange(len(tokens)) >= found
        if found:
            self.engine.retrieve(tokens, mask=~new, request_configs=configs, req_id=name)
        self.engine.store(tokens, mask=new, request_configs=configs, req_id=name)
        self.engine.lookup_unpin(name)
        return found

    @property
    def chunks(self):
        return {key.chunk_hash for key in self.store.get_keys()}


@pytest.fixture(scope="module", autouse=True)
def registered():
    shim.register()
    yield
    # Their threads would keep the program alive.
    for name in list(LMCacheEngineBuilder._instances):
        LMCacheEngineBuilder.destroy(name)


def prompts(count):
    """Turns of conversations that begin alike, in tokens, each with a bit or none: six chunks at most."""
    coins = random.Random(7)
    sessions = [[0] * CHUNK + [number] * CHUNK for number in range(24)]
    for _ in range(count):
        number = coins.randrange(24) if coins.random() < 0.5 else coins.randrange(5)
        session = sessions[number]
        session += [coins.randrange(1000) for _ in range(CHUNK * coins.randrange(2))]
        if len(session) > 6 * CHUNK:
            del session[2 * CHUNK :]
        yield session[:], coins.choice([None, 0, 1, 1])


def serve(cache_policy, bits=True, watch=None):
    """The tokens found in the store, and the chunks in it, at every request."""
    engine = Engine(cache_policy)
    seen = []
    for tokens, bit in prompts(600):
        configs = {shim.FIELD: bit} if bits and bit is not None else {"lmcache.other": 1}
        found = engine.request(tokens, configs)
        seen.append((found, engine.chunks))
        if watch is not None:
            watch(engine, tokens, bit, found)
    return engine, seen


def test_without_bits_the_store_is_lmcache_s_own():
    (ours, seen), (_, theirs) = serve("ONEBIT", bits=False), serve("LRU", bits=False)
    assert type(ours.policy) is shim.OnebitCachePolicy and not ours.policy.active
    assert seen == theirs
    assert len(seen[-1][1]) == len(seen[-2][1]) > 60


def test_bits_arrive_with_the_chunks_and_what_leaves_is_what_two_lists_give_up(tmp_path, monkeypatch):
    path = tmp_path / "policy.json"
    path.write_text(json.dumps({"format": "onebit policy", "version": 1, "policy": policy(LAZY), "seed": 1}))
    monkeypatch.setenv("ONEBIT_POLICY_FILE", str(path))
    capacity = len(serve("LRU")[1][-1][1])
    model, victims = TwoLists(), []

    def watch(engine, tokens, bit, found):
        keys = [tuple(tokens[: end + CHUNK]) for end in range(0, len(tokens) - CHUNK + 1, CHUNK)]
        there, new = keys[: found // CHUNK], keys[found // CHUNK :]
        assert all(key in model.keys for key in there) and not (new and new[0] in model.keys)
        for key in reversed(there):
            model.request(key, bit)
        # Room is made for all of them, also for one that is there behind the first that is not.
        left = model.evict(max(0, len(new) + len(model.keys) - capacity), set(there))
        victims.extend(left)
        for key in new:
            if key not in model.keys:
                model.request(key, bit)
        assert len(model.keys) == len(engine.chunks)

    COUNTS.clear()
    engine, seen = serve("ONEBIT", watch=watch)
    assert engine.policy.active and not COUNTS
    assert len(victims) > 300
    assert seen != serve("LRU")[1]


def test_the_default_serves_with_bits_and_is_not_dismissed(monkeypatch):
    monkeypatch.delenv("ONEBIT_POLICY_FILE", raising=False)
    COUNTS.clear()
    engine, _ = serve("ONEBIT")
    assert engine.policy.active and str(engine.policy._frozen).startswith("switch(") and not COUNTS
