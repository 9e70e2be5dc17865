"""Microseconds a block of each policy, as an engine calls it: python bench/overhead.py [blocks].

A cache of that many blocks, full, serves requests of 64 blocks: half of them there (touched), half new (the room made for
them at once, inserted, unpinned and touched at the end). Fastest of five runs; "lru" without bits is what a service without
predictions pays."""

import random
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from onebit_engines.engine_run import EngineRun  # noqa: E402
from onebit_engines.frozen_policy import FrozenPolicy  # noqa: E402
REQUEST = 64


def named(name, *policies, **parameters):
    return {"name": name, "policies": list(policies), "parameters": parameters}


LAZY = named("discard", named("lru"))
POLICIES = [
    ("no bits (LRU)", named("lru"), False),
    ("discard(lru)", LAZY, True),
    ("switch(discard(lru),lru)", named("switch", LAZY, named("lru"), margin=500), True),
    ("discard(marker)", named("discard", named("marker")), True),
    ("guard(discard(lru))", named("guard", LAZY), True),
]


def seconds_per_block(data, blocks, bits, requests):
    run = EngineRun(blocks, FrozenPolicy(data))
    coins = random.Random(1)
    fresh = [b"%032d" % number for number in range(blocks + requests * REQUEST)]
    there = fresh[:blocks]
    for key in there:
        run.insert(key)
    run.pinned.clear()
    if bits:
        run.touch(there[0], 0)
    plan = []
    for number in range(requests):
        start = coins.randrange(blocks // 2, blocks - REQUEST)
        new = fresh[blocks + number * 32 : blocks + number * 32 + 32]
        plan.append((there[start : start + 32], new, coins.randrange(2) if bits else None))
    clock = time.perf_counter
    storing = touching = 0.0
    for old, new, bit in plan:
        old = [key for key in old if key in run.recency]
        protected = set(old)
        protected.update(new)
        started = clock()
        run.evict(len(new), protected, new)
        for key in new:
            run.insert(key)
        for key in new:
            run.pinned.discard(key)
        stored = clock()
        for key in reversed(old + new):
            run.touch(key, bit)
        storing += stored - started
        touching += clock() - stored
    blocks = sum(len(new) for _, new, _ in plan)
    return touching / (2 * blocks), storing / blocks


def main():
    blocks = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    requests = min(500, blocks // 200)
    print(f"{blocks} blocks, {requests} requests of {REQUEST} blocks, Python {sys.version.split()[0]}")
    for name, data, bits in POLICIES:
        runs = [seconds_per_block(data, blocks, bits, requests) for _ in range(5)]
        touch, store = (min(times) * 1e6 for times in zip(*runs))
        print(f"{name:28} {touch:5.2f} µs a block touched, {store:5.2f} µs a block evicted and another stored")


if __name__ == "__main__":
    main()
