import { readFileSync } from 'node:fs';
import t from 'tap';
import { Scoring } from '../../experiments/gap-closed/cells.ts';
import { compare } from '../../experiments/gpu-trace/compare.ts';
import {
  costModel,
  FITS,
  judge,
  pairsByShare,
  readPrompts,
} from '../../experiments/gpu-trace/first-token.ts';
import { MODEL, RECORDINGS, tablePath, tracePath } from '../../experiments/gpu-trace/recordings.ts';
import {
  discardLabels,
  embeddedTrace,
  findPolicy,
  invertBits,
  readTrace,
  requestSequence,
  type ServingTrace,
} from '../../src/index.ts';
import { findGeometry } from '../../src/kvcache/geometry.ts';
import { fitPromptTimes, readPromptTimes } from '../../src/kvcache/prompt-times.ts';
import { replay } from '../../src/simulator/replay/replay.ts';
import { workload } from '../../src/simulator/replay/workload.ts';

const { reduced } = JSON.parse(readFileSync('experiments/gpu-trace/expected.json', 'utf8'));

/** The first requests of a trace. */
function head({ name, blocks, firstBlock, parent, ...columns }: ServingTrace, count: number): ServingTrace {
  return {
    name,
    blocks: requestSequence([...blocks.pages.subarray(0, firstBlock[count])]),
    firstBlock: firstBlock.slice(0, count + 1),
    parent: parent.slice(0, count),
    time: columns.time.slice(0, count),
    inputTokens: columns.inputTokens.slice(0, count),
    outputTokens: columns.outputTokens.slice(0, count),
  };
}

t.test('at reduced size the rows stand where they were recorded, and one bit before the rest', async (t) => {
  const scoring = new Scoring(head(embeddedTrace(), reduced.requests));
  const [{ rows }] = await compare(scoring, [reduced.capacity], 1);
  const find = (name: string) => rows.find((row) => row.name.startsWith(name));
  const closed = (name: string) => find(name)?.gapClosed ?? Number.NaN;
  t.equal(closed('LRU'), 0);
  t.equal(closed('Belady'), 1);
  t.equal(closed('discard(lru), perfect'), 1);
  t.ok(closed('discard(lru), inverted') < 0);
  t.ok(closed('switch(discard(lru),lru), inverted') > -0.05);
  const trained = closed('discard(lru), trained');
  t.ok(Math.abs(trained - reduced.gapClosed) <= reduced.tolerance, `${trained}`);
  t.ok(trained > closed('best classical'), `${find('best classical')?.name}`);
});

const [ON_GPU, ON_CPU] = ['smollm2-135m-gpu', 'smollm2-135m-cpu'];

t.test(
  'on the GPU’s accesses the rows that nothing is trained for stand where they were recorded',
  async (t) => {
    const { capacities, hitRatio } = RECORDINGS[0];
    const scoring = new Scoring(readTrace(tracePath(ON_GPU)));
    for (const capacity of [capacities[0], capacities[capacities.length - 1]]) {
      const perfect = discardLabels(scoring.trace.blocks, capacity);
      const bits = (predictions: Uint8Array) => scoring.faultsWithBits('discard(lru)', capacity, predictions);
      const faults = {
        LRU: scoring.faults('lru', capacity),
        'discard(lru), perfect': bits(perfect),
        'discard(lru), inverted': bits(invertBits(perfect)),
        Belady: scoring.faults('belady', capacity),
      };
      for (const [name, count] of Object.entries(faults))
        t.equal(
          scoring.hitRatio(count).toFixed(4),
          hitRatio[capacity][name].toFixed(4),
          `${name} at ${capacity}`,
        );
    }
  },
);

t.test('most prompts reuse most of their tokens, and a reused prefix saves most of the time', async (t) => {
  const most = { [ON_GPU]: 0.35, [ON_CPU]: 0.15 };
  for (const [name, ratio] of Object.entries(most)) {
    const pairs = pairsByShare(readPrompts(tablePath(name)));
    const last = pairs[pairs.length - 1];
    t.ok(last.from === 0.75 && last.prompts > pairs[0].prompts, `${name}: ${JSON.stringify(last)}`);
    t.ok(last.ratio < ratio, `${name}: ${last.ratio}`);
  }
});

t.test(
  'on the CPU the cost model with a constant is several times as right about cold prompts',
  async (t) => {
    const prompts = readPrompts(tablePath(ON_CPU));
    const without = judge(prompts, MODEL, FITS.speedAlone);
    const fitted = judge(prompts, MODEL, FITS.speedAndConstant);
    t.ok(fitted.coldError < 0.12 && without.coldError > 5 * fitted.coldError);
    t.ok(Math.abs(fitted.told / fitted.measured - 1) < 0.1);
  },
);

t.test('on the GPU pieces tell cold prompts better than tokens', async (t) => {
  const prompts = readPrompts(tablePath(ON_GPU));
  const tokens = judge(prompts, MODEL, FITS.speedAndConstant);
  const pieces = judge(prompts, MODEL, FITS.constantPerPiece);
  t.ok(pieces.coldError < 0.22 && tokens.coldError > 2 * pieces.coldError);
  t.ok(Math.abs(pieces.told / pieces.measured - 1) < 0.1);
});

for (const { name } of RECORDINGS) {
  t.test(`${name}: a replayed cache reuses as much as the engine, with as many blocks`, async (t) => {
    const facts = JSON.parse(readFileSync(`traces/${name}.json`, 'utf8'));
    const { measures } = replay({
      workload: workload(readTrace(tracePath(name))),
      cost: costModel(MODEL, fitPromptTimes(findGeometry(MODEL), readPromptTimes(tablePath(name)))),
      policy: findPolicy('lru'),
      capacity: facts.poolBlocks,
      tiers: [],
      workers: 1,
      router: 'sticky',
      swap: false,
      writeThrough: false,
      closedLoop: false,
      seed: 1,
      measuredFrom: 0,
    });
    t.equal(measures.promptTokens, facts.promptTokens);
    const shares = [measures.hitTokens, facts.reusedTokens].map((tokens) => tokens / facts.promptTokens);
    t.comment(`replayed ${shares[0]}, engine ${shares[1]}`);
    t.ok(Math.abs(shares[0] - shares[1]) < 0.01, `${shares}`);
  });
}
