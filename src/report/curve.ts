import type { CurveRecord } from '../simulator/result.ts';
import { formatCount, formatShare } from './comparison.ts';
import { drawChart } from './line-chart.ts';
import { LRU_STYLE, OPT_STYLE } from './palette.ts';
import { powersOfTen } from './ticks.ts';

/** Length in characters of a bar that stands for a hit ratio of 1. */
const BAR = 40;
const HEADINGS = ['capacity', 'LRU', 'OPT', 'gap'];

/**
 * Writes miss-ratio curves as a table for a terminal: hit ratios at each capacity, how far OPT is above LRU, and a bar
 * of both.
 *
 * @param records of one trace, smallest capacity first; at least one
 * @returns several lines, the last without a line feed
 *
 * @example
 * console.log(curveTable(records));
 */
export function curveTable(records: readonly CurveRecord[]): string {
  const rows = records.map((record) => {
    const { capacity, lruHitRatio, optHitRatio } = record;
    const ratios = [lruHitRatio, optHitRatio, optHitRatio - lruHitRatio].map(formatShare);
    return { cells: [formatCount(capacity), ...ratios], bar: bar(record) };
  });
  const widths = HEADINGS.map((heading, column) =>
    Math.max(heading.length, ...rows.map(({ cells }) => cells[column].length)),
  );
  const line = (cells: readonly string[]) => cells.map((cell, i) => cell.padStart(widths[i])).join('  ');
  const head = `${line(HEADINGS)}  hit ratio, 0 to 100%`;
  const { trace, requests } = records[0];
  return [
    head,
    '─'.repeat(line(HEADINGS).length + 2 + BAR),
    ...rows.map(({ cells, bar }) => `${line(cells)}  ${bar}`.trimEnd()),
    '',
    `${trace}: hits of ${formatCount(requests)} requests from an empty cache on; capacity in pages.`,
    'Bars: █ LRU, ░ what OPT has more. Every count is exact.',
  ].join('\n');
}

function bar({ lruHitRatio, optHitRatio }: CurveRecord): string {
  const solid = Math.round(BAR * lruHitRatio);
  return '█'.repeat(solid) + '░'.repeat(Math.round(BAR * optHitRatio) - solid);
}

/**
 * Draws the hit ratios of LRU and OPT against the capacity.
 *
 * @param records of one trace, smallest capacity first; at least one
 * @returns an SVG
 */
export function curveFigure(records: readonly CurveRecord[]): Promise<string> {
  const [first, last] = [records[0], records[records.length - 1]];
  const lines = [
    { label: 'LRU', style: LRU_STYLE, ratio: (record: CurveRecord) => record.lruHitRatio },
    { label: 'OPT', style: OPT_STYLE, ratio: (record: CurveRecord) => record.optHitRatio },
  ];
  const highest = Math.max(...records.map(({ optHitRatio }) => optHitRatio));
  const ticks = powersOfTen(first.capacity, last.capacity);
  return drawChart({
    title: headline(records),
    subtitle: first.trace,
    x: {
      title: 'cache capacity (pages, logarithmic)',
      logarithmic: true,
      domain: [first.capacity / 1.15, last.capacity * 1.15],
      ...(ticks.length > 1 && { ticks }),
    },
    y: { title: 'hit ratio (hits / requests)', domain: [0, highest * 1.06 || 1] },
    lines: lines.map(({ ratio, ...line }) => ({
      ...line,
      reference: true,
      points: records.map((record) => ({ x: record.capacity, y: ratio(record) })),
    })),
  });
}

function headline(records: readonly CurveRecord[]): string {
  const gap = ({ optHitRatio, lruHitRatio }: CurveRecord) => optHitRatio - lruHitRatio;
  const widest = records.reduce((best, record) => (gap(record) > gap(best) ? record : best));
  if (gap(widest) === 0) return 'LRU is optimal at every capacity shown';
  const hits = `OPT hits ${formatShare(widest.optHitRatio)} of requests, LRU ${formatShare(widest.lruHitRatio)}`;
  return `The gap is widest near ${formatCount(widest.capacity)} pages: ${hits}`;
}
