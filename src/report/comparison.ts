import type { ResultRecord } from '../simulator/result.ts';

/** One row of a comparison. */
export interface ComparisonRow {
  readonly record: ResultRecord;
  /** Whether no row of its section that does without perfect foresight has fewer faults, and itself does without. */
  readonly best: boolean;
}

/** The rows of one capacity. */
export interface ComparisonSection {
  /** Cache size in pages. */
  readonly capacity: number;
  readonly rows: readonly ComparisonRow[];
}

/** One column of a comparison: its heading and the text of a record's cell. */
export interface Column {
  readonly heading: string;
  readonly numeric: boolean;
  readonly text: (record: ResultRecord) => string;
}

const MISSING = '–';

/** The columns of a comparison, the same on a terminal and on a page. */
export const COLUMNS: readonly Column[] = [
  { heading: 'policy', numeric: false, text: (record) => record.policy },
  { heading: 'predictions', numeric: false, text: (record) => record.predictions },
  { heading: 'faults', numeric: true, text: (record) => formatCount(record.faults) },
  { heading: 'hit ratio', numeric: true, text: (record) => formatRatio(record.hitRatio) },
  { heading: 'faults/OPT', numeric: true, text: (record) => formatRatio(record.faultRatio) },
  { heading: 'gap closed', numeric: true, text: (record) => formatShare(record.gapClosed) },
  { heading: 'η0', numeric: true, text: (record) => formatCount(record.eta0) },
  { heading: 'η1', numeric: true, text: (record) => formatCount(record.eta1) },
];

/**
 * Sorts records into one section per capacity, smallest first. Within a section: lru, the other policies without
 * predictions, each policy with predictions followed by itself on inverted bits, belady; otherwise the order given.
 *
 * @param records cells of one comparison; O(n log n)
 */
export function comparisonSections(records: readonly ResultRecord[]): ComparisonSection[] {
  const policies = [...new Set(records.map((record) => record.policy))];
  const place = (record: ResultRecord): number => {
    if (record.policy === 'lru') return -2;
    if (record.policy === 'belady') return 2 * policies.length;
    if (record.predictions === 'none') return -1;
    return 2 * policies.indexOf(record.policy) + (record.predictions === 'inverted' ? 1 : 0);
  };
  const capacities = [...new Set(records.map((record) => record.capacity))].sort((a, b) => a - b);
  return capacities.map((capacity) => {
    const sorted = records
      .filter((record) => record.capacity === capacity)
      .sort((a, b) => place(a) - place(b));
    const fewest = Math.min(
      ...sorted.filter((record) => !seesTheFuture(record)).map((record) => record.faults),
    );
    const rows = sorted.map((record) => ({
      record,
      best: !seesTheFuture(record) && record.faults === fewest,
    }));
    return { capacity, rows };
  });
}

/** Whether a record is a yardstick that no online run can have: the offline optimum, or perfect predictions. */
export function seesTheFuture(record: ResultRecord): boolean {
  return record.policy === 'belady' || record.predictions === 'perfect';
}

/**
 * Says in one sentence which requests were scored.
 *
 * @param record any record of the comparison
 *
 * @example
 * scoredRequests({ ...record, requests: 400, evaluatedFrom: 600 });
 * // 'Scored: 400 of 1,000 requests; the first 600 only warm the cache.'
 */
export function scoredRequests({ requests, evaluatedFrom }: ResultRecord): string {
  const scored = formatCount(requests);
  if (evaluatedFrom === 0) return `Scored: all ${scored} requests, from an empty cache on.`;
  const total = formatCount(evaluatedFrom + requests);
  return `Scored: ${scored} of ${total} requests; the first ${formatCount(evaluatedFrom)} only warm the cache.`;
}

/** Writes an integer with thousands separated by commas. */
export function formatCount(count: number | null): string {
  return count === null ? MISSING : count.toLocaleString('en-US');
}

/** Writes a share as a percentage with one decimal. */
export function formatShare(share: number | null): string {
  if (share === null) return MISSING;
  // Rounded before it is written, so that no sign stands before 0.0, and with a minus sign as wide as a digit.
  return `${(Math.round(share * 1000) / 10).toFixed(1)}%`.replace('-', '−');
}

/** Writes a ratio with four decimals; a ratio to nothing (OPT without faults) has no value. */
export function formatRatio(ratio: number): string {
  return Number.isFinite(ratio) ? ratio.toFixed(4) : MISSING;
}
