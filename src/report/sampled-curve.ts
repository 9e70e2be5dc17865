import type { SampledCurveRecord } from '../simulator/result.ts';
import { formatCount, formatShare } from './comparison.ts';
import { drawTable } from './draw-table.ts';
import { drawChart } from './line-chart.ts';
import { LRU_STYLE, OPT_STYLE, SAMPLE_STYLE } from './palette.ts';
import { powersOfTen } from './ticks.ts';

/** Of all capacities, and the largest of those within the resolution. */
export interface SampleError {
  readonly mean: number;
  readonly largest: number;
  readonly capacity: number;
  readonly resolved: number;
}

/** What is known of the samples behind the records. */
export interface Sampling {
  /** Number of samples. */
  readonly count: number;
  /** The least share of pages that one of them ended with, in (0, 1]. */
  readonly rate: number;
  /** How far the estimate is from the exact curve, over all capacities; undefined where that is not known. */
  readonly error: SampleError | undefined;
}

/**
 * Writes an estimated LRU curve as a table for a terminal: hit ratio and standard error at each capacity, the exact hit
 * ratio where it is known, and the error over all capacities.
 *
 * @param records of one trace, smallest capacity first; at least one
 * @returns several lines, the last without a line feed
 */
export function sampledTable(records: readonly SampledCurveRecord[], sampling: Sampling): string {
  const { trace, requests } = records[0];
  const columns = ['capacity', 'LRU estimated', '± standard error'];
  const known = sampling.error !== undefined;
  if (known) columns.push('LRU exact', 'error');
  const lines = records.map(({ capacity, lruHitRatio, standardError, exactHitRatio }) => {
    const cells = [formatCount(capacity), formatShare(lruHitRatio), precise(standardError)];
    if (exactHitRatio !== null) cells.push(formatShare(exactHitRatio), precise(lruHitRatio - exactHitRatio));
    return cells;
  });
  return [
    drawTable(
      columns.map((heading) => ({ heading, numeric: true })),
      lines,
      process.stdout.columns ?? 80,
    ),
    '',
    `${trace}: hits of ${formatCount(requests)} requests from an empty cache on; capacity in pages.`,
    describe(sampling),
  ].join('\n');
}

/** The samples and their error in words. */
function describe({ count, rate, error }: Sampling): string {
  if (rate === 1) return 'Every page is in the sample: the curve is exact.';
  const lines = [
    `Mean of ${count} samples of about one page in ${oneIn(rate)}; smaller capacities than that are beyond its resolution.`,
  ];
  if (error === undefined)
    lines.push('Too large for the exact curve: the spread of the samples tells the error.');
  else {
    lines.push(
      `Mean absolute error over all capacities ${precise(error.mean)}, largest ${precise(error.largest)} at ${formatCount(error.capacity)}, within the resolution ${precise(error.resolved)}.`,
    );
  }
  return lines.join('\n');
}

/** Of how many pages one is sampled, with two digits. */
function oneIn(rate: number): string {
  return formatCount(Number((1 / rate).toPrecision(2)));
}

/** A share with two decimals of a percent; errors are small. */
function precise(share: number): string {
  return `${(Math.round(share * 10_000) / 100).toFixed(2)}%`.replace('-', '−');
}

/**
 * Draws an estimated LRU curve against the capacity: over the exact one where it is known, else between two standard
 * errors below and above.
 *
 * @param records of one trace, smallest capacity first; at least one
 * @returns an SVG
 */
export function sampledFigure(records: readonly SampledCurveRecord[], sampling: Sampling): Promise<string> {
  const [first, last] = [records[0], records[records.length - 1]];
  const ticks = powersOfTen(first.capacity, last.capacity);
  const line = (label: string, style: typeof LRU_STYLE, ratio: (record: SampledCurveRecord) => number) => ({
    label,
    style,
    reference: true,
    points: records.map((record) => ({ x: record.capacity, y: Math.min(1, Math.max(0, ratio(record))) })),
  });
  const beside = (side: number) => (record: SampledCurveRecord) =>
    record.lruHitRatio + 2 * side * record.standardError;
  const lines =
    sampling.error === undefined
      ? [line('+2 s.e.', OPT_STYLE, beside(1)), line('−2 s.e.', OPT_STYLE, beside(-1))]
      : [line('LRU exact', LRU_STYLE, ({ exactHitRatio }) => exactHitRatio ?? 0)];
  lines.push(line('LRU estimated', SAMPLE_STYLE, ({ lruHitRatio }) => lruHitRatio));
  const highest = Math.max(...lines.flatMap(({ points }) => points.map(({ y }) => y)));
  return drawChart({
    title: headline(sampling),
    subtitle: first.trace,
    x: {
      title: 'cache capacity (pages, logarithmic)',
      logarithmic: true,
      domain: [first.capacity / 1.15, last.capacity * 1.15],
      ...(ticks.length > 1 && { ticks }),
    },
    y: { title: 'hit ratio (hits / requests)', domain: [0, highest * 1.06 || 1] },
    lines,
  });
}

function headline({ rate, error }: Sampling): string {
  if (rate === 1) return 'LRU; every page is in the sample';
  const sample = `LRU from one page in ${oneIn(rate)}`;
  if (error === undefined) return `${sample}, with two standard errors on either side`;
  return `${sample}: the mean absolute error over all capacities is ${precise(error.mean)}`;
}
