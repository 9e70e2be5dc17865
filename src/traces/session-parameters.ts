/** What the session generator is told, and the values that make its output resemble the Mooncake conversation trace. */

/** A log-normal distribution: `median` is in the unit of what is drawn, `spread` the deviation of its logarithm. */
export interface LogNormal {
  readonly median: number;
  readonly spread: number;
}

/** One kind of session. A session is a chain of requests whose prompts share all full blocks of the turn before. */
export interface SessionKind {
  readonly name: string;
  /** Relative frequency among the sessions that open, ≥ 0. */
  readonly share: number;
  /** Full blocks of system prompt that all sessions of this kind share, after the block that every session shares. */
  readonly systemBlocks: number;
  /** The first message, documents included. */
  readonly promptTokens: LogNormal;
  readonly answerTokens: LogNormal;
  /** Probability, 0 … 1, that the first answer is followed by another turn. */
  readonly returns: number;
  /**
   * How slowly the probability of yet another turn rises with every turn: after turn n it is
   * 1 − (1 − returns)·p/(p + n − 1) with persistence p > 0. This is the law of sessions whose own probabilities of going on differ
   * (beta distributed with parameters p·returns and p·(1 − returns)).
   */
  readonly persistence: number;
  /** From the end of an answer to the next turn. */
  readonly thinkSeconds: LogNormal;
  /** A later message, as typed. */
  readonly messageTokens: LogNormal;
  /** Share of the later messages, 0 … 1, that bring a document in addition. */
  readonly pastes: number;
  readonly pasteTokens: LogNormal;
  /** Share of the later turns, 0 … 1, that go back to a random block of the path and go on from there with a document. */
  readonly branches: number;
}

/** The whole workload. */
export interface SessionParameters {
  /** Requests of the trace, ≥ 1. */
  readonly requests: number;
  /** New sessions a second, > 0. */
  readonly sessionsPerSecond: number;
  /** Sessions that open before the trace starts are simulated for so long, so that it starts amid running sessions. */
  readonly warmUpSeconds: number;
  /** Longest prompt in tokens; a session ends before it. */
  readonly longestPrompt: number;
  readonly kinds: readonly SessionKind[];
}

const ANSWER: LogNormal = { median: 250, spread: 0.8 };

/** For kinds that never bring a document later. */
const NO_PASTES = { pastes: 0, pasteTokens: { median: 1, spread: 0 }, branches: 0 };

/**
 * Set so that the statistics of the generated trace, and the hit ratios of LRU and of Belady's rule on it, are close to those
 * of the Mooncake conversation trace. What there is to learn is the kind of a session, which shows in prompt length, turn
 * number, think time and system prompt: errands all but never come back, documents seldom, chats often and agents fast.
 */
export const DEFAULT_SESSIONS: SessionParameters = {
  requests: 12_031,
  sessionsPerSecond: 2.05,
  warmUpSeconds: 2400,
  longestPrompt: 125_000,
  kinds: [
    {
      name: 'errand',
      share: 0.17,
      systemBlocks: 0,
      promptTokens: { median: 395, spread: 0.08 },
      answerTokens: ANSWER,
      returns: 0.01,
      persistence: 1,
      thinkSeconds: { median: 120, spread: 1 },
      messageTokens: { median: 25, spread: 1 },
      ...NO_PASTES,
    },
    {
      name: 'chat',
      share: 0.36,
      systemBlocks: 0,
      promptTokens: { median: 2800, spread: 1.25 },
      answerTokens: ANSWER,
      returns: 0.45,
      persistence: 3.7,
      thinkSeconds: { median: 142, spread: 1.1 },
      messageTokens: { median: 18, spread: 1 },
      pastes: 0.08,
      pasteTokens: { median: 4400, spread: 0.65 },
      branches: 0.03,
    },
    {
      name: 'document',
      share: 0.47,
      systemBlocks: 0,
      promptTokens: { median: 12_000, spread: 0.94 },
      answerTokens: ANSWER,
      returns: 0.285,
      persistence: 6.4,
      thinkSeconds: { median: 152, spread: 0.96 },
      messageTokens: { median: 40, spread: 1.2 },
      pastes: 0.49,
      pasteTokens: { median: 3200, spread: 1.2 },
      branches: 0.3,
    },
    {
      name: 'agent',
      share: 0.00055,
      systemBlocks: 9,
      promptTokens: { median: 2000, spread: 0.75 },
      answerTokens: { median: 120, spread: 0.8 },
      returns: 0.92,
      persistence: 13,
      thinkSeconds: { median: 36, spread: 0.38 },
      messageTokens: { median: 610, spread: 0.75 },
      ...NO_PASTES,
    },
  ],
};
