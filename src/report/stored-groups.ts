import type { ResultRecord, StoredRecord } from '../simulator/result.ts';

/** The records of a result store that were scored on the same requests, and so can be compared. */
export interface StoredGroup {
  /** Name of the trace. */
  readonly trace: string;
  readonly traceChecksum: string;
  readonly requests: number;
  readonly evaluatedFrom: number;
  /** At least one. Ratios to an optimum that is not known are `NaN`. */
  readonly records: readonly ResultRecord[];
}

/** Groups records by trace and scored part, in the order in which these first come. O(n). */
export function groupStored(records: readonly StoredRecord[]): StoredGroup[] {
  const groups = new Map<string, StoredGroup & { readonly records: ResultRecord[] }>();
  for (const record of records) {
    const { trace, traceChecksum, requests, evaluatedFrom } = record;
    const key = JSON.stringify([traceChecksum, evaluatedFrom]);
    const group = groups.get(key) ?? { trace, traceChecksum, requests, evaluatedFrom, records: [] };
    groups.set(key, group);
    group.records.push({
      ...record,
      seed: record.seed ?? 1,
      optFaults: record.optFaults ?? Number.NaN,
      faultRatio: record.faultRatio ?? Number.NaN,
    });
  }
  return [...groups.values()];
}
