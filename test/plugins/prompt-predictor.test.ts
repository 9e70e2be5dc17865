/** What the gateway says, prompt by prompt, is what training judges, trace by trace. */
import t from 'tap';
import { chancesOf } from '../../experiments/cut-points/variants.ts';
import { ENGINES } from '../../src/plugin/gateway/engine-field.ts';
import { PromptPredictor } from '../../src/plugin/gateway/prompt-predictor.ts';
import { cutPointBits, oneBits } from '../../src/predictors/request-bits.ts';
import type { ServingTrace } from '../../src/traces/serving-trace.ts';
import { generateSessions } from '../../src/traces/session-generator.ts';
import { DEFAULT_SESSIONS } from '../../src/traces/session-parameters.ts';
import { atRandom } from './made-up-model.ts';

const CAPACITY = 300;
/** Tokens of a block, each of four bytes. */
const BLOCK = 16;

const generated = generateSessions({ ...DEFAULT_SESSIONS, requests: 400 }, 3);
/** Lengths that the blocks make up, so that prompts can be written that have both. */
const trace: ServingTrace = {
  ...generated,
  inputTokens: generated.inputTokens.map(
    (_, r) => BLOCK * (generated.firstBlock[r + 1] - generated.firstBlock[r]),
  ),
};

function predictor(engine: (typeof ENGINES)[number]): PromptPredictor {
  return new PromptPredictor({
    engine,
    model: undefined,
    capacity: CAPACITY,
    blockBytes: 4 * BLOCK,
    key: Buffer.alloc(32, 1),
    rememberedBlocks: 1 << 15,
    rememberedRequests: 1 << 10,
  });
}

/** A prompt in tokens, in which each block of the trace has its own. */
function promptOf(r: number): Buffer {
  const path = trace.blocks.pages.subarray(trace.firstBlock[r], trace.firstBlock[r + 1]);
  return Buffer.from(JSON.stringify({ prompt: [...path].flatMap((block) => Array(BLOCK).fill(block)) }));
}

t.test(
  'cut points and bits are those of the whole trace, with the threshold of the nearest size',
  async (t) => {
    const judged = [
      { capacity: 10, pays: true, cutPoints: 0.9, oneBit: 0.9 },
      { capacity: 280, pays: false, cutPoints: 0.3, oneBit: 0.4 },
      { capacity: 5000, pays: true, cutPoints: 0.9, oneBit: 0.9 },
    ];
    const model = atRandom(3, judged);
    const chances = chancesOf(model, trace)(CAPACITY);
    const cuts = cutPointBits(chances, trace.firstBlock, 0.3);
    const whole = oneBits(chances, trace.firstBlock, 0.4);
    const [vllm, sglang] = [predictor('vllm'), predictor('sglang')];
    t.strictSame(vllm.use(model), { says: 'cut points', threshold: 0.3 });
    t.strictSame(sglang.use(model), { says: 'one bit', threshold: 0.4 });
    const kinds = new Set<string>();
    for (let r = 0; r < trace.time.length; r++) {
      const question = { id: r, seconds: trace.time[r], bytesPerToken: 4, body: promptOf(r) };
      const [from, end] = [trace.firstBlock[r], trace.firstBlock[r + 1]];
      const answers = [vllm, sglang].map((one) => one.ask(question));
      const kept = cuts.subarray(from, end).filter((bit) => bit === 0).length;
      t.match(
        answers[0].decision,
        { keepBlocks: kept, blocks: end - from, keepTokens: kept * BLOCK },
        `${r}`,
      );
      t.equal(answers[1].insertion !== undefined, whole[from] === 1, `prompt ${r} is discarded or kept`);
      kinds
        .add(kept === 0 ? 'discard' : kept < end - from ? 'cut' : 'keep')
        .add(answers[1].untouched ?? 'bit');
      for (const one of [vllm, sglang])
        one.finish({ id: r, inputTokens: trace.inputTokens[r], outputTokens: trace.outputTokens[r] });
    }
    t.strictSame(
      [...kinds].sort(),
      ['bit', 'cut', 'discard', 'keep', 'nothing to say'],
      'all of them occurred',
    );
  },
);

t.test('where the kind of bits that an engine takes did not pay, nothing is said', async (t) => {
  for (const [cutPoints, oneBit] of [
    [null, 0.3],
    [0.3, null],
  ]) {
    const model = atRandom(1, [{ capacity: CAPACITY, pays: true, cutPoints, oneBit }]);
    for (const engine of ENGINES) {
      const one = predictor(engine);
      const threshold = engine === 'vllm' ? cutPoints : oneBit;
      t.equal(one.use(model).threshold, threshold);
      const answer = one.ask({ id: 0, seconds: 0, bytesPerToken: 4, body: promptOf(0) });
      t.equal(answer.decision === undefined, threshold === null, engine);
      if (threshold === null && engine !== 'llama.cpp') t.equal(answer.untouched, 'not paying', engine);
    }
  }
});
