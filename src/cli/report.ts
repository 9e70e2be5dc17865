import { join } from 'node:path';
import type { CommandModule } from 'yargs';
import { writeReport } from '../report/report-page.ts';
import { BELADY, LRU } from '../simulator/compare.ts';
import { Failure } from '../support/failure.ts';
import { commandLine } from './arguments.ts';
import { STORED_QUERY, type StoredQuery, storedRecords } from './stored-records.ts';

interface Arguments extends StoredQuery {
  out: string;
  title: string;
}

export const report: CommandModule<object, Arguments> = {
  command: 'report',
  describe: 'a page of the finished cells of earlier sweeps, with tables and interactive figures',
  builder: (yargs) =>
    yargs
      .options(STORED_QUERY)
      .option('out', { type: 'string', default: 'report', describe: 'folder for the page' })
      .option('title', { type: 'string', default: 'Paging with one bit', describe: 'of the page' })
      .example('$0 report', 'everything in the store')
      .example('$0 report --trace conversation --policy lru-k,lazy-mark0 --out page', 'a part of it'),
  handler: async (given) => {
    const { out, title } = given;
    const records = storedRecords(given, [LRU, BELADY]);
    if (records.length === 0)
      throw new Failure(
        `no finished cell of ${given.store} is such a one; see onebit results for those that are`,
      );
    await writeReport(out, { title, command: commandLine(), records });
    console.log(`${records.length.toLocaleString('en')} cells: ${join(out, 'index.html')}`);
  },
};
