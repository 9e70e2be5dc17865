import { existsSync } from 'node:fs';
import { extname } from 'node:path';
import type { CommandModule } from 'yargs';
import { splitPolicies } from '../policies/description.ts';
import { csvOf, parquetOf } from '../report/export.ts';
import { storedTable } from '../report/stored-table.ts';
import type { StoredRecord } from '../simulator/result.ts';
import { origin } from '../store/origin.ts';
import { queryStore } from '../store/query.ts';
import { ResultStore } from '../store/result-store.ts';
import { Failure } from '../support/failure.ts';
import { writeFile } from '../support/write-file.ts';
import { commandLine, parseCapacities, STORE } from './arguments.ts';

interface Arguments {
  policy: string | undefined;
  capacity: string | undefined;
  predictions: string | undefined;
  trace: string | undefined;
  store: string | false;
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
      .option('policy', { type: 'string', describe: 'of these policies, in any spelling' })
      .option('capacity', { type: 'string', describe: 'at these cache sizes' })
      .option('predictions', {
        type: 'string',
        describe: 'with these predictions; model for those of any model',
      })
      .option('trace', { type: 'string', describe: 'on the trace of this name, or whose checksum begins so' })
      .option('store', STORE)
      .option('out', { type: 'string', describe: 'file to write: .csv, .parquet or .jsonl' })
      .option('json', { type: 'boolean', default: false, describe: 'JSON Lines on standard output' })
      .example('$0 results --policy lru,lazy-mark0 --capacity 5000', 'a table of what is known')
      .example('$0 results --out results.parquet', 'everything, for other tools'),
  handler: async ({ policy, capacity, predictions, trace, store: folder, out, json }) => {
    const format = out === undefined ? undefined : FORMATS[extname(out)];
    if (out !== undefined && format === undefined)
      throw new Failure(
        `--out: ${out} has no known ending; let it end in ${Object.keys(FORMATS).join(', ')}`,
      );
    if (folder === false || !existsSync(folder))
      throw new Failure(
        `--store: there is no folder ${folder}; run onebit sweep first, or name the folder of a store`,
      );
    const store = new ResultStore(folder, origin(commandLine()));
    if (store.damaged > 0) console.error(`${folder}: ${store.damaged} damaged lines are left out`);
    const records = queryStore(store.all(), {
      ...(policy !== undefined && { policies: splitPolicies(policy) }),
      ...(capacity !== undefined && { capacities: parseCapacities(capacity) }),
      ...(predictions !== undefined && { predictions: predictions.split(',') }),
      ...(trace !== undefined && { trace }),
    });
    if (out !== undefined && format !== undefined) writeFile(out, await format(records));
    if (json) for (const record of records) console.log(JSON.stringify(record));
    else if (records.length > 0) console.log(storedTable(records, process.stdout.columns));
    else console.log(`No finished cell of ${folder} is such a one.`);
  },
};
