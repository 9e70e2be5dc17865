import type { StoredRecord } from '../simulator/result.ts';

/** The columns of an export: every field of a record, in this order, with its type in a Parquet file. */
const COLUMNS: Readonly<Record<keyof StoredRecord, 'STRING' | 'INT64' | 'DOUBLE'>> = {
  trace: 'STRING',
  policy: 'STRING',
  capacity: 'INT64',
  predictions: 'STRING',
  seed: 'INT64',
  requests: 'INT64',
  faults: 'INT64',
  hitRatio: 'DOUBLE',
  optFaults: 'INT64',
  faultRatio: 'DOUBLE',
  gapClosed: 'DOUBLE',
  eta0: 'INT64',
  eta1: 'INT64',
  evaluatedFrom: 'INT64',
  traceChecksum: 'STRING',
  model: 'STRING',
  key: 'STRING',
  started: 'STRING',
  version: 'STRING',
  commit: 'STRING',
  machine: 'STRING',
};

const NAMES = Object.keys(COLUMNS) as (keyof StoredRecord)[];

/** Records as a table of comma-separated values (RFC 4180) with a heading; what is `null` is empty. */
export function csvOf(records: readonly StoredRecord[]): string {
  const field = (value: StoredRecord[keyof StoredRecord]) => {
    const text = value === null ? '' : String(value);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const lines = records.map((record) => NAMES.map((name) => field(record[name])).join(','));
  return `${[NAMES.join(','), ...lines].join('\n')}\n`;
}

/** Records as a Parquet file; numbers of requests, faults and errors are 64-bit integers. */
export async function parquetOf(records: readonly StoredRecord[]): Promise<Uint8Array> {
  // Only here, so that commands without such files start without it.
  const { parquetWriteBuffer } = await import('hyparquet-writer');
  const columnData = NAMES.map((name) => ({
    name,
    type: COLUMNS[name],
    nullable: true,
    data: records.map((record) => {
      const value = record[name];
      return typeof value === 'number' && COLUMNS[name] === 'INT64' ? BigInt(value) : value;
    }),
  }));
  return new Uint8Array(parquetWriteBuffer({ columnData }));
}
