import type { ReplayRecord } from '../simulator/result.ts';
import { formatCount, formatShare } from './comparison.ts';

/** One column of a table of replays: its heading and the text of a record's cell. */
export interface ReplayColumn {
  readonly heading: string;
  readonly text: (record: ReplayRecord) => string;
  /** Whether a record has anything to say in this column; always if absent. */
  readonly speaks?: (record: ReplayRecord) => boolean;
}

const below = ({ tierHitRatios }: ReplayRecord) => tierHitRatios.reduce((sum, ratio) => sum + ratio, 0);

const COLUMNS: readonly ReplayColumn[] = [
  { heading: 'policy', text: (record) => record.policy },
  { heading: 'predictions', text: (record) => record.predictions },
  { heading: 'blocks hit', text: (record) => formatShare(record.blockHitRatio) },
  {
    heading: 'from below',
    text: (record) => formatShare(below(record)),
    speaks: ({ tierHitRatios }) => tierHitRatios.length > 0,
  },
  { heading: 'gap closed', text: (record) => formatShare(record.gapClosed) },
  { heading: 'tokens hit', text: (record) => formatShare(record.tokenHitRatio) },
  { heading: 'prefill saved', text: (record) => `${formatAmount(record.prefillSecondsSaved)} s` },
  { heading: 'TTFT mean', text: (record) => formatMilliseconds(record.firstTokenMean) },
  { heading: 'P50', text: (record) => formatMilliseconds(record.firstTokenP50) },
  { heading: 'P90', text: (record) => formatMilliseconds(record.firstTokenP90) },
  { heading: 'P99', text: (record) => formatMilliseconds(record.firstTokenP99) },
  { heading: 'in target', text: (record) => formatShare(record.withinTarget) },
  { heading: 'tokens/s', text: (record) => formatCount(Math.round(record.tokensPerSecond)) },
  { heading: 'evictions', text: (record) => formatCount(record.evictions) },
  {
    heading: 'moved',
    text: (record) => `${formatCount(Math.round(record.bytesMoved / 1e9))} GB`,
    speaks: ({ bytesMoved }) => bytesMoved > 0,
  },
  {
    heading: 'preempted',
    text: (record) => formatCount(record.preemptions),
    speaks: ({ preemptions }) => preemptions > 0,
  },
  {
    heading: 'computed again',
    text: (record) => formatCount(record.recomputedTokens),
    speaks: ({ recomputedTokens }) => recomputedTokens > 0,
  },
];

/**
 * The columns of a table of replays, the same on a terminal and on a page; the first two are words, the others numbers. A
 * column in which no record has anything to say is left out.
 */
export function replayColumns(records: readonly ReplayRecord[]): ReplayColumn[] {
  return COLUMNS.filter(({ speaks }) => speaks === undefined || records.some(speaks));
}

/**
 * Writes replays as a table for a terminal.
 *
 * @param records of one comparison, at least one
 * @returns several lines, the last without a line feed
 */
export function replayTable(records: readonly ReplayRecord[]): string {
  const columns = replayColumns(records);
  const rows = [
    columns.map(({ heading }) => heading),
    ...records.map((record) => columns.map(({ text }) => text(record))),
  ];
  const widths = columns.map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const lines = rows.map((row) =>
    row.map((cell, i) => (i < 2 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join('  '),
  );
  const [head, ...body] = lines;
  return [head, '─'.repeat(head.length), ...body, '', ...replayNotes(records[0])].join('\n');
}

/** Says in a few sentences what was run and how to read the table. @param record any record of the comparison */
export function replayNotes(record: ReplayRecord): string[] {
  const { capacity, blockTokens, workers, router, finished, rejected, target, measuredFrom } = record;
  const caches = workers === 1 ? 'one worker' : `${workers} workers, routed ${router},`;
  return [
    `${record.trace}: ${formatCount(finished)} requests on ${caches} with ${formatCount(capacity)} blocks of ` +
      `${blockTokens} tokens each; ${formatCount(rejected)} turned away; ` +
      `${measuredFrom === 0 ? 'caches empty at the start' : `the first ${formatCount(measuredFrom)} requests only warm the caches`}.`,
    `TTFT: milliseconds from arrival to the first token; target ${formatMilliseconds(target)} ms. ` +
      'Gap closed on the device: lru is 0%, belady, the offline optimum given the same pins, 100%.',
    ...(record.tierHitRatios.length > 0 ? ['From below: loaded from a tier below the device.'] : []),
  ];
}

function formatMilliseconds(seconds: number): string {
  return formatAmount(1000 * seconds);
}

/** A whole number, or with one decimal what would otherwise say little. */
function formatAmount(amount: number): string {
  return amount < 10 ? amount.toFixed(1) : formatCount(Math.round(amount));
}
