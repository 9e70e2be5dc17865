import type { StoredRecord } from '../simulator/result.ts';
import { formatCount } from './comparison.ts';
import { groupStored } from './stored-groups.ts';
import { sweepTable } from './sweep-table.ts';

/**
 * Writes the records of a result store for a terminal: for each trace and scored part a table of means over the seeds.
 *
 * @param records at least one
 * @param width of the terminal in characters
 */
export function storedTable(records: readonly StoredRecord[], width?: number): string {
  const tables = groupStored(records).map(({ trace, traceChecksum, requests, evaluatedFrom, records }) => {
    const part = evaluatedFrom === 0 ? 'all' : `from request ${formatCount(evaluatedFrom)} on,`;
    const heading = `${trace} (${traceChecksum}), ${part} ${formatCount(requests)} requests scored`;
    return `${heading}\n\n${sweepTable(records, width)}`;
  });
  return tables.join('\n\n');
}
