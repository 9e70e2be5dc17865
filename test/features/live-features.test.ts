import fc from 'fast-check';
import t from 'tap';
import { blockFeatures } from '../../src/features/block-features.ts';
import { LiveFeatures } from '../../src/features/live-features.ts';
import { requestSequence } from '../../src/paging/request-sequence.ts';
import { findParents } from '../../src/traces/find-parents.ts';
import type { ServingTrace } from '../../src/traces/serving-trace.ts';
import { generateSessions } from '../../src/traces/session-generator.ts';
import { DEFAULT_SESSIONS } from '../../src/traces/session-parameters.ts';
import { hold } from '../arbitraries.ts';

/** Requests with chained blocks: a block's hash tells its whole prefix, as digits of a number. */
const requests = fc.array(
  fc.record({
    digits: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 6 }),
    gap: fc.nat(50),
    input: fc.nat(3000),
    output: fc.nat(300),
  }),
  { minLength: 1, maxLength: 60, size: 'max' },
);

function traceOf(list: readonly { digits: number[]; gap: number; input: number; output: number }[]) {
  const paths = list.map(({ digits }) => digits.map((_, i) => Number(digits.slice(0, i + 1).join(''))));
  const firstBlock = new Uint32Array(list.length + 1);
  paths.forEach((path, r) => {
    firstBlock[r + 1] = firstBlock[r] + path.length;
  });
  const blocks = requestSequence(paths.flat());
  const inputTokens = Uint32Array.from(list, ({ input }) => input);
  let now = 0;
  return {
    name: 'chained',
    blocks,
    firstBlock,
    time: Float64Array.from(list, ({ gap }) => (now += gap)),
    inputTokens,
    outputTokens: Uint32Array.from(list, ({ output }) => output),
    parent: findParents(blocks, firstBlock, inputTokens),
  };
}

/** The features of every request in turn, each answered before the next one comes. */
function live(trace: ServingTrace, features: LiveFeatures): Float32Array {
  const { blocks, firstBlock, time, inputTokens, outputTokens } = trace;
  const rows = Array.from(time, (seconds, r) => {
    const hashes = Float64Array.from(blocks.pages.subarray(firstBlock[r], firstBlock[r + 1]));
    const { request, values } = features.describe(features.arrive(seconds), hashes, inputTokens[r]);
    features.finish(request, inputTokens[r], outputTokens[r]);
    return [...values];
  });
  return Float32Array.from(rows.flat());
}

const same = (one: Float32Array, two: Float32Array) =>
  one.length === two.length && one.every((value, i) => Object.is(value, two[i]));

t.test('as long as nothing is forgotten, live features are the features of the trace', async (t) => {
  hold(
    fc.property(requests, (list) => {
      const trace = traceOf(list);
      return same(live(trace, new LiveFeatures(400, list.length)), blockFeatures(trace).values);
    }),
    300,
  );
  const sessions = generateSessions({ ...DEFAULT_SESSIONS, requests: 1500 }, 3);
  const features = new LiveFeatures(sessions.blocks.pageCount, 1500);
  t.ok(same(live(sessions, features), blockFeatures(sessions).values), 'and of generated sessions');
});

t.test('requests forgotten after a window that all parents fall into change nothing', async (t) => {
  hold(
    fc.property(requests, (list) => {
      const trace = traceOf(list);
      const farthest = Math.max(...trace.parent.map((before, r) => (before < 0 ? 0 : r - before)));
      // The last minute must fall into the window, too.
      const window = Math.max(
        farthest + 1,
        ...Array.from(trace.time, (now, r) => r + 1 - trace.time.findIndex((x) => x >= now - 60)),
      );
      return same(live(trace, new LiveFeatures(400, window)), blockFeatures(trace).values);
    }),
    300,
  );
  t.pass('300 traces');
});

t.test(
  'with room for few blocks and requests, features stay finite, and a forgotten block is as new',
  async (t) => {
    hold(
      fc.property(requests, (list) => {
        const features = new LiveFeatures(8, 3);
        return live(traceOf(list), features).every(Number.isFinite) && features.blocks <= 8;
      }),
      300,
    );
    const at = (features: LiveFeatures, seconds: number, ...hashes: number[]) =>
      features.describe(features.arrive(seconds), Float64Array.from(hashes), 9).values;
    const features = new LiveFeatures(2, 10);
    at(features, 0, 1, 2);
    at(features, 1, 3, 4);
    const values = at(features, 2, 1, 2);
    const fresh = at(new LiveFeatures(2, 10), 2, 1, 2);
    t.strictSame([...values.subarray(0, 10)], [...fresh.subarray(0, 10)]);
  },
);

t.test('requests of other blocks that are described later change nothing', async (t) => {
  hold(
    fc.property(requests, fc.integer({ min: 1, max: 4 }), (list, together) => {
      // Conversations, one block each; those that run at the same time end in the opposite order.
      const trace = traceOf(list.map((one, r) => ({ ...one, digits: [1 + (r % 5)] })));
      const { blocks, time, inputTokens, outputTokens } = trace;
      const features = new LiveFeatures(400, list.length);
      const rows: number[][] = [];
      for (let first = 0; first < list.length; first += together) {
        const running = Array.from(time.subarray(first, first + together), (now, i) => ({
          r: first + i,
          arrival: features.arrive(now),
        }));
        for (const { r, arrival } of running.reverse()) {
          const hashes = Float64Array.of(blocks.pages[r]);
          const { request, values } = features.describe(arrival, hashes, inputTokens[r]);
          features.finish(request, inputTokens[r], outputTokens[r]);
          rows[r] = [...values];
        }
      }
      return same(Float32Array.from(rows.flat()), blockFeatures(trace).values);
    }),
    300,
  );
  t.pass('300 traces');
});
