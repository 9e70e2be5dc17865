import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import t from 'tap';
import { BlockManager } from '../../src/kvcache/block-manager.ts';
import { CostModel } from '../../src/kvcache/cost-model.ts';
import { findDevice } from '../../src/kvcache/device.ts';
import { findGeometry } from '../../src/kvcache/geometry.ts';
import { requestSequence } from '../../src/paging/request-sequence.ts';
import { Lru } from '../../src/policies/classical/lru.ts';
import { findPolicy } from '../../src/policies/find-policy.ts';
import { compareReplays } from '../../src/simulator/replay/compare-replays.ts';
import { type ReplaySettings, replay } from '../../src/simulator/replay/replay.ts';
import { makeRouter } from '../../src/simulator/replay/router.ts';
import type { Worker } from '../../src/simulator/replay/worker.ts';
import { workload } from '../../src/simulator/replay/workload.ts';
import type { ServingTrace } from '../../src/traces/serving-trace.ts';
import { hold } from '../arbitraries.ts';
import { PROGRAM } from '../program.ts';

// Commands are started, which takes long on a busy machine.
t.setTimeout(120_000);

const BLOCK = 16;
const cost = new CostModel(findGeometry('llama-3.1-8b'), findDevice('a100-80gb'), 0.5);

/** A request by its time, the digits of its path, tokens beyond the last full block, and tokens of its answer. */
type Asked = [time: number, digits: number[], rest: number, output: number];

function traceOf(asked: readonly Asked[]): ServingTrace {
  const identifiers: number[] = [];
  const firstBlock = [0];
  for (const [, digits, rest] of asked) {
    let node = 1;
    for (const digit of digits) {
      node = 3 * node + digit;
      identifiers.push(node);
    }
    // A partial block has an identifier of its own.
    if (rest > 0) identifiers.push(1e6 + identifiers.length);
    firstBlock.push(identifiers.length);
  }
  return {
    name: 'made up',
    blocks: requestSequence(identifiers),
    firstBlock: Uint32Array.from(firstBlock),
    time: Float64Array.from(asked, ([time]) => time),
    inputTokens: Uint32Array.from(asked, ([, digits, rest]) => BLOCK * digits.length + rest),
    outputTokens: Uint32Array.from(asked, ([, , , output]) => output),
    parent: new Int32Array(asked.length).fill(-1),
  };
}

function settings(trace: ServingTrace, more: Partial<ReplaySettings> = {}): ReplaySettings {
  const defaults = {
    capacity: 6,
    tiers: [],
    workers: 1,
    router: 'sticky',
    writeThrough: false,
    closedLoop: false,
    swap: false,
    seed: 1,
    measuredFrom: 0,
  };
  return { workload: workload(trace, BLOCK), cost, policy: findPolicy('lru'), ...defaults, ...more };
}

const digits = fc.array(fc.nat({ max: 2 }), { minLength: 1, maxLength: 4, size: 'max' });
const workerCounts = fc.integer({ min: 1, max: 3 });
/** Those that do not look at what the caches hold. */
const routers = fc.constantFrom('round-robin', 'sticky');
/** Seconds apart, so that no two requests overlap; or all at once. */
const apart = fc.array(fc.tuple(digits, fc.nat({ max: BLOCK - 1 })), {
  minLength: 1,
  maxLength: 40,
  size: 'max',
});

t.test('requests that never overlap hit as often as a manager alone tells', async () => {
  const property = fc.property(apart, (paths) => {
    const trace = traceOf(paths.map(([digits, rest], r) => [100 * r, digits, rest, 0]));
    const { measures } = replay(settings(trace));
    const manager = new BlockManager({ capacity: 6, policy: (capacity) => new Lru(capacity) });
    const work = workload(trace, BLOCK);
    let hits = 0;
    paths.forEach((_, r) => {
      const lease = manager.allocate(
        work.accesses.pages.subarray(work.first[r], work.first[r + 1]),
        undefined,
        1,
      );
      if (lease === null) throw new Error('no room');
      hits += lease.matched;
      manager.release(lease);
    });
    assert.equal(measures.hitBlocks, hits);
    assert.equal(measures.finished, paths.length);
    assert(measures.hitTokens <= BLOCK * hits);
  });
  hold(property, 100);
});

t.test('with the same pins and routing nothing hits more than the offline optimum', async () => {
  const property = fc.property(apart, workerCounts, routers, (paths, workers, router) => {
    const trace = traceOf(paths.map(([digits], r) => [100 * r, digits, 0, 0]));
    const { policy: _, ...rest } = settings(trace, { workers, router });
    const policies = ['fifo', 'discard(lru)', 'lazy-mark0'].map((name) => findPolicy(name));
    const sources = [{ kind: 'perfect' }, { kind: 'inverted' }] as const;
    const records = [...compareReplays({ ...rest, policies, sources, target: 1 })];
    const optimum = records.find(({ policy }) => policy === 'belady')?.blockHitRatio ?? 0;
    for (const { policy, predictions, blockHitRatio } of records)
      assert(blockHitRatio <= optimum + 1e-12, `${policy} ${predictions}`);
  });
  hold(property, 100);
});

t.test('every request ends once, whatever the memory, the workers and the way of preemption', async (t) => {
  const requests = fc.array(
    fc.tuple(fc.double({ min: 0, max: 2, noNaN: true }), digits, fc.nat({ max: 15 }), fc.nat({ max: 60 })),
    { minLength: 1, maxLength: 30, size: 'max' },
  );
  let preemptions = 0;
  const property = fc.property(
    requests,
    fc.integer({ min: 3, max: 12 }),
    fc.integer({ min: 1, max: 3 }),
    fc.constantFrom('round-robin', 'least-loaded', 'sticky', 'longest-prefix'),
    fc.boolean(),
    (asked, capacity, workers, router, swap) => {
      asked.sort(([a], [b]) => a - b);
      const given = settings(traceOf(asked), { capacity, workers, router, swap });
      const { measures } = replay(given);
      assert.equal(measures.finished + measures.rejected, asked.length);
      assert(measures.hitBlocks <= measures.promptBlocks);
      assert(measures.prefillSeconds >= 0 && measures.firstToken.every((seconds) => seconds > 0));
      if (measures.preemptions === 0) {
        assert.equal(measures.bytesMoved, 0);
        // Each block is computed once for the first time; whatever else was missed had been computed before.
        const { accesses, first, promptBlocks } = given.workload;
        const blocks = asked.flatMap((_, r) => [
          ...accesses.pages.subarray(first[r], first[r] + promptBlocks[r]),
        ]);
        const again = measures.promptBlocks - measures.hitBlocks - new Set(blocks).size;
        if (measures.rejected === 0) assert.equal(measures.recomputedTokens, BLOCK * again);
      }
      preemptions += measures.preemptions;
    },
  );
  hold(property, 200);
  t.ok(preemptions > 0, 'some were preempted');
});

t.test('the first token comes after the prompt has been read, and the queue before it', async (t) => {
  const trace = traceOf([
    [0, [0, 1], 5, 20],
    [0, [1], 0, 0],
  ]);
  const { measures } = replay(settings(trace, { capacity: 20 }));
  const [first, second] = [cost.prefillSeconds(37), cost.prefillSeconds(16)];
  t.strictSame(measures.firstToken, [first, first + second]);
  const longest = replay(settings(traceOf([[0, [0, 1, 2, 0], 9, 0]]), { capacity: 4 }));
  t.equal(longest.measures.rejected, 1, 'a request longer than the cache is turned away');
});

t.test('the next turn hits what the answer before it left in the cache', async (t) => {
  const turns = traceOf([
    [0, [0, 1], 5, 30],
    [100, [0, 1, 2, 0], 3, 0],
  ]);
  const trace = { ...turns, parent: Int32Array.of(-1, 0) };
  const { measures } = replay(settings(trace, { capacity: 20 }));
  t.equal(measures.hitBlocks, 4, 'two blocks of the prompt and the two that the answer filled');
  t.throws(
    () => workload({ ...trace, time: Float64Array.of(1, 0) }, BLOCK),
    /request 1 arrives before request 0/,
  );
  t.throws(() => workload({ ...trace, inputTokens: new Uint32Array(2) }), /give --block-tokens/);
});

t.test('what leaves the device comes back from the host, and is loaded where that is faster', async (t) => {
  const trace = traceOf([0, 1, 2, 0].map((digit, r) => [100 * r, [digit, 0, 0, 0], 1, 0]));
  const host = (bandwidth: number) => ({
    name: 'host',
    capacity: 20,
    policy: findPolicy('lru'),
    link: { bandwidth, latency: 0, ratio: 0.5 },
  });
  const fast = replay(settings(trace, { tiers: [host(1e12)] })).measures;
  t.equal(fast.tiers[0].blocks, 4);
  t.strictSame([fast.hitTokens, fast.sparedTokens], [0, 64]);
  const moved = fast.bytesMoved / (BLOCK * cost.kvBytesPerToken * 0.5);
  // Four blocks up. Down, in a device of six slots for requests of five: three, four and four.
  t.equal(moved, 4 + 11);
  const slow = replay(settings(trace, { tiers: [host(1e6)] })).measures;
  t.equal(slow.tiers[0].blocks, 0);
  t.strictSame([slow.hitTokens, slow.sparedTokens, slow.recomputedTokens], [0, 0, 64]);
});

t.test('in a closed loop a client asks again only after its answer and its pause', async (t) => {
  // All three are at 0 in the trace; the second waits for the first, the third for the second.
  const open = traceOf([0, 1, 2].map((digit) => [0, [digit, 0, 0], 0, 40]));
  const pauses = { after: Int32Array.of(-1, 0, 1), seconds: Float64Array.of(0, 7, 7) };
  const trace = { ...open, pauses };
  const closed = replay(settings(trace, { closedLoop: true, capacity: 8 })).measures;
  const at = replay(settings(trace, { capacity: 8 })).measures;
  t.equal(closed.finished, 3);
  t.ok(closed.end > 14 && closed.end < 20);
  t.ok(at.end < 7);
  t.ok(Math.max(...closed.firstToken) < Math.max(...at.firstToken), 'nobody queues behind another');
  t.throws(() => replay(settings(open, { closedLoop: true })), /does not tell how long clients pause/);
});

t.test('a client that is turned away goes on after its pause', async (t) => {
  const open = traceOf([
    [0, [0, 1, 2, 0, 1, 2, 0], 0, 1],
    [0, [1], 0, 1],
  ]);
  const pauses = { after: Int32Array.of(-1, 0), seconds: Float64Array.of(0, 7) };
  const { rejected, finished, start, end } = replay(
    settings({ ...open, pauses }, { closedLoop: true }),
  ).measures;
  t.strictSame([rejected, finished], [1, 1]);
  t.ok(end - start > 7);
});

t.test('routers send a request where their names say', async (t) => {
  const worker = (load: number, matched: number) =>
    ({ load, cache: { device: { match: () => matched } } }) as unknown as Worker;
  const workers = [worker(5, 1), worker(3, 2), worker(4, 2)];
  const choose = (name: string, request = 0, session = 0) =>
    workers.indexOf(makeRouter(name)(workers, { request, session, path: new Uint32Array(0) }));
  t.strictSame([choose('round-robin', 4), choose('least-loaded'), choose('longest-prefix')], [1, 1, 1]);
  const sticky = makeRouter('sticky');
  const home = sticky(workers, { request: 0, session: 7, path: new Uint32Array(0) });
  const elsewhere = sticky(workers, { request: 0, session: 8, path: new Uint32Array(0) });
  t.not(elsewhere, home, 'another conversation goes where fewer blocks went');
  t.equal(sticky(workers, { request: 1, session: 7, path: new Uint32Array(0) }), home);
  t.throws(() => makeRouter('any'), /unknown router “any”; use round-robin/);
});

t.test(
  'onebit replay prints one record a policy, writes a page, and refuses what it cannot do',
  async (t) => {
    const folder = t.testdir();
    const lines = Array.from({ length: 60 }, (_, r) =>
      JSON.stringify({
        timestamp: 1000 * r,
        input_length: 1100,
        output_length: 9,
        hash_ids: [0, 1 + (r % 7), 100 + r],
      }),
    );
    const trace = join(t.testdir({ 'small.jsonl': lines.join('\n') }), 'small.jsonl');
    const run = (...args: string[]) => [...PROGRAM, 'replay', trace, ...args];
    const out = execFileSync('env', run('--cache-tokens', '3000', '--json', '--out', join(folder, 'page')));
    const records = `${out}`
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    t.strictSame(records.map(({ policy }) => policy).slice(0, 4), ['lru', 'belady', 't-lru', 'rlt']);
    t.ok(records.every(({ finished }) => finished === 60));
    t.match(
      readFileSync(join(folder, 'page', 'index.html'), 'utf8'),
      /<h1>Serving small.jsonl from a KV cache/,
    );
    // At ten seconds a prompt, one a second, the r-th first token comes 10 + 9 r seconds late: 275.5 in the mean.
    const times = join(folder, 'times.csv');
    writeFileSync(times, 'prompt,cached,seconds\n100,0,10\n1000000,0,10.001\n');
    const slow = execFileSync('env', run('--policy', 'lru', '--prompt-times', times), {
      encoding: 'utf8',
    });
    t.match(slow, /Reading a prompt: 10000.0 ms, and [\d,.e+]+ teraflops; fitted to 2 times in .+ Writing: /);
    t.match(slow, /lru +none +275,500 /);
    for (const [args, message] of [
      [['--prompt-times', 'none.csv'], /none.csv: cannot be read/],
      [['--router', 'any'], /unknown router/],
      [['--model', 'gpt'], /unknown model “gpt”/],
      [['--preemption', 'kill'], /neither recompute nor swap/],
      [['--workers', '0'], /--workers: must be a number/],
      [['--policy', 'predictive-marker'], /predictive-marker needs next arrivals/],
    ] as const) {
      const { stderr, status } = spawnSync('env', run(...args), { encoding: 'utf8' });
      t.match(stderr, message);
      t.equal(status, 1);
    }
  },
);
