"""When which session sends its next request."""

import heapq
import random

from sessions import Session


class Traffic:
    """A fixed number of sessions is open at once; one that ends is followed by the next. Waits for answers, then thinks."""

    def __init__(self, given, corpus, records):
        self.given, self.corpus = given, corpus
        self.arrivals = []
        self.next_session = 0
        self.clock = 0.0
        self.random = random.Random(given.seed)
        self._resume(records)
        for _ in range(given.concurrent - len(self.arrivals)):
            self._open(self.clock)

    def _resume(self, records):
        """Asks again, without the model, what was asked and answered before."""
        answers, ended = {}, {record["session"] for record in records if record["type"] == "ended"}
        for record in records:
            if record["type"] == "request":
                answers.setdefault(record["session"], []).append(record)
                self.clock = max(self.clock, record["end"])
        self.next_session = max([*answers, *ended], default=-1) + 1
        for number in set(range(self.next_session)) - ended:
            session = Session(number, self.given.seed, self.corpus, self.given.scale)
            for record in sorted(answers.get(number, []), key=lambda record: record["turn"]):
                session.ask()
                session.answer(record["answer"])
            if not session.finished():
                self._push(session, self.clock)

    def due(self, clock):
        """The session whose request came first and has arrived, or None."""
        return self.arrivals[0] if self.arrivals and self.arrivals[0][0] <= clock else None

    def take(self):
        return heapq.heappop(self.arrivals)

    def next_arrival(self):
        return self.arrivals[0][0] if self.arrivals else None

    def answered(self, session, text, clock):
        session.answer(text)
        if session.finished():
            self.ended(clock)
        else:
            self._push(session, clock)

    def ended(self, clock):
        self._open(clock)

    def _open(self, clock):
        if self.next_session < self.given.sessions:
            session = Session(self.next_session, self.given.seed, self.corpus, self.given.scale)
            self.next_session += 1
            self._push(session, clock + self.random.expovariate(1) * self.given.think)

    def _push(self, session, clock):
        thought = session.ask() * self.given.think
        heapq.heappush(self.arrivals, (clock + thought, session.number, session))
