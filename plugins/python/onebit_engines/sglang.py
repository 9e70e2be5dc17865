"""SGLang's radix cache: an ``EvictionStrategy`` registered through the entry point ``sglang.srt.plugins`` (see
docs/engines/sglang.md).

A node's score is a function of the node alone, so it is the same on every rank: no clock, no coin, no late hint.
"""

import sys
from importlib.metadata import PackageNotFoundError, version

from sglang.srt.mem_cache.evict_policy import EvictionStrategy
from sglang.srt.plugins.hook_registry import HookRegistry, HookType

from .complaints import complain, tell
from .frozen_policy import LRU, FrozenPolicy, chosen_policy

#: Releases whose real classes the tests have run.
TESTED = ("0.5.23",)

#: The name for ``--radix-eviction-policy``.
NAME = "onebit"

#: Where SGLang decides which of its radix trees runs.
TREE_CHOICE = "sglang.srt.mem_cache.unified_cache.tree_core_registry.resolve_tree_core_backend"

#: Lazy Mark0 with the deterministic choice: the only policy that scores of nodes can express, beside LRU.
DISCARD_LRU = FrozenPolicy(
    {"name": "discard", "policies": [{"name": "lru", "policies": [], "parameters": {}}], "parameters": {}}
)

#: The engine's own marks for "no priority": the root's, and the default with priority scheduling.
NO_PRIORITY = -sys.maxsize


class OnebitStrategy(EvictionStrategy):
    """Discarded nodes first, the least recently used of them before the others; with no bits LRU.

    A request's priority carries its bit: negative to discard, zero, more or none to keep. Send −2: the engine adds 1 where it
    splits a prompt from its answer. Of several requests on a node the highest priority counts, as the engine merges them.
    """

    def __init__(self, policy_file=None):
        frozen = chosen_policy(policy_file, DISCARD_LRU)
        if str(frozen) not in (str(DISCARD_LRU), str(LRU)):
            complain(
                "policy for scores",
                f"{frozen} needs to see hits and faults, which SGLang does not show a strategy; "
                "export discard(lru) for it; until then LRU",
            )
            frozen = LRU
        self.frozen = frozen
        self._heeds_bits = str(frozen) == str(DISCARD_LRU)
        # Not where it is registered: that is before SGLang sets up its log.
        tell("%s decides over the radix cache", frozen)

    def get_priority(self, node):
        """The node's score; the engine evicts the leaf with the smallest. O(1)."""
        if not self._heeds_bits:
            return (1, node.last_access_time)
        priority = node.priority
        if type(priority) is not int:
            if priority is not None:
                complain("bit", f"a node's priority is {priority!r:.60}, not an integer; it counts as no bit")
            return (1, node.last_access_time)
        return (0 if NO_PRIORITY < priority < 0 else 1, node.last_access_time)


def register():
    """Makes ``--radix-eviction-policy onebit`` known; called by SGLang in each of its processes."""
    found = engine_version()
    try:
        from sglang.srt.arg_groups.choices import RADIX_EVICTION_POLICY_CHOICES
        from sglang.srt.mem_cache.utils import _EVICTION_POLICY_FACTORIES
    except ImportError as error:
        complain(
            "engine version",
            f"SGLang {found} registers eviction policies in another way than {', '.join(TESTED)} ({error}); "
            "start it with --radix-eviction-policy lru, or install that release or a newer onebit-engines",
        )
        return
    if found not in TESTED:
        complain("untested version", f"SGLang {found} is untested (tested: {', '.join(TESTED)}); its interface is the expected one")
    _EVICTION_POLICY_FACTORIES[NAME] = OnebitStrategy
    if NAME not in RADIX_EVICTION_POLICY_CHOICES:
        RADIX_EVICTION_POLICY_CHOICES.append(NAME)
    HookRegistry.register(TREE_CHOICE, choose_tree, HookType.AROUND)


def choose_tree(original, name, params):
    """Where SGLang would take its tree written in Rust, which knows the built-in policies alone, takes the one in Python."""
    return "python" if params.eviction_policy.lower() == NAME else original(name, params)


def engine_version():
    """The installed release of SGLang, or ``unknown``."""
    try:
        return version("sglang")
    except PackageNotFoundError:
        return "unknown"
