/**
 * Replays many conversations on a real engine, once for each policy: tokens prefilled and wall time.
 *
 *     npx tsx experiments/chat-sessions/replay.ts [REQUESTS [MODEL.gguf]]
 *
 * REQUESTS are replayed, 800 if absent, after those that the bits are trained on; the sequences are empty at first. Without a
 * model file it writes a small one of random weights.
 */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { discardLabels, Failure, invertBits, type ServingTrace, writeModel } from 'onebit';
import { DEFAULT_POLICY, SessionCache } from 'onebit/plugin/node-llama-cpp';
import { learn } from '../../src/cli/learn.ts';
import { writeRandomModel } from '../../test/slow/random-gguf.ts';
import { type Engine, installEngine, loadEngine } from './engine.ts';
import { sequenceOf, type Turns, turnsFrom, workload } from './workload.ts';

const SEQUENCES = 8;
const CONTEXT = 2048;
const TRAINING = 19_200;

interface Row {
  readonly name: string;
  readonly policy: string;
  readonly bits?: Uint8Array;
  readonly model?: string;
  readonly disk?: boolean;
}

/** The rows of the table. @param perfect bits of the replayed part. @param model file of the trained bits */
function rows(perfect: Uint8Array, model: string): Row[] {
  const inverted = invertBits(perfect);
  return [
    { name: 'lru', policy: 'lru' },
    { name: 'arc', policy: 'arc' },
    { name: 'lru-k', policy: 'lru-k' },
    { name: 'trained bits', policy: 'discard(lru)', model },
    { name: 'trained bits, in switch', policy: DEFAULT_POLICY, model },
    { name: 'perfect bits', policy: 'discard(lru)', bits: perfect },
    { name: 'perfect bits, in switch', policy: DEFAULT_POLICY, bits: perfect },
    { name: 'inverted bits', policy: 'discard(lru)', bits: inverted },
    { name: 'inverted bits, in switch', policy: DEFAULT_POLICY, bits: inverted },
    { name: 'lru, with a disk', policy: 'lru', disk: true },
  ];
}

/** Serves every turn: what is not there of its prompt is evaluated. */
async function replay(engine: Engine, modelPath: string, turns: Turns, { policy, bits, model, disk }: Row) {
  const context = await engine.open(modelPath, SEQUENCES, CONTEXT);
  let now = 0;
  const cache = new SessionCache({
    context,
    policy,
    now: () => now,
    ...(model !== undefined && { model }),
    ...(disk && { disk: { folder: mkdtempSync(join(tmpdir(), 'onebit-')), bytes: 2 ** 30, modelPath } }),
  });
  const began = performance.now();
  const usage = process.cpuUsage();
  for (let turn = 0; turn < turns.time.length; turn++) {
    now = turns.time[turn];
    const tokens = prompt(turns.conversation[turn], turns.promptTokens[turn]);
    const lease = await cache.acquire(`${turns.conversation[turn]}`, { tokens, bit: bits?.[turn] ?? 0 });
    await lease.sequence.evaluateWithoutGeneratingNewTokens(tokens.slice(lease.reused));
    lease.release();
  }
  const seconds = (performance.now() - began) / 1000;
  const processor = process.cpuUsage(usage).user / 1e6;
  const { metrics } = cache;
  await cache.close();
  await context.dispose();
  return { ...metrics, seconds, processor };
}

/** The head of an endless text of a conversation's own, in tokens that every vocabulary has. */
function prompt(conversation: number, length: number): number[] {
  return Array.from({ length }, (_, i) => 3 + ((conversation * 7919 + i * (31 + conversation)) % 250));
}

async function train(trace: ServingTrace, requests: number): Promise<string> {
  const path = join(mkdtempSync(join(tmpdir(), 'onebit-')), 'chat.onebit');
  const model = await learn(trace, requests, [SEQUENCES], 1);
  console.log(
    `trained on ${requests.toLocaleString('en')} requests, judged ${JSON.stringify(model.header.judged)}`,
  );
  writeModel(path, model);
  return path;
}

function randomModel(): string {
  const path = join(mkdtempSync(join(tmpdir(), 'onebit-')), 'random.gguf');
  writeRandomModel(path, 1);
  return path;
}

async function main(): Promise<void> {
  const [given = '800', modelPath = randomModel()] = process.argv.slice(2);
  const requests = Number(given);
  if (!Number.isSafeInteger(requests) || requests < 1)
    throw new Failure(`${given} is not a number of requests; give one, for example 800`);
  const trouble = installEngine();
  if (trouble !== undefined) throw new Failure(trouble);
  const trace = workload(TRAINING + requests);
  const turns = turnsFrom(trace, TRAINING);
  const perfect = discardLabels(sequenceOf(turns), SEQUENCES);
  const model = await train(trace, TRAINING);
  const engine = await loadEngine();
  console.log(`${turns.time.length} requests on ${SEQUENCES} sequences`);
  console.log(`${''.padEnd(26)}  hits  restored  tokens prefilled  wall s  processor s`);
  for (const row of rows(perfect, model)) {
    const { hits, restored, tokensPrefilled, seconds, processor } = await replay(
      engine,
      modelPath,
      turns,
      row,
    );
    const cells = [
      String(hits).padStart(4),
      String(restored).padStart(8),
      tokensPrefilled.toLocaleString('en').padStart(16),
      seconds.toFixed(1).padStart(6),
      processor.toFixed(1).padStart(11),
    ];
    console.log(`${row.name.padEnd(26)}  ${cells.join('  ')}`);
  }
}

// The engine keeps threads that would hold the process.
await main().then(
  () => process.exit(0),
  (error) => {
    console.error(error instanceof Failure ? error.message : error);
    process.exit(1);
  },
);
