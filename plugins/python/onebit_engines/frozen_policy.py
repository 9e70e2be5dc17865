"""The frozen policy file that ``onebit export`` writes: which policy to run, with its parameters and seed."""

import json
import os

from .complaints import complain
from .policies.coins import SeededRandom
from .policies.discard import Discard
from .policies.guard import Guard
from .policies.lru import Lru
from .policies.marker import Marker
from .policies.switch import Switch

FORMAT = "onebit policy"
VERSION = 1
VARIABLE = "ONEBIT_POLICY_FILE"

#: Characters read of a file, many times what any policy takes.
LARGEST = 1 << 16

#: Policies wrapped by each policy, and its parameters.
KNOWN = {"lru": (0, ()), "marker": (0, ()), "discard": (1, ()), "guard": (1, ()), "switch": (2, ("margin",))}


def _is_whole(value):
    return isinstance(value, int) and not isinstance(value, bool)


def _check(policy, where):
    if not isinstance(policy, dict) or not isinstance(policy.get("name"), str) or policy["name"] not in KNOWN:
        raise ValueError(f"{where} is none of {', '.join(KNOWN)}")
    wraps, parameters = KNOWN[policy["name"]]
    inner, given = policy.get("policies"), policy.get("parameters")
    if not isinstance(inner, list) or len(inner) != wraps:
        raise ValueError(f"{where} {policy['name']} must wrap {wraps} policies")
    if not isinstance(given, dict) or set(given) != set(parameters):
        raise ValueError(f"{where} {policy['name']} must have the parameters [{', '.join(parameters)}]")
    for name, value in given.items():
        if not isinstance(value, (int, float)) or isinstance(value, bool) or not 0 <= value < 2**53:
            raise ValueError(f"{where} {policy['name']}: {name} is not a number ≥ 0")
    for index, wrapped in enumerate(inner):
        _check(wrapped, f"{where}.policies[{index}]")


def _build(policy, capacity, random):
    name = policy["name"]
    wrapped = [_build(inner, capacity, random) for inner in policy["policies"]]
    if name == "lru":
        return Lru()
    if name == "marker":
        return Marker(random)
    if name == "discard":
        return Discard(*wrapped)
    if name == "guard":
        return Guard(capacity, *wrapped, random)
    return Switch(capacity, *wrapped, int(policy["parameters"]["margin"]))


def _names(policy):
    yield policy["name"]
    for inner in policy["policies"]:
        yield from _names(inner)


def _text(policy):
    parts = [_text(inner) for inner in policy["policies"]]
    parts += [f"{name}={value}" for name, value in sorted(policy["parameters"].items())]
    return f"{policy['name']}({','.join(parts)})" if parts else policy["name"]


def _of(name, *policies, **parameters):
    return {"name": name, "policies": list(policies), "parameters": parameters}


class FrozenPolicy:
    """A policy as plain data; ``create`` makes one private run of it."""

    def __init__(self, policy, seed=1):
        _check(policy, "policy")
        self.policy = policy
        self.seed = seed

    def create(self, capacity):
        """A fresh run for a cache of ``capacity`` keys."""
        return _build(self.policy, capacity, SeededRandom(self.seed))

    @property
    def names(self):
        """The names of all policies in it."""
        return set(_names(self.policy))

    def __str__(self):
        return _text(self.policy)


#: Lazy Mark0 with the deterministic choice, and LRU as soon as that does better.
DEFAULT = FrozenPolicy(_of("switch", _of("discard", _of("lru")), _of("lru"), margin=500))
LRU = FrozenPolicy(_of("lru"))


def read_frozen_policy(path):
    """Reads a policy file; raises ValueError or OSError with one line that names the remedy."""
    remedy = "write it again with: onebit export POLICY --out FILE"
    try:
        with open(path, encoding="utf-8") as file:
            record = json.loads(file.read(LARGEST))
    except (ValueError, RecursionError):
        raise ValueError(f"{path}: not JSON; {remedy}") from None
    if not isinstance(record, dict) or record.get("format") != FORMAT:
        raise ValueError(f"{path}: not a policy file; {remedy}")
    version = record.get("version")
    if not _is_whole(version) or version < 1:
        raise ValueError(f"{path}: its version is missing; {remedy}")
    if version > VERSION:
        raise ValueError(f"{path}: version {version} is newer than {VERSION}; upgrade onebit-engines")
    seed = record.get("seed")
    if not _is_whole(seed):
        raise ValueError(f"{path}: its seed is not an integer; {remedy}")
    try:
        return FrozenPolicy(record.get("policy"), seed)
    except ValueError as error:
        raise ValueError(f"{path}: {error}; {remedy}") from None


def chosen_policy(path=None, default=DEFAULT):
    """The policy of a file, named here or in the environment; the default without a file, LRU if it cannot be read."""
    path = path or os.environ.get(VARIABLE)
    if not path:
        return default
    try:
        return read_frozen_policy(path)
    except (OSError, ValueError) as error:
        complain("policy file", f"{error}; until then LRU")
        return LRU
