import type { StreamRecord } from '../simulator/result.ts';
import { formatCount, formatShare } from './comparison.ts';

const HEADINGS = ['policy', 'capacity', 'faults', 'hit ratio'];

/**
 * Writes the runs of policies on a stream as a table for a terminal, in the order given.
 *
 * @param records at least one, all of one trace
 * @returns several lines, the last without a line feed
 */
export function streamTable(records: readonly StreamRecord[]): string {
  const rows = records.map(({ policy, capacity, faults, hitRatio }) => [
    policy,
    formatCount(capacity),
    formatCount(faults),
    formatShare(hitRatio),
  ]);
  const widths = HEADINGS.map((heading, column) =>
    Math.max(...[heading, ...rows.map((row) => row[column])].map((cell) => cell.length)),
  );
  const line = (cells: readonly string[]) =>
    cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join('  ');
  const { trace, requests } = records[0];
  return [
    line(HEADINGS),
    '─'.repeat(line(HEADINGS).length),
    ...rows.map(line),
    '',
    `${trace}: all ${formatCount(requests)} requests, from an empty cache on; capacity in pages.`,
  ].join('\n');
}
