/** The session cache on a real node-llama-cpp, which it installs, with models of random weights, which it writes. */
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SessionCache } from 'onebit/plugin/node-llama-cpp';
import t from 'tap';
import { installEngine, type LlamaSequence, loadEngine } from '../../experiments/chat-sessions/engine.ts';
import { discardLabels } from '../../src/paging/labels.ts';
import { requestSequence } from '../../src/paging/request-sequence.ts';
import { findPolicy } from '../../src/policies/find-policy.ts';
import { invertBits } from '../../src/predictors/noise.ts';
import { simulate } from '../../src/simulator/simulate.ts';
import { SeededRandom } from '../../src/support/random.ts';
import { STATE_BYTES_PER_TOKEN, VOCABULARY, writeRandomModel } from './random-gguf.ts';

const PROMPT = 300;
const trouble = installEngine();
t.setTimeout(280_000);
if (trouble !== undefined) t.pass('a real engine', { skip: trouble });
else await testEngine();

async function testEngine(): Promise<void> {
  const engine = await loadEngine();
  const folder = mkdtempSync(join(tmpdir(), 'onebit-'));
  const [modelPath, otherPath] = ['one.gguf', 'other.gguf'].map((name) => join(folder, name));
  writeRandomModel(modelPath, 1);
  writeRandomModel(otherPath, 2);
  const diskAt = (name: string, path = modelPath) => ({
    folder: join(folder, name),
    bytes: 1e8,
    modelPath: path,
  });

  t.test('a kept, a restored and a computed prefix give the same logits, bit by bit', async (t) => {
    const context = await engine.open(modelPath, 2, 1024);
    const cache = new SessionCache({ context, disk: diskAt('logits') });
    const prompt = tokens(1, PROMPT);
    const next = tokens(2, 40);
    const reused: number[][] = [];
    for (const expected of ['nothing', 'sequence', 'disk']) {
      const lease = await cache.acquire('a', { tokens: prompt });
      t.equal(lease.source, expected);
      t.equal(lease.reused, expected === 'nothing' ? 0 : PROMPT - 1, 'all of the prompt but its last token');
      // In the same batches: floating point depends on them.
      if (expected === 'nothing')
        await lease.sequence.evaluateWithoutGeneratingNewTokens(prompt.slice(0, -1));
      reused.push(await logits(lease.sequence, prompt.slice(-1)), await logits(lease.sequence, next));
      lease.release();
      if (expected !== 'sequence') continue;
      for (const other of ['b', 'c']) await serve(cache, other, tokens(other.charCodeAt(0), 100));
      t.notOk(cache.has('a'));
    }
    const [cold, coldNext, kept, keptNext, restored, restoredNext] = reused;
    for (const [name, found] of Object.entries({ kept, restored })) t.strictSame(found, cold, name);
    for (const found of [keptNext, restoredNext]) t.strictSame(found, coldNext, 'and what follows');
    const alone = await cache.acquire('d');
    const whole = await logits(alone.sequence, prompt);
    alone.release();
    t.ok(farthest(whole, cold) < 0.05, `in one batch they differ by ${farthest(whole, cold)}`);
    const foreign = await cache.acquire('e');
    const wrong = await logits(foreign.sequence, [...tokens(3, PROMPT - 1), ...prompt.slice(-1)]);
    foreign.release();
    t.ok(farthest(wrong, cold) > 0.5, `behind another prefix by ${farthest(wrong, cold)}`);
    cache.audit();
    await cache.close();
    await context.dispose();
  });

  t.test(
    'states outlive the process, take the bytes of their tokens, and serve no other model',
    async (t) => {
      const disk = diskAt('later');
      const lengths = [PROMPT, 200];
      const said: string[] = [];
      const log = (line: string) => said.push(line);
      const first = await engine.open(modelPath, 2, 1024);
      const before = new SessionCache({ context: first, disk, log });
      for (const [i, length] of lengths.entries()) await serve(before, `chat ${i}`, tokens(i, length));
      await before.close();
      const { savedBytes, diskBytes } = before.metrics;
      const least = (lengths[0] + lengths[1]) * STATE_BYTES_PER_TOKEN;
      t.equal(savedBytes, diskBytes);
      t.ok(
        savedBytes > least && savedBytes < 1.1 * least,
        `${savedBytes} bytes for ${least} of keys and values`,
      );
      await first.dispose();

      const other = await engine.open(otherPath, 2, 1024);
      const foreign = new SessionCache({ context: other, disk: diskAt('later', otherPath), log });
      t.equal((await serve(foreign, 'chat 0', tokens(0, PROMPT))).source, 'nothing');
      await foreign.close();
      await other.dispose();

      const second = await engine.open(modelPath, 2, 1024);
      const after = new SessionCache({ context: second, disk, log });
      t.equal((await serve(after, 'chat 0', tokens(0, PROMPT))).source, 'disk');
      t.ok(after.metrics.restoredBytes > lengths[0] * STATE_BYTES_PER_TOKEN);
      await after.close();
      await second.dispose();
      t.equal(said.length, 2, `each of the last two found the other's states: ${said.join('; ')}`);
    },
  );

  t.test('a damaged state is told, and its conversation starts anew', async (t) => {
    const disk = diskAt('damaged');
    const said: string[] = [];
    const context = await engine.open(modelPath, 2, 1024);
    const cache = new SessionCache({ context, sequences: 1, disk, log: (line) => said.push(line) });
    await serve(cache, 'a', tokens(1, 100));
    await serve(cache, 'b', tokens(2, 100));
    const state = readdirSync(disk.folder).find((name) => name.endsWith('.state')) ?? '';
    const bytes = readFileSync(join(disk.folder, state));
    bytes[bytes.length >> 1] ^= 1;
    writeFileSync(join(disk.folder, state), bytes);
    t.equal((await serve(cache, 'a', tokens(1, 100))).source, 'nothing');
    t.equal(said.length, 1, said.join('; '));
    cache.audit();
    await cache.close();
    await context.dispose();
  });

  t.test('the engine computes exactly the tokens that the simulator says', async (t) => {
    const capacity = 4;
    const workload = conversations(120, 9);
    const bits = discardLabels(workload, capacity);
    const policy = 'discard(lru)';
    const runs = { lru: undefined, perfect: bits, inverted: invertBits(bits) };
    const computed: number[] = [];
    for (const [name, predictions] of Object.entries(runs)) {
      const context = await engine.open(modelPath, capacity, 2048);
      const cache = new SessionCache({ context, policy });
      const held = new Map<number, number[]>();
      let expected = 0;
      for (const [step, page] of workload.pages.entries()) {
        const prompt = [...(held.get(page) ?? []), ...tokens(step, 30)];
        const { source } = await serve(cache, `${page}`, prompt, predictions?.[step]);
        expected += source === 'sequence' ? 30 : prompt.length;
        held.set(page, prompt);
      }
      const { misses, tokensPrefilled, tokensReused, tokensGenerated } = cache.metrics;
      const faults = simulate({
        sequence: workload,
        policy: findPolicy(predictions === undefined ? 'lru' : policy),
        capacity,
        seed: 1,
        ...(predictions && { predictions }),
      });
      t.equal(misses, faults, `${name}: ${faults} faults`);
      t.equal(tokensPrefilled + tokensGenerated, expected, `${name}: ${expected} tokens computed`);
      const prompts = workload.pages.length + expected + tokensReused;
      t.equal(prompts - workload.pages.length, total(workload.pages), `${name}: none is counted twice`);
      computed.push(expected);
      await cache.close();
      await context.dispose();
    }
    const [lru, perfect, inverted] = computed;
    t.ok(perfect < 0.8 * lru && inverted > lru, `lru ${lru}, perfect ${perfect}, inverted ${inverted}`);
  });
}

/** One request: what is not there of the prompt is evaluated, and the successor of its last token computed. */
async function serve(cache: SessionCache<LlamaSequence>, name: string, prompt: number[], bit = 0) {
  const lease = await cache.acquire(name, { tokens: prompt, bit });
  await logits(lease.sequence, prompt.slice(lease.reused));
  lease.release();
  return lease;
}

/** The logits that follow the last of the tokens, by token. */
async function logits(sequence: LlamaSequence, given: readonly number[]): Promise<number[]> {
  const last = given.length - 1;
  const results = await sequence.controlledEvaluate(
    given.map((token, i) => (i === last ? [token, { generateNext: { logits: true } }] : token)),
  );
  const found = results[last]?.next.logits ?? new Map<number, number>();
  return Array.from({ length: VOCABULARY }, (_, token) => found.get(token) ?? Number.NaN);
}

function farthest(a: readonly number[], b: readonly number[]): number {
  return Math.max(...a.map((value, i) => Math.abs(value - b[i])));
}

/** Random tokens but for the special ones; those of two seeds differ from the first one on. */
function tokens(seed: number, length: number): number[] {
  const random = new SeededRandom(seed);
  const rest = Array.from({ length: length - 1 }, () => 3 + random.below(VOCABULARY - 3));
  return [3 + (seed % (VOCABULARY - 3)), ...rest];
}

/** Conversations that come back at random, so that there is something to foresee. */
function conversations(requests: number, count: number) {
  const random = new SeededRandom(7);
  return requestSequence(Array.from({ length: requests }, () => random.below(count)));
}

/** Tokens of all prompts, each 30 longer than the conversation's last one. */
function total(pages: Uint32Array): number {
  const turns = new Map<number, number>();
  let sum = 0;
  for (const page of pages) {
    turns.set(page, (turns.get(page) ?? 0) + 1);
    sum += 30 * (turns.get(page) ?? 0);
  }
  return sum;
}
