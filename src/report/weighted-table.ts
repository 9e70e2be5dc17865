import type { WeightedRecord } from '../simulator/result.ts';
import { formatCount } from './comparison.ts';
import { drawTable } from './draw-table.ts';

/** What stands in one line: a policy's figures, or bounds on them. */
interface Line {
  readonly policy: string;
  /** Put before what is a bound from below, and from above. */
  readonly least: string;
  readonly most: string;
  readonly faults: number;
  readonly missedBytes: number | null;
  readonly faultCost: number | null;
  readonly record: WeightedRecord;
}

interface WeightedColumn {
  readonly heading: string;
  readonly numeric: boolean;
  readonly text: (line: Line) => string;
}

const OBJECTS: readonly WeightedColumn[] = [
  { heading: 'policy', numeric: false, text: ({ policy }) => policy },
  { heading: 'faults', numeric: true, text: ({ least, faults }) => least + formatCount(faults) },
  {
    heading: 'miss ratio',
    numeric: true,
    text: ({ least, faults, record }) => least + ratio(faults, record.requests),
  },
  {
    heading: 'hit ratio',
    numeric: true,
    text: ({ most, faults, record }) => most + ratio(record.requests - faults, record.requests),
  },
];

const BYTES: readonly WeightedColumn[] = [
  {
    heading: 'bytes missed',
    numeric: true,
    text: ({ least, missedBytes }) => least + formatCount(missedBytes),
  },
  {
    heading: 'byte miss/ratio',
    numeric: true,
    text: ({ least, missedBytes, record }) => least + ratio(missedBytes, record.requestedBytes),
  },
  {
    heading: 'byte hit/ratio',
    numeric: true,
    text: ({ most, missedBytes, record: { requestedBytes } }) =>
      most + ratio((requestedBytes ?? 0) - (missedBytes ?? 0), requestedBytes),
  },
];

const COSTS: WeightedColumn = {
  heading: 'fault cost',
  numeric: true,
  text: ({ least, faultCost }) =>
    least + (faultCost ?? 0).toLocaleString('en-US', { maximumFractionDigits: 2 }),
};

/**
 * Writes a comparison on pages of different sizes or costs as a table for a terminal: a section a capacity, which ends
 * with lower bounds.
 *
 * @param records of one comparison, at least one
 * @param width of the terminal in characters
 * @returns several lines, the last without a line feed
 */
export function weightedTable(records: readonly WeightedRecord[], width = 100): string {
  const { trace, unit, requests, requestedBytes, faultCost } = records[0];
  const columns = [...OBJECTS, ...(unit === 'bytes' ? BYTES : []), ...(faultCost === null ? [] : [COSTS])];
  const lines: string[][] = [];
  const notes: string[] = [];
  for (const capacity of new Set(records.map((record) => record.capacity))) {
    const section = records.filter((record) => record.capacity === capacity);
    const heading = `${lines.length === 0 ? '' : '\n'}capacity ${formatCount(capacity)} ${unit}`;
    lines.push(columns.map((_, column) => (column === 0 ? heading : '')));
    for (const line of [...section.map(figures), bounds(section[0])])
      lines.push(columns.map(({ text }) => text(line)));
    const { bypasses } = section[0];
    if (bypasses > 0) {
      notes.push(
        `${formatCount(bypasses)} requests of pages larger than ${formatCount(capacity)} bytes are faults: such pages are never held.`,
      );
    }
  }
  const asked = requestedBytes === null ? '' : `, ${formatCount(requestedBytes)} bytes`;
  return [
    drawTable(columns, lines, width),
    '',
    `${trace}: all ${formatCount(requests)} requests${asked}, from an empty cache on.`,
    'Lower bound: no policy can do better, each column by itself; the optimum, which is NP-hard to find, may be worse than that.',
    ...notes,
  ].join('\n');
}

function figures(record: WeightedRecord): Line {
  const { policy, faults, missedBytes, faultCost } = record;
  return { policy, least: '', most: '', faults, missedBytes, faultCost, record };
}

function bounds(record: WeightedRecord): Line {
  const { faultsBound: faults, missedBytesBound: missedBytes, faultCostBound: faultCost } = record;
  return { policy: 'lower bound', least: '≥ ', most: '≤ ', faults, missedBytes, faultCost, record };
}

function ratio(part: number | null, whole: number | null): string {
  return ((part ?? 0) / (whole ?? 1)).toFixed(4);
}
