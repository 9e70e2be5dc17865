import type { CommandModule } from 'yargs';
import { convertTrace } from '../traces/convert.ts';
import { COLUMNS, checkSessions, parseColumns, SESSIONS } from './arguments.ts';

interface Arguments {
  in: string;
  out: string;
  columns: string | undefined;
  sessions: number | undefined;
  json: boolean;
}

/** `onebit trace convert`, also under the name `import`: any format becomes a columnar file. */
export const convert: CommandModule<object, Arguments> = {
  command: 'convert <in> <out>',
  aliases: 'import',
  describe: 'make a compact columnar file of a trace in any format, also of one larger than memory',
  builder: (yargs) =>
    yargs
      .positional('in', { type: 'string', demandOption: true, describe: 'trace file' })
      .positional('out', {
        type: 'string',
        demandOption: true,
        describe: 'columnar file to write, in place of one that is there',
      })
      .option('columns', COLUMNS)
      .option('sessions', SESSIONS)
      .option('json', {
        type: 'boolean',
        default: false,
        describe: 'print one line of JSON and nothing else',
      })
      .example('$0 trace convert big.oracleGeneral.zst big.onebit', 'any size, at bounded memory')
      .example(
        '$0 trace convert io.csv io.onebit --columns page=4,time=2',
        'a table with unusual names or none',
      )
      .example('$0 trace convert agents.jsonl.gz agents.onebit --sessions 100', 'some of many sessions'),
  handler: async ({ in: from, out: to, columns, sessions, json }) => {
    const options = {
      ...(columns !== undefined && { columns: parseColumns(columns) }),
      ...(sessions !== undefined && { sessions: checkSessions(sessions) }),
    };
    const { requests, accesses, pageCount, weights } = await convertTrace(from, to, options);
    const sizes = weights.sizes(pageCount) !== undefined;
    const costs = weights.costs(pageCount) !== undefined;
    if (json) {
      const counts = { requests, blockAccesses: accesses, distinctBlocks: pageCount };
      console.log(JSON.stringify({ out: to, ...counts, sizes, costs }));
      return;
    }
    const kept = [sizes ? 'sizes' : '', costs ? 'costs' : ''].filter((what) => what !== '').join(' and ');
    const also = kept === '' ? '' : `, with their ${kept}`;
    console.log(`${to}: ${requests} requests, ${accesses} accesses of ${pageCount} blocks${also}`);
    if (sizes && weights.changes > 0)
      console.log(
        `${weights.changes} requests came with another size than their page had before; a page has the largest`,
      );
    for (const trouble of weights.troubles) console.log(`left out: ${trouble}`);
  },
};
