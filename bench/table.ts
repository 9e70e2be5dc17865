import Table from 'cli-table3';
import { NO_BORDER } from '../src/report/draw-table.ts';
import type { Benchmark } from './benchmark.ts';

/**
 * Million requests a second of libCacheSim (C) on Zipf(1.0), 20 million requests, a million pages, cache 100,000, a core of
 * the same class of machine. Measured once, apart from the other figures: for scale where it does not take part in the run.
 */
const LIBCACHESIM: Readonly<Record<string, number>> = {
  fifo: 8.6,
  lru: 8.2,
  clock: 5.6,
  sieve: 10.3,
  slru: 7.2,
  arc: 6.4,
  'two-queue': 4.7,
  lfu: 4.5,
  's3-fifo': 4.0,
  belady: 4.1,
  'lru-distances': 1.4,
};

/** What every row is compared with, where it takes part. */
const YARDSTICKS = ['bare-loop', 'lru-cache', 'mnemonist'];

/** The results as a table for a terminal. */
export function table({ rows }: Benchmark): string {
  const yardsticks = rows.filter(({ name }) => YARDSTICKS.includes(name));
  const together = rows.some(({ speedInC }) => speedInC !== undefined);
  const ratios = [...yardsticks.map(({ name }) => name), together ? 'libCacheSim' : 'libCacheSim\nonce'];
  const head = ['', 'M/s', 'fastest\nrun', 'median\nrun', ...ratios.map((name) => `times\n${name}`)];
  head.push(...['page', 'slot', 'request'].map((what) => `bytes\na ${what}`), 'faults');
  const cells = new Table({
    head,
    colAligns: head.map((_, column) => (column === 0 ? 'left' : 'right')),
    chars: { ...NO_BORDER, mid: '─', 'mid-mid': '──', middle: '  ' },
    style: { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': 0 },
  });
  for (const row of rows) {
    const { name, speed, fastestRun, medianRun, memory, speedInC } = row;
    // By the fastest whole runs, as libCacheSim is not timed piece by piece.
    const ratioToC = speedInC === undefined ? undefined : fastestRun / speedInC;
    const inC = together ? ratioToC : speed / 1e6 / LIBCACHESIM[name];
    cells.push([
      name,
      ...[speed, fastestRun, medianRun].map((perSecond) => (perSecond / 1e6).toFixed(1)),
      ...yardsticks.map((yardstick) => (speed / yardstick.speed).toPrecision(2)),
      inC === undefined || Number.isNaN(inC) ? '' : inC.toPrecision(2),
      ...[memory?.perPage, memory?.perSlot, memory?.perRequest].map((bytes) => bytes?.toFixed(1) ?? ''),
      name === 'bare-loop' ? '' : row.faults.toLocaleString('en'),
    ]);
  }
  return cells.toString();
}
