/** A seeded generator of serving traces: errands, chats, documents and agents under shared system prompts. */
import { requestSequence } from '../paging/request-sequence.ts';
import { assert, Failure } from '../support/failure.ts';
import { SeededRandom } from '../support/random.ts';
import { findParents } from './find-parents.ts';
import type { ServingTrace } from './serving-trace.ts';
import type { LogNormal, SessionKind, SessionParameters } from './session-parameters.ts';

/** Tokens a block, as in Mooncake's traces. */
const BLOCK_TOKENS = 512;

/** The block at the head of every path. */
const COMMON_BLOCK = 0;

const SECONDS_PER_ANSWER_TOKEN = 0.03;

/** Share of the variance of a logarithmic think time that lies between sessions: everyone has a pace of their own. */
const PACE = 0.33;

interface Session {
  readonly kind: SessionKind;
  /** Normal deviate: how slow this session is among those of its kind. */
  readonly pace: number;
  /** Blocks of the latest turn, replaced turn by turn while the trace is written; at first the system prompt. */
  path: readonly number[];
}

interface Turn {
  readonly session: Session;
  /** Arrival, in whole milliseconds from the opening of the first session. */
  readonly time: number;
  /** Blocks at the head of the session's path that this turn keeps. */
  readonly kept: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/**
 * Generates a trace of sessions that open at random (a Poisson process). The path of a turn keeps the full blocks of the
 * turn before it and goes on with new blocks for the answer and the new message; a partial block that has been filled is a
 * new block. The same parameters and seed give the same trace. O(n log n) in the number of requests n; 0.1 s for 12,000.
 *
 * @param parameters the workload
 * @param seed any safe integer
 * @returns a trace named `generated` whose times are whole milliseconds
 * @throws Failure if the number of requests or the seed is not such a number
 *
 * @example
 * generateSessions({ ...DEFAULT_SESSIONS, requests: 500 }, 7).time.length; // 500
 */
export function generateSessions(parameters: SessionParameters, seed: number): ServingTrace {
  const { requests, sessionsPerSecond, kinds } = parameters;
  check(parameters, seed);
  const random = new SeededRandom(seed);
  const warmUp = parameters.warmUpSeconds * 1000;
  const systemPrompts = systemPromptsOf(kinds);
  const turns: Turn[] = [];
  // As many sessions after the warm-up as requests are wanted: all requests up to the last opening are then complete.
  for (let clock = 0, left = requests; left > 0; ) {
    clock += (random.exponential() * 1000) / sessionsPerSecond;
    if (clock >= warmUp) left--;
    const kind = drawKind(kinds, random);
    const session = { kind: kinds[kind], pace: random.normal(), path: systemPrompts[kind] };
    appendTurns(session, clock, parameters.longestPrompt, random, turns);
  }
  turns.sort((a, b) => a.time - b.time);
  return write(turns, warmUp, requests, systemPrompts.flat().length + 1);
}

function check(parameters: SessionParameters, seed: number): void {
  const { requests, sessionsPerSecond, warmUpSeconds, kinds } = parameters;
  if (!Number.isSafeInteger(requests) || requests < 1) {
    throw new Failure(`requests: ${requests} is not a positive integer; say how many requests to generate`);
  }
  if (!Number.isSafeInteger(seed))
    throw new Failure(`seed: ${seed} is not an integer; give one, for example 1`);
  assert(sessionsPerSecond > 0 && warmUpSeconds >= 0, 'sessions must open in time');
  assert(
    kinds.some((kind) => kind.share > 0),
    'a workload needs a kind of session',
  );
  // A session whose turns never end would never be finished.
  assert(
    kinds.every(({ returns, persistence }) => returns < 1 && persistence > 0),
    'sessions must end',
  );
}

/** The path that each kind's sessions start with: the common block, then blocks of the kind's own. */
function systemPromptsOf(kinds: readonly SessionKind[]): number[][] {
  let block = COMMON_BLOCK;
  return kinds.map((kind) => [COMMON_BLOCK, ...Array.from({ length: kind.systemBlocks }, () => ++block)]);
}

/** Index of a kind, drawn in proportion to the shares. */
function drawKind(kinds: readonly SessionKind[], random: SeededRandom): number {
  let left = random.uniform() * kinds.reduce((sum, kind) => sum + kind.share, 0);
  let kind = 0;
  for (; kind < kinds.length - 1 && left >= kinds[kind].share; kind++) left -= kinds[kind].share;
  return kind;
}

/** Appends all turns of a session that opens at `clock`: at least one. */
function appendTurns(
  session: Session,
  clock: number,
  longest: number,
  random: SeededRandom,
  turns: Turn[],
): void {
  const { kind, pace } = session;
  const systemBlocks = session.path.length;
  let kept = systemBlocks;
  let inputTokens = Math.min(longest, kept * BLOCK_TOKENS + draw(kind.promptTokens, random));
  for (let turn = 1, time = clock; inputTokens <= longest; turn++) {
    const outputTokens = draw(kind.answerTokens, random);
    turns.push({ session, time: Math.round(time), kept, inputTokens, outputTokens });
    const ends = ((1 - kind.returns) * kind.persistence) / (kind.persistence + turn - 1);
    if (random.uniform() < ends) return;
    time += 1000 * (outputTokens * SECONDS_PER_ANSWER_TOKEN + thinkTime(kind, pace, random));
    kept = Math.floor(inputTokens / BLOCK_TOKENS);
    const message = draw(kind.messageTokens, random);
    if (random.uniform() < kind.branches) {
      // Two draws, so that most branches leave near the head.
      kept = systemBlocks + random.below(1 + random.below(1 + kept - systemBlocks));
      inputTokens = kept * BLOCK_TOKENS + message + draw(kind.pasteTokens, random);
    } else {
      const pasted = random.uniform() < kind.pastes ? draw(kind.pasteTokens, random) : 0;
      inputTokens += outputTokens + message + pasted;
    }
  }
}

/** In seconds. */
function thinkTime(kind: SessionKind, pace: number, random: SeededRandom): number {
  const deviate = Math.sqrt(PACE) * pace + Math.sqrt(1 - PACE) * random.normal();
  return kind.thinkSeconds.median * Math.exp(kind.thinkSeconds.spread * deviate);
}

/** A positive number of tokens. */
function draw(length: LogNormal, random: SeededRandom): number {
  return Math.max(1, Math.round(length.median * Math.exp(length.spread * random.normal())));
}

/** Writes the turns after the warm-up in columns, with new blocks, from `nextBlock` on, where a turn keeps no old ones. */
function write(turns: readonly Turn[], warmUp: number, requests: number, nextBlock: number): ServingTrace {
  const first = turns.findIndex((turn) => turn.time >= warmUp);
  const accesses: number[] = [];
  const firstBlock = new Uint32Array(requests + 1);
  for (let t = 0; t < first + requests; t++) {
    const { session, kept, inputTokens } = turns[t];
    const path = session.path.slice(0, kept);
    for (const length = Math.ceil(inputTokens / BLOCK_TOKENS); path.length < length; ) path.push(nextBlock++);
    session.path = path;
    if (t < first) continue;
    for (const block of path) accesses.push(block);
    firstBlock[t - first + 1] = accesses.length;
  }
  const written = turns.slice(first, first + requests);
  const blocks = requestSequence(accesses);
  const inputTokens = Uint32Array.from(written, (turn) => turn.inputTokens);
  return {
    name: 'generated',
    blocks,
    firstBlock,
    time: Float64Array.from(written, (turn) => (turn.time - written[0].time) / 1000),
    inputTokens,
    outputTokens: Uint32Array.from(written, (turn) => turn.outputTokens),
    parent: findParents(blocks, firstBlock, inputTokens),
  };
}
