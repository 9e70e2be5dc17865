/** The predictor of the session cache, held to what is learned from: the bits of whole traces. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import { blockFeatures, FEATURE_NAMES } from '../../../src/features/block-features.ts';
import { NO_PAGE } from '../../../src/paging/policy.ts';
import { ConversationPredictor } from '../../../src/plugin/node-llama-cpp/conversation-predictor.ts';
import { conversationTrace } from '../../../src/plugin/node-llama-cpp/index.ts';
import { encodedWidth } from '../../../src/predictors/encoding.ts';
import { learnedDiscards } from '../../../src/predictors/learned-discards.ts';
import { MODEL_SCHEMA, type Model } from '../../../src/predictors/model.ts';
import { SeededRandom } from '../../../src/support/random.ts';
import { findParents } from '../../../src/traces/find-parents.ts';
import { accessTimes, type ServingTrace } from '../../../src/traces/serving-trace.ts';
import { generateSessions } from '../../../src/traces/session-generator.ts';
import { DEFAULT_SESSIONS } from '../../../src/traces/session-parameters.ts';
import { hold } from '../../arbitraries.ts';

const CONVERSATIONS = 6;

/** Requests one after the other, also with prompts that shrink, as when a chat is begun anew. */
const traces = fc
  .array(
    fc.record({
      page: fc.nat({ max: CONVERSATIONS - 1 }),
      gap: fc.nat({ max: 40 }),
      input: fc.nat({ max: 3 }),
      output: fc.nat({ max: 9 }),
    }),
    { minLength: 1, maxLength: 50, size: 'max' },
  )
  .map((list): ServingTrace => {
    let now = 0;
    const blocks = { pages: Uint32Array.from(list, ({ page }) => page), pageCount: CONVERSATIONS };
    const firstBlock = Uint32Array.from({ length: list.length + 1 }, (_, r) => r);
    // All different, so that no two conversations are worth the same.
    const inputTokens = Uint32Array.from(list, ({ input }, r) => 100 * input + r);
    return {
      name: 'chats',
      blocks,
      firstBlock,
      time: Float64Array.from(list, ({ gap }) => (now += gap)),
      inputTokens,
      outputTokens: Uint32Array.from(list, ({ output }) => output),
      parent: findParents(blocks, firstBlock, inputTokens),
    };
  });

function modelOf(seed: number): Model {
  const random = new SeededRandom(seed);
  const features = FEATURE_NAMES.map((name) => ({ name, thresholds: [1, 100], mean: 1, deviation: 2 }));
  const inputs = encodedWidth(features);
  const ages = [0, 10, 30, 90];
  const numbers = (length: number) => Float32Array.from({ length }, () => random.normal() / 40);
  return {
    header: {
      schema: MODEL_SCHEMA,
      ages,
      judged: [],
      features,
      layers: [3],
      trainedOn: { trace: 'none', checksum: '', requests: 0 },
      seed,
      backend: 'none',
    },
    layers: [{ kernel: numbers(3 * inputs), bias: numbers(3) }],
  };
}

t.test('the bits turn when those of a whole trace turn', async () => {
  const property = fc.property(
    traces,
    fc.integer({ min: 1, max: CONVERSATIONS - 1 }),
    fc.nat({ max: 20 }),
    (trace, capacity, seed) => {
      const model = modelOf(seed);
      const late = learnedDiscards(model, blockFeatures(trace), trace.blocks, accessTimes(trace))(capacity);
      const predictor = new ConversationPredictor(model, capacity);
      trace.blocks.pages.forEach((page, r) => {
        const { arrival, discard } = predictor.arrive(`${page}`, trace.time[r]);
        predictor.finish(`${page}`, arrival, trace.inputTokens[r], trace.outputTokens[r]);
        assert.equal(discard, late[r] === NO_PAGE ? undefined : `${late[r]}`, `request ${r}`);
      });
    },
  );
  hold(property, 300);
});

t.test('a conversation is a page: its requests are those that continue each other', async (t) => {
  const trace = generateSessions({ ...DEFAULT_SESSIONS, requests: 300 }, 1);
  const chats = conversationTrace(trace);
  t.equal(chats.time.length, trace.time.length);
  const wrong = [...trace.parent].filter(
    (parent, r) => parent >= 0 && chats.blocks.pages[parent] !== chats.blocks.pages[r],
  );
  t.strictSame(wrong, []);
  t.equal(chats.blocks.pageCount, [...trace.parent].filter((parent) => parent < 0).length);
});
