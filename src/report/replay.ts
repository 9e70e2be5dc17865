import type { ReplayRecord, TierRecord } from '../simulator/result.ts';
import { formatCount, formatShare } from './comparison.ts';

/** One column of a table of replays: its heading and the text of a record's cell. */
export interface ReplayColumn {
  readonly heading: string;
  readonly text: (record: ReplayRecord) => string;
  /** Whether a record has anything to say in this column; always if absent. */
  readonly speaks?: (record: ReplayRecord) => boolean;
}

/** A table of replays, no wider than a page. */
export interface ReplayTable {
  readonly title: string;
  readonly columns: readonly ReplayColumn[];
}

const NAMES: readonly ReplayColumn[] = [
  { heading: 'policy', text: (record) => record.policy },
  { heading: 'predictions', text: (record) => record.predictions },
];

const LATENCY: readonly ReplayColumn[] = [
  { heading: 'TTFT mean', text: (record) => formatMilliseconds(record.firstTokenMean) },
  { heading: 'P50', text: (record) => formatMilliseconds(record.firstTokenP50) },
  { heading: 'P90', text: (record) => formatMilliseconds(record.firstTokenP90) },
  { heading: 'P99', text: (record) => formatMilliseconds(record.firstTokenP99) },
  { heading: 'in target', text: (record) => formatShare(record.withinTarget) },
  { heading: 'prefill saved', text: (record) => `${formatAmount(record.prefillSecondsSaved)} s` },
  { heading: 'tokens/s', text: (record) => formatCount(Math.round(record.tokensPerSecond)) },
];

const MOVED: readonly ReplayColumn[] = [
  { heading: 'evictions', text: (record) => formatCount(record.evictions) },
  {
    heading: 'moved',
    text: (record) => formatGigabytes(record.bytesMoved),
    speaks: ({ bytesMoved }) => bytesMoved > 0,
  },
  {
    heading: 'preempted',
    text: (record) => formatCount(record.preemptions),
    speaks: ({ preemptions }) => preemptions > 0,
  },
];

/** Hits of the device, and what is computed all the same. */
const HITS: readonly ReplayColumn[] = [
  { heading: 'blocks hit', text: (record) => formatShare(record.blockHitRatio) },
  { heading: 'gap closed', text: (record) => formatShare(record.gapClosed) },
  { heading: 'tokens hit', text: (record) => formatShare(record.tokenHitRatio) },
  {
    heading: 'spared',
    text: (record) => formatShare(record.sparedTokenRatio),
    speaks: ({ sparedTokenRatio, tokenHitRatio }) => sparedTokenRatio > tokenHitRatio,
  },
  {
    heading: 'again',
    text: (record) => formatMillions(record.recomputedTokens),
    speaks: ({ recomputedTokens }) => recomputedTokens > 0,
  },
];

/** Columns of one tier below the device. */
function tierColumns(name: string, tier: number): ReplayColumn[] {
  const column = (heading: string, text: (tier: TierRecord) => string): ReplayColumn => ({
    heading: `${name} ${heading}`,
    text: (record) => text(record.tiers[tier]),
  });
  return [
    column('blocks hit', ({ blockHitRatio }) => formatShare(blockHitRatio)),
    column('tokens hit', ({ tokenHitRatio }) => formatShare(tokenHitRatio)),
    column('read', ({ bytesRead }) => formatGigabytes(bytesRead)),
    column('written', ({ bytesWritten }) => formatGigabytes(bytesWritten)),
    column('evictions', ({ evictions }) => formatCount(evictions)),
  ];
}

/**
 * The tables of a comparison, one for each tier among them; the first two columns of each are words, the others numbers. A
 * column in which no record has anything to say is left out.
 */
export function replayTables(records: readonly ReplayRecord[]): ReplayTable[] {
  const speaking = (columns: readonly ReplayColumn[]) =>
    columns.filter(({ speaks }) => speaks === undefined || records.some(speaks));
  return [
    { title: 'What is hit', columns: speaking([...HITS, ...MOVED]) },
    { title: 'What it takes', columns: speaking(LATENCY) },
    ...records[0].tiers.map(({ name }, i) => ({
      title: `Below the device: ${name}`,
      columns: tierColumns(name, i),
    })),
  ].map(({ title, columns }) => ({ title, columns: [...NAMES, ...columns] }));
}

/**
 * Writes replays as tables for a terminal: what is hit, what it takes, and what each tier below the device did.
 *
 * @param records of one comparison, at least one
 * @returns several lines, the last without a line feed
 */
export function replayTable(records: readonly ReplayRecord[]): string {
  const tables = replayTables(records).map(({ columns }) => drawn(columns, records));
  return [...tables, replayNotes(records[0]).join('\n')].join('\n\n');
}

function drawn(columns: readonly ReplayColumn[], records: readonly ReplayRecord[]): string {
  const rows = [
    columns.map(({ heading }) => heading),
    ...records.map((record) => columns.map(({ text }) => text(record))),
  ];
  const widths = columns.map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const lines = rows.map((row) =>
    row.map((cell, i) => (i < NAMES.length ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join('  '),
  );
  const [head, ...body] = lines;
  return [head, '─'.repeat(head.length), ...body].join('\n');
}

/** Says in a few sentences what was run and how to read the table. @param record any record of the comparison */
export function replayNotes(record: ReplayRecord): string[] {
  const { capacity, blockTokens, finished, rejected, target, measuredFrom, tiers, recomputedTokens } = record;
  const clients = record.closedLoop ? '; clients wait for their answers' : '';
  return [
    `${record.trace}: ${formatCount(finished)} requests of ${record.model} on ${workersText(record)} with ` +
      `${formatCount(capacity)} blocks of ${blockTokens} tokens each (${record.device})${clients}; ` +
      `${formatCount(rejected)} turned away; ` +
      `${measuredFrom === 0 ? 'caches empty at the start' : `the first ${formatCount(measuredFrom)} requests only warm the caches`}.`,
    `TTFT: milliseconds from arrival to the first token; target ${formatMilliseconds(target)} ms. ` +
      'Hits are those on the device. Gap closed: lru is 0%, belady, the offline optimum given the same pins, 100%.',
    ...(recomputedTokens > 0
      ? ['Again: tokens of prompts computed though they had been before, in millions.']
      : []),
    ...tiers.map(
      ({ name, policy, capacity, error }) =>
        `${name}: ${formatCount(capacity)} blocks under ${policy} below each worker` +
        `${error > 0 ? `, from which blocks come back with an error of ${error}` : ''}.`,
    ),
    ...(tiers.length > 0 ? ['Spared: tokens on the device or loaded from a tier below it.'] : []),
  ];
}

/** The workers of a replay in words. */
export function workersText({ workers, router }: Pick<ReplayRecord, 'workers' | 'router'>): string {
  return workers === 1 ? 'one worker' : `${formatCount(workers)} workers, routed ${router},`;
}

function formatMilliseconds(seconds: number): string {
  return formatAmount(1000 * seconds);
}

/** A whole number, or with one decimal what would otherwise say little. */
function formatAmount(amount: number): string {
  return amount < 10 ? amount.toFixed(1) : formatCount(Math.round(amount));
}

function formatGigabytes(bytes: number): string {
  return `${formatCount(Math.round(bytes / 1e9))} GB`;
}

function formatMillions(count: number): string {
  return `${(count / 1e6).toFixed(1)} M`;
}
