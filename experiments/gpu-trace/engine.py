"""Serves sessions with continuous batching and reuse of prefixes, and records what happens.

The clock counts the seconds of computation; where nothing is to be done it jumps to the next arrival. What is computed
only to be measured, such as a prompt without its reused prefix, does not count.
"""

import base64
import time

import numpy
import torch

from blocks import BLOCK, BlockPool, chained_hashes
from journal import Refusal

TEMPERATURE, CHOICES = 0.7, 40


class Request:
    """One prompt with its answer as it grows."""

    def __init__(self, session, arrival, tokens, seed):
        self.session, self.arrival, self.tokens = session, arrival, list(tokens)
        self.prompt, self.turn = len(tokens), session.turn
        self.hashes = chained_hashes(tokens)
        self.random = numpy.random.default_rng([seed, session.number, session.turn])
        self.mean, self.largest = [], []
        self.cold = None

    def choose(self, values, tokens):
        """One of the most probable tokens, by chance."""
        weights = numpy.exp((values - values[0]) / TEMPERATURE)
        self.tokens.append(int(tokens[self.random.choice(len(weights), p=weights / weights.sum())]))


class Engine:
    def __init__(self, decoder, tokenizer, traffic, journal, given):
        self.decoder, self.tokenizer, self.traffic, self.journal, self.given = decoder, tokenizer, traffic, journal, given
        self.pool = BlockPool(given.pool_blocks)
        self.done = sum(record["type"] == "request" for record in journal.records)
        self.admitted, self.reused = self.done, 0
        self.clock, self.active = traffic.clock, []
        self.longest = min(given.context, decoder.longest)
        self.ends = {tokenizer.eos_token_id, tokenizer.convert_tokens_to_ids("<|im_end|>")} - {None}

    def estimate(self):
        """What one prompt and one step cost here, so that a run that would take too long is stopped early."""
        blocks = self.pool.take(2 * BLOCK)
        if blocks is None:
            raise Refusal(f"--pool-blocks {self.given.pool_blocks}: too few for a single prompt; give at least {2 * BLOCK}")
        prompt = [7] * (16 * BLOCK)
        read = min(self._timed(lambda: self.decoder.prefill(prompt, 0, blocks))[1] for _ in range(2))
        batch = self.given.batch
        step = lambda: self.decoder.decode([7] * batch, [len(prompt)] * batch, [blocks] * batch)
        write = min(self._timed(step)[1] for _ in range(3))
        self.pool.release(blocks)
        return f"{len(prompt) / read:.0f} prompt tokens a second, {batch / write:.0f} answer tokens a second in batches of {batch}"

    def run(self, began):
        limit = None if self.given.minutes is None else began + 60 * self.given.minutes
        while True:
            while self._may_admit(limit) and self._admit():
                pass
            if self.active:
                self._step()
            elif self._may_admit(limit) and self.traffic.next_arrival() is not None:
                self.clock = max(self.clock, self.traffic.next_arrival())
            else:
                return

    def _may_admit(self, limit):
        late = limit is not None and time.time() > limit
        return not late and self.admitted < self.given.requests and len(self.active) < self.given.batch

    def _admit(self):
        """Reads the prompt of the request that has waited longest. Returns whether there may be another."""
        if self.traffic.due(self.clock) is None:
            return False
        arrival, _, session = self.traffic.due(self.clock)
        tokens = self._render(session.messages)
        if len(tokens) + self.given.answer_tokens > self.longest or len(tokens) < BLOCK:
            self.traffic.take()
            self.journal.append([{"type": "ended", "session": session.number}])
            self.traffic.ended(self.clock)
            return True
        request = Request(session, arrival, tokens, self.given.seed)
        # The last token is always computed: the answer begins with what follows it.
        shared = self.pool.match(request.hashes[: (request.prompt - 1) // BLOCK])
        total = -(-(request.prompt + self.given.answer_tokens) // BLOCK)
        own = self.pool.take(total - len(shared))
        if own is None:
            self.pool.release(shared)
            if not self.active:
                raise Refusal(f"--pool-blocks {self.given.pool_blocks}: a request needs {total}; give more")
            return False
        self.traffic.take()
        request.blocks, request.cached = shared + own, BLOCK * len(shared)
        request.start = self.clock
        self._time_cold(request)
        logits, request.seconds = self._timed(lambda: self.decoder.prefill(request.tokens, request.cached, request.blocks))
        self.clock += request.seconds
        request.first = self.clock
        for block, block_hash in zip(request.blocks, request.hashes):
            self.pool.name(block, block_hash)
        self._choose([request], logits[None])
        self.admitted += 1
        self.active.append(request)
        self._finish()
        return True

    def _time_cold(self, request):
        """For some of the reused prefixes: how long the prompt takes without them, in blocks of its own."""
        self.reused += request.cached > 0
        if request.cached == 0 or self.reused % self.given.cold_every != 0:
            return
        own = self.pool.take(-(-request.prompt // BLOCK))
        if own is not None:
            _, request.cold = self._timed(lambda: self.decoder.prefill(request.tokens, 0, own))
            self.pool.release(own)

    def _step(self):
        requests = self.active
        result, seconds = self._timed(
            lambda: self.decoder.decode(
                [request.tokens[-1] for request in requests],
                [len(request.tokens) - 1 for request in requests],
                [request.blocks for request in requests],
            )
        )
        self.clock += seconds
        logits, mean, largest = result
        mean, largest = quantised(mean), quantised(largest)
        for row, request in enumerate(requests):
            used = -(-len(request.tokens) // BLOCK)
            request.mean.append(mean[row, :used].tobytes())
            request.largest.append(largest[row, :used].tobytes())
        self._choose(requests, logits)
        self._finish()

    def _choose(self, requests, logits):
        values, tokens = (part.cpu().numpy() for part in logits.topk(CHOICES))
        for row, request in enumerate(requests):
            request.choose(values[row].astype(numpy.float64), tokens[row])

    def _finish(self):
        for request in list(self.active):
            written = len(request.tokens) - request.prompt
            if request.tokens[-1] not in self.ends and written < self.given.answer_tokens:
                continue
            self.active.remove(request)
            # The last token was not read by the model: its keys and values are not there.
            request.hashes = chained_hashes(request.tokens[:-1])
            for block, block_hash in zip(request.blocks, request.hashes):
                self.pool.name(block, block_hash)
            self.pool.release(request.blocks)
            answer = self.tokenizer.decode(request.tokens[request.prompt :], skip_special_tokens=True).strip()
            self._write(request, written, answer)
            self.traffic.answered(request.session, answer, self.clock)

    def _write(self, request, written, answer):
        line = {
            "type": "request",
            "session": request.session.number,
            "turn": request.turn,
            "kind": request.session.kind,
            "arrival": round(request.arrival, 4),
            "start": round(request.start, 4),
            "first": round(request.first, 4),
            "end": round(self.clock, 4),
            "prompt": request.prompt,
            "output": written,
            "cached": request.cached,
            "seconds": round(request.seconds, 6),
            "coldSeconds": None if request.cold is None else round(request.cold, 6),
            "hashes": request.hashes,
            "answer": answer,
        }
        if self.done % self.given.attention_every == 0:
            line["attention"] = [base64.b64encode(b"".join(part)).decode() for part in (request.mean, request.largest)]
        self.journal.append([line])
        self.done += 1
        if self.done % 20 == 0:
            print(f"{self.done} requests, clock {self.clock:.0f} s", flush=True)

    def _render(self, messages):
        if self.tokenizer.chat_template:
            text = self.tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
        else:
            text = "".join(f"{message['role']}: {message['content']}\n" for message in messages) + "assistant:"
        return self.tokenizer(text, add_special_tokens=False)["input_ids"]

    def _timed(self, compute):
        self._wait()
        began = time.perf_counter()
        result = compute()
        self._wait()
        return result, time.perf_counter() - began

    def _wait(self):
        if self.decoder.device.type == "cuda":
            torch.cuda.synchronize()


def quantised(mass):
    """A byte for each share: 16 steps for each halving, 255 for all below 2^-15.9."""
    return (-16 * mass.clamp_min(2**-16).log2()).round().clamp(0, 255).to(torch.uint8).cpu().numpy()
