"""What vLLM asks of its cache policy and what that answers, a line each, in the file ONEBIT_DIARY names."""

import functools
import json
import os

from onebit_engines.vllm import OnebitCachePolicy
from vllm.v1.kv_offload.cpu.policies.base import order_request_keys

FILE = open(os.environ["ONEBIT_DIARY"], "w", buffering=1)


def positions(keys, req_context):
    """Each key with the tokens up to its end."""
    return [[key.hex(), req_context.get_offload_key_position(key)] for key in keys]


def insert(answer, key, chunk):
    return key.hex(), chunk.ref_cnt != 0


def remove(answer, key):
    return (key.hex(),)


def touch(answer, keys, req_context):
    return positions(keys, req_context), req_context.kv_transfer_params


def on_request_finished(answer, key_groups, insertion_only_keys, reused_keys, req_context):
    return positions(order_request_keys(key_groups, req_context), req_context), req_context.kv_transfer_params


def evict(answer, count, protected):
    return count, [key.hex() for key in protected], answer if answer is None else [key.hex() for key, _ in answer]


def mark_evictable(answer, key):
    return (key.hex(),)



class Depth:
    """Calls under way; a policy may call its own methods, which are none of vLLM's."""

    now = 0


def write_down(name, tell):
    method = getattr(OnebitCachePolicy, name)

    @functools.wraps(method)
    def told(self, *arguments):
        # vLLM may hand over what can be read once.
        arguments = [list(one) if name == "touch" and place == 0 else one for place, one in enumerate(arguments)]
        Depth.now += 1
        try:
            answer = method(self, *arguments)
        finally:
            Depth.now -= 1
        if Depth.now == 0:
            FILE.write(json.dumps([name, *tell(answer, *arguments)]) + "\n")
        return answer

    setattr(OnebitCachePolicy, name, told)


for tell in (insert, remove, touch, on_request_finished, evict, mark_evictable):
    write_down(tell.__name__, tell)
write_down("mark_non_evictable", mark_evictable)
