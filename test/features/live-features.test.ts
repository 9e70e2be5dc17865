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
    const { request, values } = features.arrive(hashes, seconds, inputTokens[r]);
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
    const features = new LiveFeatures(2, 10);
    features.arrive(Float64Array.of(1, 2), 0, 9);
    features.arrive(Float64Array.of(3, 4), 1, 9);
    const { values } = features.arrive(Float64Array.of(1, 2), 2, 9);
    const [fresh] = [new LiveFeatures(2, 10).arrive(Float64Array.of(1, 2), 2, 9).values];
    t.strictSame([...values.subarray(0, 10)], [...fresh.subarray(0, 10)]);
  },
);
