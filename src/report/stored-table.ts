import type { ResultRecord, StoredRecord } from '../simulator/result.ts';
import { formatCount } from './comparison.ts';
import { sweepTable } from './sweep-table.ts';

/**
 * Writes the records of a result store for a terminal: for each trace and scored part a table of means over the seeds.
 *
 * @param records at least one, those of a trace and scored part together
 * @param width of the terminal in characters
 */
export function storedTable(records: readonly StoredRecord[], width?: number): string {
  const groups = new Map<string, ResultRecord[]>();
  for (const record of records) {
    const { trace, traceChecksum, requests, evaluatedFrom } = record;
    const part = evaluatedFrom === 0 ? 'all' : `from request ${formatCount(evaluatedFrom)} on,`;
    const heading = `${trace} (${traceChecksum}), ${part} ${formatCount(requests)} requests scored`;
    const group = groups.get(heading) ?? [];
    groups.set(heading, group);
    group.push({
      ...record,
      seed: record.seed ?? 1,
      optFaults: record.optFaults ?? Number.NaN,
      faultRatio: record.faultRatio ?? Number.NaN,
    });
  }
  return [...groups].map(([heading, group]) => `${heading}\n\n${sweepTable(group, width)}`).join('\n\n');
}
