/**
 * What a bit a block, a cut point a request and a bit a request are worth, from one trained model: see README.md.
 *
 *     npx tsx experiments/cut-points/run.ts [folder of traces] [number of seeds]
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Bits, invertBits, readTrace, type ServingTrace } from '../../src/index.ts';
import { fitCutPoints } from '../../src/predictors/cut-point.ts';
import { judgementAt } from '../../src/predictors/judgement.ts';
import { Scoring, summary } from '../gap-closed/cells.ts';
import { chancesOf, VARIANTS } from './variants.ts';

const FILES = ['mooncake_conversation.jsonl.gz', 'mooncake_synthetic.jsonl.gz'];
const CAPACITIES = [1000, 5000, 10_000];
const CLASSICAL = ['arc', 'lecar', 'lirs', 'lru-k', 's3-fifo', 'slru', 'two-queue', 'w-tinylfu'];
const BLIND = 'discard(lru)';
const ROBUST = 'switch(discard(lru),lru)';
/** One threshold for all sizes, as it was before models carried their own. */
const FIXED = 0.3;

const [folder = '../shared/traces', count = '3'] = process.argv.slice(2);
const seeds = Array.from({ length: Number(count) }, (_, i) => i + 1);
const percent = (x: number) => `${(100 * x).toFixed(1)}%`;

/** What came of one way to give bits, in order of the seeds. */
class Column {
  readonly alone: number[] = [];
  readonly inSwitch: number[] = [];
  readonly gap: number[] = [];
  readonly inverted: number[] = [];
  readonly invertedInSwitch: number[] = [];
  /** Faults as a multiple of LRU's, the most of any seed, alone and in the switch. */
  worst = 0;
  worstInSwitch = 0;

  /** @param wrong faults with inverted bits, alone and in the switch; absent for bits that turn later */
  add(scoring: Scoring, capacity: number, alone: number, inSwitch: number, wrong?: [number, number]): void {
    const lru = scoring.faults('lru', capacity);
    this.alone.push(scoring.hitRatio(alone));
    this.inSwitch.push(scoring.hitRatio(inSwitch));
    this.gap.push(scoring.gapClosed(alone, capacity));
    this.worst = Math.max(this.worst, alone / lru);
    this.worstInSwitch = Math.max(this.worstInSwitch, inSwitch / lru);
    if (wrong === undefined) return;
    this.inverted.push(scoring.hitRatio(wrong[0]));
    this.invertedInSwitch.push(scoring.hitRatio(wrong[1]));
  }

  toString(): string {
    const mean = (values: number[]) => percent(summary(values).mean);
    const wrong =
      this.inverted.length > 0
        ? `; inverted ${mean(this.inverted)}, in the switch ${mean(this.invertedInSwitch)}`
        : '';
    return (
      `${mean(this.alone)}, ${mean(this.gap)} of the gap ± ${percent(summary(this.gap).halfWidth)}, ` +
      `in the switch ${mean(this.inSwitch)}; at most ${this.worst.toFixed(3)} of LRU's faults, ` +
      `in the switch ${this.worstInSwitch.toFixed(3)}${wrong}`
    );
  }
}

async function measure(trace: ServingTrace): Promise<void> {
  const scoring = new Scoring(trace);
  const columns = new Map<string, Column>();
  const column = (capacity: number, name: string) => {
    const key = `${capacity} ${name}`;
    const known = columns.get(key) ?? new Column();
    columns.set(key, known);
    return known;
  };
  const add = (capacity: number, name: string, bits: Bits) => {
    const faults = (policy: string, bits: Bits) => scoring.faultsWithBits(policy, capacity, bits);
    const wrong = invertBits(bits);
    const inverted: [number, number] = [faults(BLIND, wrong), faults(ROBUST, wrong)];
    column(capacity, name).add(scoring, capacity, faults(BLIND, bits), faults(ROBUST, bits), inverted);
  };
  for (const seed of seeds) {
    const model = await scoring.train(CAPACITIES, seed);
    console.log(`seed ${seed}: judged ${JSON.stringify(model.header.judged)}`);
    const chancesAt = chancesOf(model, trace);
    const late = scoring.bits(model);
    for (const capacity of CAPACITIES) {
      const faults = (policy: string) => scoring.faultsWith(policy, capacity, late(capacity));
      column(capacity, 'bits that turn later').add(scoring, capacity, faults(BLIND), faults(ROBUST));
      const judged = judgementAt(model, capacity);
      const chances = chancesAt(capacity);
      const given = (name: string, enough: number | null) =>
        enough === null ? new Uint8Array(chances.length) : VARIANTS[name](chances, trace.firstBlock, enough);
      for (const name of Object.keys(VARIANTS)) {
        const enough = name === 'one bit a request' ? judged.oneBit : judged.cutPoints;
        add(capacity, name, given(name, enough));
      }
      for (const name of ['a cut point a request', 'one bit a request'])
        add(capacity, `${name}, from ${FIXED} on`, given(name, FIXED));
      const single = given('a bit a block', judged.cutPoints);
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
  for (const [key, column] of columns) console.log(`${key}: ${column}`);
}

for (const file of FILES) {
  const path = join(folder, file);
  if (existsSync(path)) {
    console.log(`\n${file}`);
    await measure(readTrace(path));
  } else {
    console.log(`skipped: ${path} is missing; give the folder of the traces`);
  }
}
