import { readFileSync } from 'node:fs';
import t from 'tap';
import { Scoring } from '../../experiments/gap-closed/cells.ts';
import { compare } from '../../experiments/gpu-trace/compare.ts';
import {
  costModel,
  judge,
  MODEL,
  pairsByShare,
  readPrompts,
  TABLE,
} from '../../experiments/gpu-trace/first-token.ts';
import { embeddedTrace, findPolicy, requestSequence, type ServingTrace } from '../../src/index.ts';
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

t.test('most prompts reuse most of their tokens, and a reused prefix saves most of the time', async (t) => {
  const pairs = pairsByShare(readPrompts(TABLE));
  const last = pairs[pairs.length - 1];
  t.ok(last.from === 0.75 && last.prompts > pairs[0].prompts && last.ratio < 0.15, JSON.stringify(last));
});

t.test('with a constant the fitted cost model is several times as right about cold prompts', async (t) => {
  const [without, fitted] = [false, true].map((hasOverhead) => judge(readPrompts(TABLE), MODEL, hasOverhead));
  t.ok(fitted.coldError < 0.12 && without.coldError > 5 * fitted.coldError);
  t.ok(Math.abs(fitted.told / fitted.measured - 1) < 0.1);
});

t.test('a replayed cache reuses as much as the engine that was recorded, with as many blocks', async (t) => {
  const facts = JSON.parse(readFileSync('traces/smollm2-135m-cpu.json', 'utf8'));
  const { measures } = replay({
    workload: workload(embeddedTrace()),
    cost: costModel(MODEL, judge(readPrompts(TABLE), MODEL, true).fit),
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
  t.ok(Math.abs(shares[0] - shares[1]) < 0.01, `${shares}`);
});
