/** The same misses as libCacheSim, which is written in C by others: it is installed from the Python Package Index and run. */
import t from 'tap';
import { benchmark, sizeFor } from '../../bench/benchmark.ts';
import { IN_C, installLibCacheSim, LibCacheSim } from '../../bench/libcachesim.ts';
import { table } from '../../bench/table.ts';
import { Cache } from '../../src/paging/cache.ts';
import type { RequestSequence } from '../../src/paging/request-sequence.ts';
import { MAIN, S3Fifo, SMALL } from '../../src/policies/classical/s3-fifo.ts';
import { findPolicy } from '../../src/policies/find-policy.ts';
import { simulate } from '../../src/simulator/simulate.ts';
import type { IndexSet } from '../../src/support/index-set.ts';
import { readTrace } from '../../src/traces/read-trace.ts';
import { zipfSequence } from '../../src/traces/zipf.ts';
import { missing, sharedTrace } from '../traces/shared-traces.ts';

t.setTimeout(0);
const absent = installLibCacheSim();
const skip = absent ?? false;

const CAPACITIES = [1000, 2000, 5000, 10_000];

/**
 * How far misses may be apart, as a share of libCacheSim's, where the paper leaves open what it decides otherwise; all others are to
 * agree exactly.
 */
const APART: Readonly<Record<string, number>> = { lirs: 0.001 };

/** S3-FIFO that fills its main queue first, as libCacheSim does: the small one takes what it has room for until a page leaves. */
class MainFirst extends S3Fifo {
  private readonly smallSize: number;
  private isFull = false;

  constructor(capacity: number, pageCount: number) {
    const smallSize = Math.floor(0.1 * capacity);
    super(capacity, pageCount, smallSize, Math.floor(0.9 * capacity), 2);
    this.smallSize = smallSize;
  }

  override load(slot: number, page: number): void {
    if (this.isFull || this.counts[SMALL] < this.smallSize) super.load(slot, page);
    else this.enter(MAIN, slot);
  }

  override victim(page: number, prediction: number, protectedSlots: IndexSet): number {
    this.isFull = true;
    return super.victim(page, prediction, protectedSlots);
  }
}

function misses(sequence: RequestSequence, name: string, capacity: number): number {
  if (name !== 's3-fifo') return simulate({ sequence, policy: findPolicy(name), capacity, seed: 1 });
  const { pageCount } = sequence;
  return new Cache(capacity, pageCount, new MainFirst(capacity, pageCount)).serve(sequence);
}

type Tap = Pick<typeof t, 'ok' | 'equal'>;

async function compare(t: Tap, sequence: RequestSequence): Promise<void> {
  const reference = new LibCacheSim(sequence);
  try {
    for (const name of IN_C) {
      for (const capacity of CAPACITIES) {
        const theirs = (await reference.run(name, capacity)).faults;
        const ours = misses(sequence, name, capacity);
        const label = `${name} at ${capacity}: ${ours} misses, ${theirs} in C`;
        if (name in APART) t.ok(Math.abs(ours - theirs) <= APART[name] * theirs, label);
        else t.equal(ours, theirs, label);
      }
    }
  } finally {
    await reference.close();
  }
}
for (const file of ['mooncake_conversation.jsonl.gz', 'mooncake_synthetic.jsonl.gz']) {
  const skipped = skip === false ? missing(file).skip : skip;
  t.test(`on ${file} policies miss as often as in libCacheSim`, { skip: skipped }, (t) =>
    compare(t, readTrace(sharedTrace(file)).blocks),
  );
}

t.test('on Zipf requests policies miss as often as in libCacheSim', { skip }, (t) =>
  compare(t, zipfSequence(500_000, 20_000, 0.6, 1)),
);

t.test('the benchmark measures libCacheSim beside ours', { skip }, async (t) => {
  const results = await benchmark(sizeFor(20_000, 1), ['lru', 'marker'], undefined, true);
  t.ok((results.rows[0].speedInC ?? 0) > 0);
  t.equal(results.rows[1].speedInC, undefined, 'libCacheSim has no marker');
  t.match(table(results), /times\s+[\s\S]*libCacheSim/);
});

t.test('a reference that cannot go on says so in one line', { skip }, async (t) => {
  const reference = new LibCacheSim(zipfSequence(100, 10, 1, 1));
  await t.rejects(reference.run('no-such-policy', 5), {
    message: "libCacheSim has stopped: KeyError: 'no-such-policy'",
  });
  await reference.close();
});
