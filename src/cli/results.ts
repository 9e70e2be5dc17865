import { extname } from 'node:path';
import type { CommandModule } from 'yargs';
import { csvOf, parquetOf } from '../report/export.ts';
import { storedTable } from '../report/stored-table.ts';
import type { StoredRecord } from '../simulator/result.ts';
import { Failure } from '../support/failure.ts';
import { writeFile } from '../support/write-file.ts';
import { STORED_QUERY, type StoredQuery, storedRecords } from './stored-records.ts';

interface Arguments extends StoredQuery {
  out: string | undefined;
  json: boolean;
}

/** What each kind of file holds, by its extension. */
const FORMATS: Readonly<Record<string, (records: readonly StoredRecord[]) => string | Promise<Uint8Array>>> =
  {
    '.csv': csvOf,
    '.parquet': parquetOf,
    '.jsonl': (records) => records.map((record) => `${JSON.stringify(record)}\n`).join(''),
  };

export const results: CommandModule<object, Arguments> = {
  command: 'results',
  describe: 'the finished cells of earlier sweeps: ask for some, export them',
  builder: (yargs) =>
    yargs
      .options(STORED_QUERY)
      .option('out', { type: 'string', describe: 'file to write: .csv, .parquet or .jsonl' })
      .option('json', { type: 'boolean', default: false, describe: 'JSON Lines on standard output' })
      .example('$0 results --policy lru,lazy-mark0 --capacity 5000', 'a table of what is known')
      .example('$0 results --out results.parquet', 'everything, for other tools'),
  handler: async (given) => {
    const { out, json } = given;
    const format = out === undefined ? undefined : FORMATS[extname(out)];
    if (out !== undefined && format === undefined)
      throw new Failure(
        `--out: ${out} has no known ending; let it end in ${Object.keys(FORMATS).join(', ')}`,
      );
    const records = storedRecords(given);
    if (out !== undefined && format !== undefined) writeFile(out, await format(records));
    if (json) for (const record of records) console.log(JSON.stringify(record));
    else if (records.length > 0) console.log(storedTable(records, process.stdout.columns));
    else console.log(`No finished cell of ${given.store} is such a one.`);
  },
};
