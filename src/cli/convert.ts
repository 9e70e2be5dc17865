import type { CommandModule } from 'yargs';
import { Failure } from '../support/failure.ts';
import type { ColumnNames } from '../traces/columns.ts';
import { convertTrace } from '../traces/convert.ts';
import type { ReadOptions } from '../traces/read-trace.ts';

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
      .option('columns', {
        type: 'string',
        describe: 'columns of a table, by name or position from 1; found by usual names if absent',
      })
      .option('sessions', {
        type: 'number',
        describe: 'how many agent sessions to take, the first of the file; all if absent',
      })
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
    const options: ReadOptions = {
      ...(columns !== undefined && { columns: parseColumns(columns) }),
      ...(sessions !== undefined && { sessions: checkSessions(sessions) }),
    };
    const { requests, accesses, pageCount } = await convertTrace(from, to, options);
    if (json)
      console.log(JSON.stringify({ out: to, requests, blockAccesses: accesses, distinctBlocks: pageCount }));
    else console.log(`${to}: ${requests} requests, ${accesses} accesses of ${pageCount} blocks`);
  },
};

function parseColumns(text: string): ColumnNames {
  const pairs = text.split(',').map((part) => {
    const [, column, name] = /^(page|time)=(.+)$/.exec(part.trim()) ?? [];
    if (column !== undefined) return [column, name] as const;
    throw new Failure(
      `--columns: “${part}” names no column; give page=… or time=… with a name or a position from 1, as in page=lbn,time=2`,
    );
  });
  return Object.fromEntries(pairs);
}

function checkSessions(sessions: number): number {
  if (Number.isSafeInteger(sessions) && sessions > 0) return sessions;
  throw new Failure('--sessions: must be a positive integer, for example 100');
}
