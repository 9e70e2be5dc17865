import fc from 'fast-check';
import t from 'tap';
import { blockFeatures, FEATURE_NAMES } from '../../src/features/block-features.ts';
import type { ServingTrace } from '../../src/traces/serving-trace.ts';
import { generateSessions } from '../../src/traces/session-generator.ts';
import { DEFAULT_SESSIONS } from '../../src/traces/session-parameters.ts';

/** A request as a test writes it down: its path, its arrival after the one before, its lengths. */
interface Request {
  readonly path: readonly number[];
  readonly gap: number;
  readonly input: number;
  readonly output: number;
}

const PAGES = 12;

const requests = fc.array(
  fc.record({
    path: fc.uniqueArray(fc.nat(PAGES - 1), { minLength: 1, maxLength: 5 }),
    gap: fc.nat(100),
    input: fc.nat(5000),
    output: fc.nat(500),
  }),
  { minLength: 1, maxLength: 40, size: 'max' },
);

/** Parents are drawn by content alone (the latest earlier request with the same first block), so they are causal too. */
function traceOf(list: readonly Request[]): ServingTrace {
  const firstBlock = new Uint32Array(list.length + 1);
  list.forEach(({ path }, r) => {
    firstBlock[r + 1] = firstBlock[r] + path.length;
  });
  let now = 0;
  return {
    name: 'written down',
    blocks: { pages: Uint32Array.from(list.flatMap(({ path }) => path)), pageCount: PAGES },
    firstBlock,
    time: Float64Array.from(list, ({ gap }) => (now += gap)),
    inputTokens: Uint32Array.from(list, ({ input }) => input),
    outputTokens: Uint32Array.from(list, ({ output }) => output),
    parent: Int32Array.from(list, ({ path }, r) =>
      list.slice(0, r).findLastIndex((q) => q.path[0] === path[0]),
    ),
  };
}

t.test('features do not change when the future does', async (t) => {
  fc.assert(
    fc.property(requests, requests, requests, (past, future, other) => {
      const rows = traceOf(past).blocks.pages.length * FEATURE_NAMES.length;
      const one = blockFeatures(traceOf([...past, ...future])).values.subarray(0, rows);
      const two = blockFeatures(traceOf([...past, ...other])).values.subarray(0, rows);
      return one.every((value, i) => Object.is(value, two[i]));
    }),
    { numRuns: 1000 },
  );
  t.pass('1,000 traces');
});

t.test('features do not depend on the length of the answer still to be written', async (t) => {
  fc.assert(
    fc.property(requests, fc.nat(9999), (list, output) => {
      const last = list.length - 1;
      const one = blockFeatures(traceOf(list)).values;
      const two = blockFeatures(traceOf(list.with(last, { ...list[last], output }))).values;
      return one.every((value, i) => Object.is(value, two[i]));
    }),
    { numRuns: 1000 },
  );
  t.pass('1,000 traces');
});

t.test('features of the first requests are a prefix of the features of all', async (t) => {
  const trace = generateSessions({ ...DEFAULT_SESSIONS, requests: 300 }, 5);
  const all = blockFeatures(trace).values;
  const some = blockFeatures(trace, 200);
  t.equal(some.rows, trace.firstBlock[200]);
  t.ok(some.values.every((value, i) => Object.is(value, all[i])));
});

t.test('the features of a small trace, worked out by hand', async (t) => {
  const trace = traceOf([
    { path: [0, 1, 2], gap: 0, input: 1500, output: 100 },
    { path: [0, 3], gap: 10, input: 900, output: 50 },
    { path: [0, 1, 4], gap: 20, input: 1900, output: 10 },
  ]);
  const { values } = blockFeatures(trace);
  const at = (access: number, name: (typeof FEATURE_NAMES)[number]) =>
    values[access * FEATURE_NAMES.length + FEATURE_NAMES.indexOf(name)];
  // The last request's blocks are accesses 5, 6 and 7; its parent is the second request.
  t.equal(at(6, 'position'), 1);
  t.equal(at(6, 'blocks after'), 1);
  t.equal(at(6, 'matched blocks'), 2);
  t.equal(at(6, 'blocks past match'), -1);
  t.equal(at(6, 'past accesses'), 1);
  t.equal(at(6, 'seconds since access'), 30);
  t.equal(at(7, 'seconds since access'), -1);
  t.equal(at(7, 'is last block'), 1);
  t.equal(at(5, 'children'), 2);
  t.equal(at(5, 'turn'), 2);
  t.equal(at(5, 'seconds since parent'), 20);
  t.equal(at(5, 'mean seconds between turns'), 15);
  t.equal(at(5, 'growth since parent'), 1000);
  t.equal(at(5, 'message tokens'), 950);
  t.equal(at(5, 'family requests'), 1);
  t.equal(at(5, 'family continued share'), 1);
  t.equal(at(5, 'requests in last minute'), 2);
});
