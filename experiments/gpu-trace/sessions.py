"""What users ask: sessions of four kinds, made from a seed and the machine's own text. Answers are the model's."""

import random

TASKS = [
    "Who wrote it? Answer with a name.",
    "What does the first sentence mean? Answer in ten words.",
    "Which part of it is the most important, and why?",
    "Give a short example of its use.",
    "What could go wrong when this is used?",
    "Answer in one sentence: what is it for?",
    "Is it a program, a library or a text? Answer with one word.",
    "How would you test that it works?",
]
FOLLOW_UPS = [
    "Can you say that more simply?",
    "And what about errors?",
    "Why?",
    "Give another example, please.",
    "How does it compare with the alternatives?",
    "Thanks. What should I read next?",
    "Is that always true? Say yes or no.",
]
ONE_SHOT = [
    "Summarise the following text in one short sentence.\n\n{}",
    "Translate the key terms of the following text to plain words.\n\n{}",
    "Is the following text a licence, a manual or a program's documentation? Answer in one word.\n\n{}",
]
CHAT_SYSTEM = "You are an assistant of programmers. Answer in one short sentence."
RAG_SYSTEM = "Answer from the documents alone. If they do not say it, say that you do not know. Answer in one short sentence."
AGENT_SYSTEM = (
    "You work on tasks step by step with tools. After each tool result answer with the name of the next tool to call and "
    "nothing else. The tools:\n{}"
)
KINDS = {"chat": 0.35, "documents": 0.3, "agent": 0.15, "one-shot": 0.2}


class Session:
    """The messages of one user, a turn at a time. The same number and seed give the same messages."""

    def __init__(self, number, seed, corpus, scale):
        self.number, self.corpus, self.scale = number, corpus, scale
        self.random = random.Random(f"{seed} {number}")
        self.kind = self.random.choices(list(KINDS), list(KINDS.values()))[0]
        goes_on = {"chat": 0.85, "documents": 0.82, "agent": 0.92, "one-shot": 0}[self.kind]
        self.turns = 1
        while self.turns < 24 and self.random.random() < goes_on:
            self.turns += 1
        self.messages = []
        self.turn = 0

    def ask(self):
        """Appends the messages of the next turn. Returns the seconds that the user thinks before it."""
        if self.turn == 0 and (system := self._system()):
            self.messages.append({"role": "system", "content": system})
        self.messages.append({"role": "user", "content": self._opening() if self.turn == 0 else self._next()})
        self.turn += 1
        median = {"chat": 20, "documents": 15, "agent": 1, "one-shot": 0}[self.kind]
        return median * self.random.lognormvariate(0, 0.8) if self.turn > 1 else 0

    def answer(self, text):
        self.messages.append({"role": "assistant", "content": text})

    def finished(self):
        return self.turn >= self.turns

    def _system(self):
        if self.kind == "chat":
            return CHAT_SYSTEM
        if self.kind == "documents":
            # A few documents are asked about often, most seldom (Zipf).
            shared = self.corpus[:: max(1, len(self.corpus) // 40)]
            weights = [1 / (rank + 1) for rank in range(len(shared))]
            chosen = self.random.choices(shared, weights, k=1 + int(self.scale > 2))
            return RAG_SYSTEM + "".join(f"\n\n# {name}\n{text[: int(1100 * self.scale)]}" for name, text in chosen)
        if self.kind == "agent":
            # Two sets of tools: agents of the same kind share their long system prompt.
            chosen = self.corpus[self.random.randrange(2) * 7 : :97][:6]
            return AGENT_SYSTEM.format("\n".join(f"- {name}: {text[: int(160 * self.scale)]}" for name, text in chosen))
        return None

    def _opening(self):
        name, text = self.random.choice(self.corpus)
        if self.kind == "documents":
            return self.random.choice(TASKS)
        if self.kind == "agent":
            return f"Find out what {name} does and whether it is safe to remove. Begin."
        if self.kind == "one-shot":
            return self.random.choice(ONE_SHOT).format(text[: int(self.random.randrange(300, 1400) * self.scale)])
        return f"I read this about {name}:\n{text[: int(self.random.randrange(100, 700) * self.scale)]}\n{self.random.choice(TASKS)}"

    def _next(self):
        name, text = self.random.choice(self.corpus)
        if self.kind == "agent":
            return f"Result of the tool {name}:\n{text[: int(self.random.randrange(100, 500) * self.scale)]}"
        if self.kind == "documents":
            return self.random.choice(TASKS + FOLLOW_UPS)
        if self.random.random() < 0.2:
            return f"{self.random.choice(FOLLOW_UPS)} I also found this:\n{text[: int(400 * self.scale)]}"
        return self.random.choice(FOLLOW_UPS)
