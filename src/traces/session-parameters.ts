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

const ANSWER = { median: 250, spread: 0.8 };

/**
 * Set so that the statistics of the generated trace are close to those of the Mooncake conversation trace. What there is
 * to learn is the kind of a session, which shows in prompt length, turn number, think time and system prompt: errands
 * never come back, documents seldom, chats slowly and agents fast.
 */
export const DEFAULT_SESSIONS: SessionParameters = {
  requests: 12_031,
  sessionsPerSecond: 2.1,
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
      pastes: 0,
      pasteTokens: { median: 1, spread: 0 },
      branches: 0,
    },
    {
      name: 'chat',
      share: 0.37,
      systemBlocks: 0,
      promptTokens: { median: 3000, spread: 1.2 },
      answerTokens: ANSWER,
      returns: 0.42,
      persistence: 4,
      thinkSeconds: { median: 150, spread: 1.1 },
      messageTokens: { median: 22, spread: 1.3 },
      pastes: 0.08,
      pasteTokens: { median: 3000, spread: 1 },
      branches: 0.03,
    },
    {
      name: 'document',
      share: 0.45,
      systemBlocks: 0,
      promptTokens: { median: 10500, spread: 1.05 },
      answerTokens: ANSWER,
      returns: 0.26,
      persistence: 8,
      thinkSeconds: { median: 115, spread: 0.9 },
      messageTokens: { median: 30, spread: 1.3 },
      pastes: 0.5,
      pasteTokens: { median: 3500, spread: 0.9 },
      branches: 0.3,
    },
    {
      name: 'agent',
      share: 0.0015,
      systemBlocks: 9,
      promptTokens: { median: 2000, spread: 0.8 },
      answerTokens: { median: 120, spread: 0.8 },
      returns: 0.9,
      persistence: 10,
      thinkSeconds: { median: 24, spread: 0.5 },
      messageTokens: { median: 600, spread: 1.2 },
      pastes: 0,
      pasteTokens: { median: 1, spread: 0 },
      branches: 0,
    },
  ],
};
