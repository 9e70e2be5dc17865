"""LMCache's local stores: a cache policy, registered by one line (see docs/engines/lmcache.md).

Built on LMCache's own LRU class, which decides until the first bit arrives, and again if the policy fails.
"""

from importlib.metadata import PackageNotFoundError, version

from lmcache.v1.storage_backend.cache_policy import POLICY_MAPPING
from lmcache.v1.storage_backend.cache_policy.lru import LRUCachePolicy

from .complaints import complain, tell
from .frozen_policy import LRU, chosen_policy
from .request_bits import read_bit

#: Releases whose real classes the tests have run.
TESTED = ("0.5.6",)

#: The request's field: of LMCache's own prefix, so that LMCache hands it on, and no tag, so that it is not part of a key.
FIELD = "lmcache.onebit_discard"

#: The name for LMCache's setting ``cache_policy``.
NAME = "ONEBIT"

#: Keys remembered beyond those there, before the gone ones are looked for: LMCache does not report every removal.
SLACK = 1024


def bit_of(key):
    """The bit that came with a key's request."""
    configs = getattr(key, "request_configs", None)
    if not configs:
        return None
    try:
        return read_bit(configs.get(FIELD))
    except AttributeError:
        complain("request configs", "a key's request_configs is no mapping; it counts as no bit")
        return None


class OnebitCachePolicy(LRUCachePolicy):
    """Lazy Mark0 with a switch to LRU, or what the frozen policy file says. Exactly LMCache's LRU without bits."""

    def __init__(self):
        super().__init__()
        self._frozen = chosen_policy()
        if self._frozen.names - {"lru", "discard", "switch"}:
            complain(
                "policy for candidates",
                f"{self._frozen} tosses coins, but LMCache asks for candidates that it may not evict; "
                "export discard(lru) or switch(discard(lru),lru) for it; until then LRU",
            )
            self._frozen = LRU
        #: The latest bit of every key whose request had one, while no policy runs.
        self._bits = {}
        self._policy = None
        self._known = set()
        self._usable = True

    @property
    def active(self):
        """Whether the policy decides, and not LMCache's LRU."""
        return self._policy is not None

    def update_on_hit(self, key, cache_dict):
        super().update_on_hit(key, cache_dict)
        self._follow(self._request, key)

    def update_on_put(self, key):
        super().update_on_put(key)
        self._follow(self._request, key)

    def update_on_force_evict(self, key):
        super().update_on_force_evict(key)
        self._follow(self._forget, key)

    def get_evict_candidates(self, cache_dict, num_candidates=1):
        candidates = self._follow(self._candidates, cache_dict, num_candidates)
        return super().get_evict_candidates(cache_dict, num_candidates) if candidates is None else candidates

    def _request(self, key):
        bit = bit_of(key)
        if self._policy is None:
            # The newest word counts, and none means keep.
            self._bits.pop(key, None)
            if bit is not None:
                self._bits[key] = bit
        elif key in self._known:
            self._policy.hit(key, bit or 0)
        else:
            self._known.add(key)
            self._policy.load(key, bit or 0)

    def _forget(self, key):
        self._bits.pop(key, None)
        if key in self._known:
            self._known.remove(key)
            self._policy.remove(key)

    def _candidates(self, cache_dict, count):
        if self._policy is None:
            if not self._bits:
                return None
            self._start(cache_dict)
        elif len(self._known) > 2 * len(cache_dict) + SLACK:
            for key in [key for key in self._known if key not in cache_dict]:
                self._forget(key)
        chosen, gone = [], []
        for key in self._policy.walk(()):
            entry = cache_dict.get(key)
            if entry is None:
                gone.append(key)
            elif entry.can_evict:
                chosen.append(key)
                if len(chosen) == count:
                    break
        for key in gone:
            self._forget(key)
        return chosen

    def _start(self, cache_dict):
        """The store is full for the first time since a bit was seen: as many keys as it holds now are its capacity."""
        policy = self._frozen.create(max(1, len(cache_dict)))
        for key in cache_dict:
            policy.load(key, self._bits.get(key, 0))
        self._known, self._bits, self._policy = set(cache_dict), {}, policy
        tell("the first bits are in; %s decides over %d chunks", self._frozen, len(cache_dict))

    def _follow(self, operation, *arguments):
        """Runs the policy; dismisses it at its first error, and LMCache's LRU goes on: its order is that of the store."""
        if not self._usable:
            return None
        try:
            return operation(*arguments)
        except Exception as error:
            complain("policy failure", f"the policy failed ({error!r:.200}) and is dismissed; LRU goes on; please report this")
            self._policy, self._usable, self._bits, self._known = None, False, {}, set()
            return None


def register():
    """Adds the policy to LMCache's list, under the name ONEBIT."""
    found = engine_version()
    if found not in TESTED:
        complain("untested version", f"LMCache {found} is untested (tested: {', '.join(TESTED)}); its classes have the expected names")
    POLICY_MAPPING[NAME] = OnebitCachePolicy


def engine_version():
    """The installed release of LMCache, or ``unknown``."""
    try:
        return version("lmcache")
    except PackageNotFoundError:
        return "unknown"
