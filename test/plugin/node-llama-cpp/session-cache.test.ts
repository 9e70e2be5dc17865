/** The session cache: whatever happens, a conversation finds what it left, or nothing; and none waits for ever. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import t from 'tap';
import { SessionCache, type SessionCacheSettings } from '../../../src/plugin/node-llama-cpp/index.ts';
import { findPolicy } from '../../../src/policies/find-policy.ts';
import { simulate } from '../../../src/simulator/simulate.ts';
import { readTrace } from '../../../src/traces/read-trace.ts';
import { instances } from '../../arbitraries.ts';
import { StandInContext, type StandInSequence } from './stand-in.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'onebit-'));
const MODEL = join(FOLDER, 'model.gguf');
writeFileSync(MODEL, 'a model');
t.teardown(() => rmSync(FOLDER, { recursive: true }));

let folders = 0;
const disk = (bytes: number) => ({ folder: join(FOLDER, `disk ${folders++}`), bytes, modelPath: MODEL });
const cacheOf = (sequences: number, settings: Partial<SessionCacheSettings<StandInSequence>> = {}) =>
  new SessionCache({ context: new StandInContext(sequences), log: () => {}, ...settings });

/** One request that says one word. */
async function say(cache: SessionCache<StandInSequence>, who: number, word: number, bit = 0) {
  const lease = await cache.acquire(`${who}`, { bit });
  const found = [...lease.sequence.contextTokens];
  lease.sequence.evaluate([word]);
  lease.release();
  return { found, source: lease.source };
}

t.test('every request of a sequence misses where the simulator faults', async () => {
  const policies = ['lru', 'discard(lru)', 'switch(discard(lru),lru,margin=50)', 'sieve', 'arc'];
  const bounds = instances({ length: 60, capacity: 4, extra: 5 });
  const property = fc.asyncProperty(
    fc.constantFrom(...policies),
    bounds,
    async (policy, { sequence, capacity, bits }) => {
      const cache = cacheOf(capacity, { policy });
      for (const [step, page] of sequence.pages.entries()) await say(cache, page, step, bits[step]);
      const found = findPolicy(policy);
      const predictions = found.needs === 'nothing' ? {} : { predictions: bits };
      const faults = simulate({ sequence, policy: found, capacity, seed: 1, ...predictions });
      assert.equal(cache.metrics.misses, faults);
      assert.equal(cache.metrics.hits, sequence.pages.length - faults);
      cache.audit();
    },
  );
  await fc.assert(property, { numRuns: 100 });
});

t.test('without bits every policy that takes them is LRU', async () => {
  const policies = ['lazy-mark0', 'mark0', 'discard(lru)', 'switch(lazy-mark0,lru)', 'guard(lazy-mark0)'];
  const bounds = instances({ length: 60, capacity: 4, extra: 5 });
  const property = fc.asyncProperty(
    fc.constantFrom(...policies),
    bounds,
    async (policy, { sequence, capacity }) => {
      const cache = cacheOf(capacity, { policy });
      for (const [step, page] of sequence.pages.entries()) await say(cache, page, step);
      assert.equal(
        cache.metrics.misses,
        simulate({ sequence, policy: findPolicy('lru'), capacity, seed: 1 }),
      );
    },
  );
  await fc.assert(property, { numRuns: 100 });
});

t.test('at once, with a disk, failures and late bits: own words or none, and nothing is lost', async () => {
  const step = fc.record({
    who: fc.nat({ max: 7 }),
    act: fc.constantFrom('say', 'say', 'say', 'say', 'discard', 'forget', 'wait'),
    bit: fc.constantFrom(0, 1),
  });
  const property = fc.asyncProperty(
    fc.integer({ min: 1, max: 3 }),
    fc.integer({ min: 1, max: 120 }),
    fc.constantFrom(0, 0, 0.1),
    fc.array(step, { maxLength: 40, size: 'max' }),
    fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
    async (sequences, bytes, failing, steps, coins) => {
      const context = new StandInContext(sequences, () => coins.next().value < failing);
      const cache = cacheOf(sequences, { context, disk: disk(bytes) });
      const under = steps.map(async ({ who, act, bit }, i) => {
        for (let turn = 0; turn < i; turn++) await Promise.resolve();
        if (act === 'discard') cache.discard(`${who}`);
        else if (act === 'forget') await cache.forget(`${who}`).catch(() => {});
        else if (act === 'say') {
          const answer = await say(cache, who, 100 * who + i, bit).catch(() => undefined);
          for (const word of answer?.found ?? []) assert.equal(Math.floor(word / 100), who);
        }
      });
      await Promise.all(under);
      // In its turn, after what is on its way.
      await cache.forget('nobody').catch(() => {});
      cache.audit();
      await cache.close();
      assert.equal(context.sequencesLeft, sequences, 'the context has its sequences back');
      assert(cache.metrics.diskBytes <= bytes, 'the disk keeps to its budget');
      if (failing === 0) assert.deepEqual(cache.metrics.fallbacks, {});
    },
  );
  await fc.assert(property, { numRuns: 60 });
});

t.test('with room on the disk no word is ever lost, also over a new start', async () => {
  const words = fc.array(fc.nat({ max: 5 }), { minLength: 1, maxLength: 25, size: 'max' });
  const property = fc.asyncProperty(
    fc.integer({ min: 1, max: 3 }),
    words,
    words,
    async (sequences, early, late) => {
      const settings = { disk: disk(1e6) };
      const said = new Map<number, number[]>();
      for (const part of [early, late]) {
        const cache = cacheOf(sequences, settings);
        for (const [i, who] of part.entries()) {
          const { found } = await say(cache, who, i);
          assert.deepEqual(found, said.get(who) ?? []);
          said.set(who, [...found, i]);
        }
        await cache.close();
      }
    },
  );
  await fc.assert(property, { numRuns: 30 });
});

t.test('the access log is a trace, in order of arrival, without names', async (t) => {
  const accessLog = join(FOLDER, 'access.jsonl');
  let now = 0;
  const cache = cacheOf(2, { accessLog, now: () => now });
  for (const [i, who] of [1, 2, 1, 3, 1].entries()) {
    now = i;
    await say(cache, who, i);
  }
  await cache.close();
  const trace = readTrace(accessLog);
  t.strictSame([...trace.blocks.pages], [0, 1, 0, 2, 0]);
  t.strictSame([...trace.time], [0, 1, 2, 3, 4]);
  t.strictSame([...trace.inputTokens], [1, 1, 2, 1, 3]);
  t.notMatch(readFileSync(accessLog, 'utf8'), /"[123]"/);
});

t.test(
  'what cannot be is refused in one line; a model that cannot be used is told, and LRU runs',
  async (t) => {
    const refused: [Partial<SessionCacheSettings<StandInSequence>>, RegExp][] = [
      [{ sequences: 3 }, /sequences: 3 of a context with 2 left; .*createContext/],
      [{ policy: 'belady' }, /belady.*future.*use lru/],
      [{ policy: 'trust-and-doubt' }, /needs cache states.*use lru/],
      [{ disk: disk(0) }, /disk.bytes: 0/],
      [{ disk: { ...disk(10), modelPath: '/nowhere' } }, /\/nowhere: cannot be read.*model was loaded from/],
      [{ accessLog: FOLDER }, /cannot be opened.*choose another/],
    ];
    for (const [settings, message] of refused) t.throws(() => cacheOf(2, settings), message);
    const said: string[] = [];
    const cache = cacheOf(1, { model: MODEL, log: (line) => said.push(line) });
    await say(cache, 1, 1);
    await say(cache, 2, 1, 0.5);
    await say(cache, 1, 1, 7);
    t.equal(said.length, 2);
    t.match(
      said.join('\n'),
      /model.gguf:1: .*make one with onebit train; .*LRU\n.*a bit was 0.5 and counts as keep; give 0 or 1/,
    );
    t.strictSame(cache.metrics.fallbacks, { model: 1, bit: 2 });
    await cache.close();
    await t.rejects(cache.acquire('1'), /closed; make a new one/);
  },
);

t.test('requests wait in order; who gives up is not served', async (t) => {
  const cache = cacheOf(1);
  const first = await cache.acquire('a');
  const giveUp = new AbortController();
  const served: string[] = [];
  const second = cache.acquire('b', { signal: giveUp.signal });
  const others = ['c', 'd'].map(async (who) => {
    const lease = await cache.acquire(who);
    served.push(who);
    lease.release();
  });
  t.equal(cache.metrics.waiting, 3);
  giveUp.abort(new Error('enough'));
  await t.rejects(second, /enough/);
  first.release();
  first.release();
  await Promise.all(others);
  t.strictSame(served, ['c', 'd']);
  cache.audit();
});
