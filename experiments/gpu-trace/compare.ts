/**
 * Policies on a recorded prefix trace, beside one bit: trained on the first 60% of the block accesses, perfect, and inverted. All are
 * scored on the rest. Prints the tables of README.md.
 *
 *     npx tsx experiments/gpu-trace/compare.ts [name of a shipped recording]
 *     npx tsx experiments/gpu-trace/compare.ts TRACE CAPACITIES,WITH,COMMAS [number of seeds]
 *
 * Without a name, both shipped ones. The exit code is 1 if a cell of a shipped one differs from expected.json.
 */
import { catalog, discardLabels, findPolicy, invertBits, readTrace, simulate } from '../../src/index.ts';
import { Scoring, summary } from '../gap-closed/cells.ts';
import { type HitRatios, RECORDINGS, SEEDS, tracePath } from './recordings.ts';

const ONE_BIT = 'discard(lru)';
const BEST = 'best classical: ';
const ROBUST = 'switch(discard(lru),lru)';
/** Another backend of TensorFlow.js sums in another order. */
const TOLERANCE = 0.01;

/** One policy at one capacity. */
export interface Row {
  readonly name: string;
  readonly hitRatio: number;
  readonly gapClosed: number;
  /** Half of the 95% interval of the gap closed, where several seeds were trained. */
  readonly halfWidth?: number;
}

/** The rows of each capacity, in the order of the table. */
export async function compare(scoring: Scoring, capacities: readonly number[], seeds: number) {
  const models: ((capacity: number) => Uint32Array)[] = [];
  for (let seed = 1; seed <= seeds; seed++) models.push(scoring.bits(await scoring.train(capacities, seed)));
  return capacities.map((capacity) => ({
    capacity,
    rows: rowsAt(
      scoring,
      capacity,
      models.map((bits) => bits(capacity)),
    ),
  }));
}

/** @param learned the bits of each seed's model at this capacity */
function rowsAt(scoring: Scoring, capacity: number, learned: readonly Uint32Array[]): Row[] {
  const { trace } = scoring;
  const sequence = trace.blocks;
  const row = (name: string, faults: number): Row => ({
    name,
    hitRatio: scoring.hitRatio(faults),
    gapClosed: scoring.gapClosed(faults, capacity),
  });
  const trained = (policy: string): Row => {
    const faults = learned.map((late) => scoring.faultsWith(policy, capacity, late));
    const closed = summary(faults.map((count) => scoring.gapClosed(count, capacity)));
    return { ...row(`${policy}, trained`, summary(faults).mean), halfWidth: closed.halfWidth };
  };
  const perfect = discardLabels(sequence, capacity);
  const from = trace.firstBlock[scoring.trainingRequests];
  const given = (policy: string, predictions: Uint8Array) =>
    simulate({ sequence, policy: findPolicy(policy), capacity, seed: 1, from, predictions });
  const best = bestClassical(scoring, capacity);
  return [
    row('LRU', scoring.faults('lru', capacity)),
    row(`${BEST}${best}`, scoring.faults(best, capacity)),
    trained(ONE_BIT),
    trained(ROBUST),
    row(`${ONE_BIT}, perfect`, given(ONE_BIT, perfect)),
    row(`${ONE_BIT}, inverted`, given(ONE_BIT, invertBits(perfect))),
    row(`${ROBUST}, inverted`, given(ROBUST, invertBits(perfect))),
    row('Belady', scoring.faults('belady', capacity)),
  ];
}

/** The policy without predictions that has the fewest faults, in hindsight. */
function bestClassical(scoring: Scoring, capacity: number): string {
  const classical = catalog()
    .filter(({ needs, offline, eager, name }) => needs === 'nothing' && !offline && !eager && name !== 'lru')
    .map(({ name }) => name);
  return classical.sort((a, b) => scoring.faults(a, capacity) - scoring.faults(b, capacity))[0];
}

const HEAD = `| blocks | LRU | best classical | \`${ONE_BIT}\`, trained | in \`switch\`, trained | perfect | inverted | in \`switch\`, inverted | Belady |
|---|---|---|---|---|---|---|---|---|`;

function tableRow(capacity: number, rows: readonly Row[]): string {
  return `| ${[capacity.toLocaleString('en'), ...rows.map(cell)].join(' | ')} |`;
}

/** LRU and Belady close 0 and 100% by definition; so do perfect bits where they are as good. */
function cell({ name, hitRatio, gapClosed, halfWidth }: Row): string {
  const ratio = hitRatio.toFixed(4).replace(/^0/, '');
  const best = name.startsWith(BEST) ? ` ${name.slice(BEST.length)}` : '';
  if (gapClosed === 0 || gapClosed === 1) return `${ratio}${best}`;
  const interval = halfWidth === undefined ? '' : ` ± ${(100 * halfWidth).toFixed(1)}`;
  return `${ratio}${best} (${(100 * gapClosed).toFixed(1).replace('-', '−')}${interval}%)`;
}

/** Prints a table. @returns the rows that differ from what is expected */
async function print(path: string, capacities: readonly number[], seeds: number, expected: HitRatios = {}) {
  const scoring = new Scoring(readTrace(path));
  const { trace, trainingRequests } = scoring;
  const scored = `${trace.time.length - trainingRequests} of ${trace.time.length} requests scored`;
  console.log(`\n${trace.name}: ${scored}, hit ratio (gap closed)\n\n${HEAD}`);
  const differing = [];
  for (const { capacity, rows } of await compare(scoring, capacities, seeds)) {
    console.log(tableRow(capacity, rows));
    for (const { name, hitRatio } of rows) {
      const known = expected[capacity]?.[name];
      if (!(Math.abs((known ?? Number.NaN) - hitRatio) <= TOLERANCE))
        differing.push(`${capacity} blocks, ${name}: ${hitRatio.toFixed(4)}, expected ${known}`);
    }
  }
  return differing;
}

if (import.meta.filename === process.argv[1]) {
  const [given, capacities, seeds] = process.argv.slice(2);
  if (capacities !== undefined) await print(given, capacities.split(',').map(Number), Number(seeds ?? SEEDS));
  else
    for (const { name, capacities, hitRatio } of RECORDINGS) {
      if (given !== undefined && given !== name) continue;
      const differing = await print(tracePath(name), capacities, SEEDS, hitRatio);
      for (const line of differing) console.log(line);
      if (differing.length > 0) process.exitCode = 1;
    }
}
