/**
 * Policies on a recorded prefix trace, beside one bit: trained on the first 60% of the block accesses, perfect, and inverted. All are
 * scored on the rest.
 *
 *     npx tsx experiments/gpu-trace/compare.ts [trace] [capacities, with commas] [number of seeds]
 */
import { catalog, discardLabels, findPolicy, invertBits, readTrace, simulate } from '../../src/index.ts';
import { Scoring, summary } from '../gap-closed/cells.ts';

const ONE_BIT = 'discard(lru)';
const ROBUST = 'switch(discard(lru),lru)';

/** One policy at one capacity. */
export interface Row {
  readonly name: string;
  readonly hitRatio: number;
  readonly gapClosed: number;
  /** Half of the 95% interval of the gap closed, where several seeds were trained. */
  readonly halfWidth?: number;
}

/** @param learned the bits of each seed's model at this capacity */
export function rowsAt(scoring: Scoring, capacity: number, learned: readonly Uint32Array[]): Row[] {
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
    return { ...row(`\`${policy}\`, trained`, summary(faults).mean), halfWidth: closed.halfWidth };
  };
  const perfect = discardLabels(sequence, capacity);
  const from = trace.firstBlock[scoring.trainingRequests];
  const given = (policy: string, predictions: Uint8Array) =>
    simulate({ sequence, policy: findPolicy(policy), capacity, seed: 1, from, predictions });
  const best = bestClassical(scoring, capacity);
  return [
    row('LRU', scoring.faults('lru', capacity)),
    row(`best classical (${best})`, scoring.faults(best, capacity)),
    trained(ONE_BIT),
    trained(ROBUST),
    row(`\`${ONE_BIT}\`, perfect`, given(ONE_BIT, perfect)),
    row(`\`${ONE_BIT}\`, inverted`, given(ONE_BIT, invertBits(perfect))),
    row(`\`${ROBUST}\`, inverted`, given(ROBUST, invertBits(perfect))),
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
  const shipped = new URL('../../traces/smollm2-135m-cpu.onebit', import.meta.url).pathname;
  const [path = shipped, capacities = '150,300,600,1200', count = '5'] = process.argv.slice(2);
  const scoring = new Scoring(readTrace(path));
  const sizes = capacities.split(',').map(Number);
  const models = [];
  for (let seed = 1; seed <= Number(count); seed++)
    models.push(scoring.bits(await scoring.train(sizes, seed)));
  const { trace, trainingRequests } = scoring;
  console.log(
    `${trace.name}: ${trace.time.length} requests, scored from request ${trainingRequests} on; hit ratio (gap closed)\n`,
  );
  for (const capacity of sizes) {
    const rows = rowsAt(
      scoring,
      capacity,
      models.map((bits) => bits(capacity)),
    );
    for (const row of rows) console.log(`| ${capacity} | ${row.name} | ${cell(row)} |`);
  }
}
