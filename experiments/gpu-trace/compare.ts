/**
 * Policies on a recorded prefix trace, beside one bit: trained on the first 60% of the block accesses, perfect, and inverted. All are
 * scored on the rest. See README.md.
 *
 *     npx tsx experiments/gpu-trace/compare.ts [trace] [capacities, with commas] [number of seeds]
 *
 * Without a trace, the shipped one, and the exit code is 1 if a cell differs from expected.json.
 */
import { readFileSync } from 'node:fs';
import { catalog, discardLabels, findPolicy, invertBits, readTrace, simulate } from '../../src/index.ts';
import { Scoring, summary } from '../gap-closed/cells.ts';

const ONE_BIT = 'discard(lru)';
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
    row(`best classical: ${best}`, scoring.faults(best, capacity)),
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

function cell({ hitRatio, gapClosed, halfWidth }: Row): string {
  const interval = halfWidth === undefined ? '' : ` ± ${(100 * halfWidth).toFixed(1)}`;
  return `${hitRatio.toFixed(4).replace(/^0/, '')} (${(100 * gapClosed).toFixed(1)}${interval}%)`;
}

if (import.meta.filename === process.argv[1]) {
  const { prefix } = JSON.parse(readFileSync(new URL('expected.json', import.meta.url), 'utf8'));
  const [path, capacities = prefix.capacities.join(), seeds = prefix.seeds] = process.argv.slice(2);
  const scoring = new Scoring(readTrace(path ?? new URL(prefix.trace, import.meta.url).pathname));
  const { trace, trainingRequests } = scoring;
  console.log(
    `${trace.name}: ${trace.time.length} requests, scored from request ${trainingRequests} on; hit ratio (gap closed)\n`,
  );
  const tables = await compare(scoring, capacities.split(',').map(Number), Number(seeds));
  for (const { capacity, rows } of tables) {
    for (const row of rows) {
      const known: number | undefined =
        path === undefined ? prefix.hitRatio[capacity]?.[row.name] : undefined;
      const differs = known !== undefined && Math.abs(known - row.hitRatio) > TOLERANCE;
      if (differs) process.exitCode = 1;
      console.log(`| ${capacity} | ${row.name} | ${cell(row)} |${differs ? ` expected ${known}` : ''}`);
    }
  }
}
