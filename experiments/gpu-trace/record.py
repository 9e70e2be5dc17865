"""Records prefix and attention traces of a real model under a serving load. See README.md.

    python record.py --model MODEL.gguf --out RECORDING
"""

import argparse
import sys
import time

from journal import Journal, Refusal


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True, help="GGUF file or folder of a Hugging Face model")
    parser.add_argument("--out", required=True, help="folder of the recording; an interrupted one is continued")
    parser.add_argument("--device", default=None, help="cuda or cpu; cuda where there is one")
    parser.add_argument("--numbers", choices=("float32", "bfloat16"), default=None, help="bfloat16 on cuda, float32 on the CPU if absent")
    parser.add_argument("--requests", type=int, default=300, help="requests to record")
    parser.add_argument("--sessions", type=int, default=60, help="sessions to draw them from")
    parser.add_argument("--concurrent", type=int, default=24, help="sessions that are open at once")
    parser.add_argument("--batch", type=int, default=16, help="requests that are decoded at once")
    parser.add_argument("--answer-tokens", type=int, default=64, help="longest answer")
    parser.add_argument("--context", type=int, default=1024, help="longest prompt with its answer; a session ends before it")
    parser.add_argument("--scale", type=float, default=1, help="length of documents and tool results, 1 for 200 to 800 tokens")
    parser.add_argument("--think", type=float, default=1, help="factor of the seconds that users think")
    parser.add_argument("--pool-blocks", type=int, default=4000, help="blocks of the KV cache")
    parser.add_argument("--attention-every", type=int, default=1, help="record the attention of each n-th request")
    parser.add_argument("--cold-every", type=int, default=8, help="time each n-th reused prefix without reuse as well")
    parser.add_argument("--minutes", type=float, default=None, help="admit nothing after so long")
    parser.add_argument("--threads", type=int, default=2, help="threads on the CPU")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--commit", default=None, help="commit of this project; asked of git where absent")
    return parser.parse_args()


def main():
    given = arguments()
    journal = Journal(given.out)
    try:
        record(given, journal)
    finally:
        journal.close()


def record(given, journal):
    try:
        import torch
    except ImportError:
        raise Refusal("PyTorch is not installed; pip install -r experiments/gpu-trace/requirements.txt") from None
    from corpus import fingerprint, read_corpus
    from decoder import load
    from engine import Engine
    from machine import check_memory, describe, keep_freed_memory
    from traffic import Traffic

    torch.set_num_threads(given.threads)
    keep_freed_memory()
    device = given.device or ("cuda" if torch.cuda.is_available() else "cpu")
    if device == "cuda" and not torch.cuda.is_available():
        raise Refusal("--device cuda: PyTorch sees no CUDA device; leave the option out to record on the CPU")
    began = time.time()
    check_memory(device, 0, given.model)
    numbers = given.numbers or ("bfloat16" if device == "cuda" else "float32")
    tokenizer, decoder = load(given.model, device, getattr(torch, numbers))
    check_memory(device, (given.pool_blocks + 1) * decoder.block_bytes(), given.model)
    decoder.reserve(given.pool_blocks)
    corpus = read_corpus()
    settings = {k: v for k, v in vars(given).items() if k in SETTINGS} | {"numbers": numbers, "corpus": fingerprint(corpus)}
    start = {"type": "start", "settings": settings, **describe(device, decoder, given)}
    earlier = [record for record in journal.records if record["type"] == "start"]
    if earlier and earlier[0]["settings"] != settings:
        changed = [key for key in settings if earlier[0]["settings"].get(key) != settings[key]]
        raise Refusal(f"{given.out}: recorded with other settings ({', '.join(changed)}); use the same ones or another folder")
    journal.append([start])
    traffic = Traffic(given, corpus, journal.records)
    engine = Engine(decoder, tokenizer, traffic, journal, given)
    print(engine.estimate(), flush=True)
    engine.run(began)
    done = sum(record["type"] == "request" for record in journal.records)
    journal.append([{"type": "stop", "wallSeconds": round(time.time() - began, 1), "evictions": engine.pool.evictions}])
    print(f"{given.out}: {done} of {given.requests} requests recorded")


# What must be the same when a recording is continued.
SETTINGS = ("sessions", "concurrent", "batch", "answer_tokens", "context", "scale", "think", "attention_every", "cold_every", "seed")

if __name__ == "__main__":
    try:
        main()
    except Refusal as refusal:
        sys.exit(f"record.py: {refusal}")
    except KeyboardInterrupt:
        sys.exit("record.py: interrupted; what was recorded is valid, the same command goes on with it")
