import type { ResultRecord } from '../simulator/result.ts';
import { formatCount, formatShare } from './comparison.ts';
import { drawTable } from './draw-table.ts';
import { type Mean, type Summary, summarise } from './summary.ts';
import { shorten } from './table.ts';

/** One column of a table of means: its heading and the text of a summary's cell. */
export interface SummaryColumn {
  readonly heading: string;
  readonly numeric: boolean;
  readonly text: (summary: Summary) => string;
}

/** The columns of a table of means, the same on a terminal and on a page. */
export const SUMMARY_COLUMNS: readonly SummaryColumn[] = [
  { heading: 'policy', numeric: false, text: ({ policy }) => policy },
  { heading: 'predictions', numeric: false, text: ({ predictions }) => shorten(predictions) },
  { heading: 'seeds', numeric: true, text: ({ seeds }) => formatCount(seeds) },
  { heading: 'faults', numeric: true, text: ({ faults }) => formatCount(Math.round(faults.mean)) },
  { heading: 'hit ratio', numeric: true, text: ({ hitRatio }) => formatMean(hitRatio) },
  { heading: 'faults/OPT', numeric: true, text: ({ faultRatio }) => formatMean(faultRatio) },
  { heading: 'gap closed', numeric: true, text: ({ gapClosed }) => formatMeanShare(gapClosed) },
];

/**
 * Writes the records of a sweep as a table for a terminal: means over the seeds, with 95% confidence intervals.
 *
 * @param records at least one
 * @param width of the terminal in characters
 * @returns several lines, the last without a line feed
 */
export function sweepTable(records: readonly ResultRecord[], width = 100): string {
  const summaries = summarise(records);
  const lines: string[][] = [];
  for (const capacity of new Set(summaries.map((summary) => summary.capacity))) {
    const heading = `${lines.length === 0 ? '' : '\n'}capacity ${formatCount(capacity)} pages`;
    lines.push(SUMMARY_COLUMNS.map((_, column) => (column === 0 ? heading : '')));
    for (const summary of summaries) {
      if (summary.capacity === capacity) lines.push(SUMMARY_COLUMNS.map(({ text }) => text(summary)));
    }
  }
  return drawTable(SUMMARY_COLUMNS, lines, width);
}

function formatMean({ mean, halfWidth }: Mean): string {
  if (!Number.isFinite(mean)) return '–';
  return halfWidth === 0 ? mean.toFixed(4) : `${mean.toFixed(4)} ± ${halfWidth.toFixed(4)}`;
}

/** A share as a percentage with one decimal, its interval in points. */
function formatMeanShare(share: Mean | null): string {
  const text = formatShare(share?.mean ?? null);
  return share === null || share.halfWidth === 0 ? text : `${text} ± ${(100 * share.halfWidth).toFixed(1)}`;
}
