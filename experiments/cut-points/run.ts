/**
 * What a bit a block, a cut point a request and a bit a request are worth, from one trained model: see README.md.
 *
 *     npx tsx experiments/cut-points/run.ts [folder of traces] [number of seeds]
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Bits, invertBits, readTrace, type ServingTrace, splitRequests } from '../../src/index.ts';
import { ENOUGH, fitCutPoints } from '../../src/predictors/cut-point.ts';
import { Scoring, summary } from '../gap-closed/cells.ts';
import { returnChances, VARIANTS } from './variants.ts';

const FILE = 'mooncake_conversation.jsonl.gz';
const CAPACITIES = [1000, 5000, 10_000];
const CLASSICAL = ['arc', 'lecar', 'lirs', 'lru-k', 's3-fifo', 'slru', 'two-queue', 'w-tinylfu'];
const BLIND = 'discard(lru)';
const ROBUST = 'switch(discard(lru),lru)';
/** The chances to come back that are tried. */
const THRESHOLDS = [0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.6, 0.7, 0.8];

const [folder = '../shared/traces', count = '3'] = process.argv.slice(2);
const seeds = Array.from({ length: Number(count) }, (_, i) => i + 1);
const percent = (x: number) => `${(100 * x).toFixed(1)}%`;

/**
 * For each capacity and way the threshold with the fewest faults within the training part: a model of its first 40% of accesses,
 * scored on the next 20%.
 */
async function chooseThresholds(trace: ServingTrace, seed: number): Promise<Map<string, number>> {
  const scoring = new Scoring(trace, 0.4, splitRequests(trace, 0.6));
  const chancesAt = returnChances(await scoring.train(CAPACITIES, seed), trace);
  const chosen = new Map<string, number>();
  for (const capacity of CAPACITIES) {
    const chances = chancesAt(capacity);
    for (const [name, variant] of Object.entries(VARIANTS)) {
      const faults = (enough: number) =>
        scoring.faultsWithBits(BLIND, capacity, variant(chances, trace.firstBlock, enough));
      const tried = THRESHOLDS.map((enough) => ({ enough, faults: faults(enough) }));
      const best = tried.reduce((one, other) => (other.faults < one.faults ? other : one));
      chosen.set(`${capacity} ${name}`, best.enough);
    }
  }
  return chosen;
}

/** Hit ratios of one way to give bits, in order of the seeds. */
class Column {
  readonly alone: number[] = [];
  readonly inSwitch: number[] = [];
  readonly gap: number[] = [];
  readonly inverted: number[] = [];
  readonly invertedInSwitch: number[] = [];
}

const path = join(folder, FILE);
if (!existsSync(path)) {
  console.log(`skipped: ${path} is missing; give the folder of the traces`);
} else {
  const trace = readTrace(path);
  const scoring = new Scoring(trace);
  const columns = new Map<string, Column>();
  const column = (name: string, capacity: number) => {
    const key = `${capacity} ${name}`;
    const known = columns.get(key) ?? new Column();
    columns.set(key, known);
    return known;
  };
  const measure = (name: string, capacity: number, bits: Bits) => {
    const faults = (policy: string, bits: Bits) => scoring.faultsWithBits(policy, capacity, bits);
    const hit = (policy: string, bits: Bits) => scoring.hitRatio(faults(policy, bits));
    const { alone, gap, inSwitch, inverted, invertedInSwitch } = column(name, capacity);
    alone.push(hit(BLIND, bits));
    gap.push(scoring.gapClosed(faults(BLIND, bits), capacity));
    inSwitch.push(hit(ROBUST, bits));
    inverted.push(hit(BLIND, invertBits(bits)));
    invertedInSwitch.push(hit(ROBUST, invertBits(bits)));
  };
  for (const seed of seeds) {
    const chosen = await chooseThresholds(trace, seed);
    console.log(`seed ${seed}: ${[...chosen].map(([name, enough]) => `${name} ${enough}`).join(', ')}`);
    const model = await scoring.train(CAPACITIES, seed);
    const chancesAt = returnChances(model, trace);
    const late = scoring.bits(model);
    for (const capacity of CAPACITIES) {
      const turning = column('bits that turn later', capacity);
      const faults = scoring.faultsWith(BLIND, capacity, late(capacity));
      turning.alone.push(scoring.hitRatio(faults));
      turning.gap.push(scoring.gapClosed(faults, capacity));
      turning.inSwitch.push(scoring.hitRatio(scoring.faultsWith(ROBUST, capacity, late(capacity))));
      const chances = chancesAt(capacity);
      for (const [name, variant] of Object.entries(VARIANTS)) {
        const given = (enough: number) => variant(chances, trace.firstBlock, enough);
        measure(name, capacity, given(chosen.get(`${capacity} ${name}`) ?? 0));
        measure(`${name}, from ${ENOUGH} on`, capacity, given(ENOUGH));
      }
      const single = VARIANTS['a bit a block'](chances, trace.firstBlock, ENOUGH);
      const moved = fitCutPoints(single, trace.firstBlock).filter((bit, i) => bit !== single[i]).length;
      console.log(
        `seed ${seed}, ${capacity}: ${percent(moved / single.length)} of the bits lie off the cut point`,
      );
    }
  }
  for (const capacity of CAPACITIES) {
    const hit = (policy: string) => percent(scoring.hitRatio(scoring.faults(policy, capacity)));
    const [best] = [...CLASSICAL].sort((a, b) => scoring.faults(a, capacity) - scoring.faults(b, capacity));
    console.log(
      `\n${capacity} blocks: lru ${hit('lru')}, best classical ${best} ${hit(best)}, belady ${hit('belady')}`,
    );
  }
  for (const [key, { alone, gap, inSwitch, inverted, invertedInSwitch }] of columns) {
    const mean = (values: number[]) => percent(summary(values).mean);
    const wrong =
      inverted.length > 0 ? `; inverted ${mean(inverted)}, in the switch ${mean(invertedInSwitch)}` : '';
    console.log(
      `${key}: ${mean(alone)}, ${mean(gap)} of the gap ± ${percent(summary(gap).halfWidth)}, in the switch ${mean(inSwitch)}${wrong}`,
    );
  }
}
