"""A publisher of KV events made of the libraries that vLLM's is made of: PyZMQ and msgspec.

`kv-publisher.py FORM PORT REPLAY_PORT BATCHES`: FORM is `maps` or `arrays`. Publishes batches of ten events; every hundredth
message goes to those alone who ask for a replay. Waits for a line on its input before it begins, and before it ends.
"""

import collections
import sys
import threading
import time

import msgspec
import zmq

form, port, replay_port, batches = sys.argv[1], *map(int, sys.argv[2:])
array_like = form == "arrays"


class BlockStored(msgspec.Struct, tag=True, omit_defaults=True, array_like=array_like):
    block_hashes: list
    parent_block_hash: object
    token_ids: list
    block_size: int
    lora_id: object
    medium: object = None


class BlockRemoved(msgspec.Struct, tag=True, omit_defaults=True, array_like=array_like):
    block_hashes: list
    medium: object = None


class EventBatch(msgspec.Struct, array_like=True, omit_defaults=True):
    ts: float
    events: list
    data_parallel_rank: object = None


context = zmq.Context()
publisher = context.socket(zmq.PUB)
publisher.set_hwm(0)
publisher.bind(f"tcp://127.0.0.1:{port}")
router = context.socket(zmq.ROUTER)
router.bind(f"tcp://127.0.0.1:{replay_port}")
sent = collections.deque(maxlen=10_000)


def replay():
    if router.poll(0):
        client, _, start = router.recv_multipart()
        for number, payload in list(sent):
            if number >= int.from_bytes(start, "big"):
                router.send_multipart((client, b"", b"", number.to_bytes(8, "big"), payload))
        router.send_multipart((client, b"", b"", (-1).to_bytes(8, "big", signed=True), b""))


def events(number):
    # Hashes of both kinds: integers of 64 bits, and bytes.
    first = 2**63 + 10 * number
    hashes = [h if number % 2 else h.to_bytes(32, "big") for h in range(first, first + 9)]
    for i, h in enumerate(hashes):
        yield BlockStored([h], hashes[i - 1] if i else None, [7] * 16, 16, None, "GPU")
    yield BlockRemoved([hashes[0]], "GPU")


ended = threading.Event()
print("ready", flush=True)
sys.stdin.readline()
threading.Thread(target=lambda: (sys.stdin.readline(), ended.set()), daemon=True).start()
encoder = msgspec.msgpack.Encoder()
for number in range(batches):
    payload = encoder.encode(EventBatch(time.time(), list(events(number)), 0))
    sent.append((number, payload))
    if number % 100 != 50:
        publisher.send_multipart((b"", number.to_bytes(8, "big"), payload))
    replay()
    if number % 20 == 0:
        time.sleep(0.004)
print("published", flush=True)
while not ended.is_set():
    replay()
    time.sleep(0.01)
