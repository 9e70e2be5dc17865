"""Runs libCacheSim (C, from the PyPI package libcachesim) on a trace of oracleGeneral records.

Reads lines "POLICY CAPACITY PATH" and answers each with "MISSES SECONDS", seconds of processor time.
"""

import sys
import time

import libcachesim

POLICIES = {
    "fifo": libcachesim.FIFO,
    "lru": libcachesim.LRU,
    "clock": libcachesim.Clock,
    "sieve": libcachesim.Sieve,
    "lfu": libcachesim.LFU,
    "arc": libcachesim.ARC,
    "slru": libcachesim.SLRU,
    "two-queue": libcachesim.TwoQ,
    "s3-fifo": libcachesim.S3FIFO,
    "lirs": libcachesim.LIRS,
    "belady": libcachesim.Belady,
}

for line in sys.stdin:
    policy, capacity, path = line.rstrip("\n").split(" ", 2)
    reader = libcachesim.TraceReader(path, libcachesim.TraceType.ORACLE_GENERAL_TRACE)
    requests = reader.get_num_of_req()
    cache = POLICIES[policy](int(capacity))
    start = time.process_time()
    miss_ratio, _ = cache.process_trace(reader)
    seconds = time.process_time() - start
    print(round(miss_ratio * requests), seconds, flush=True)
