import Table from 'cli-table3';
import type { CommandModule } from 'yargs';
import { NO_BORDER } from '../report/draw-table.ts';
import { attentionStatistics, describeAttention } from '../traces/attention-statistics.ts';
import { type AttentionTrace, isAttention, readAttention } from '../traces/attention-trace.ts';
import { headOf } from '../traces/content.ts';
import { describeStatistics } from '../traces/describe-statistics.ts';
import { embeddedTrace } from '../traces/embedded-trace.ts';
import { readTrace } from '../traces/read-trace.ts';
import { CONVERSATION_REFERENCE } from '../traces/reference.ts';
import { generateSessions } from '../traces/session-generator.ts';
import { DEFAULT_SESSIONS } from '../traces/session-parameters.ts';
import { traceStatistics } from '../traces/statistics.ts';
import { writeMooncake } from '../traces/write-mooncake.ts';
import { SEED } from './arguments.ts';
import { convert } from './convert.ts';

interface StatsArguments {
  trace: string | undefined;
  json: boolean;
}

interface GenerateArguments {
  out: string;
  requests: number;
  seed: number;
  json: boolean;
}

const json = {
  type: 'boolean',
  default: false,
  describe: 'print one line of JSON and nothing else',
} as const;

const stats: CommandModule<object, StatsArguments> = {
  command: 'stats [trace]',
  describe: 'facts about a trace, beside those of the Mooncake conversation trace',
  builder: (yargs) =>
    yargs
      .positional('trace', { type: 'string', describe: 'trace file; without it, the embedded trace' })
      .option('json', json)
      .example('$0 trace stats mooncake_conversation.jsonl.gz', 'what is in a trace'),
  handler: (options) => {
    if (options.trace !== undefined && isAttention(headOf(options.trace).head)) {
      attentionStats(readAttention(options.trace), options.json);
      return;
    }
    const trace = options.trace === undefined ? embeddedTrace() : readTrace(options.trace);
    const statistics = traceStatistics(trace);
    if (options.json) {
      console.log(JSON.stringify({ trace: trace.name, ...statistics }));
      return;
    }
    const reference = describeStatistics(CONVERSATION_REFERENCE);
    const rows = describeStatistics(statistics).map(([label, value], row) => [
      label,
      value,
      reference[row][1],
    ]);
    printRows([['', trace.name, 'Mooncake conversation'], ...rows]);
  },
};

function attentionStats(trace: AttentionTrace, asJson: boolean): void {
  const statistics = attentionStatistics(trace);
  if (asJson) console.log(JSON.stringify({ trace: trace.name, ...statistics }));
  else printRows([['', trace.name], ...describeAttention(statistics)]);
}

function printRows(rows: readonly (readonly string[])[]): void {
  const table = new Table({
    chars: { ...NO_BORDER, mid: '', 'mid-mid': '', middle: '' },
    style: { compact: true, head: [], border: [], 'padding-left': 0 },
  });
  for (const row of rows) table.push([...row]);
  console.log(table.toString());
}

const generate: CommandModule<object, GenerateArguments> = {
  command: 'generate',
  describe: 'write a generated trace of chat, document and agent sessions in the Mooncake format',
  builder: (yargs) =>
    yargs
      .option('out', {
        type: 'string',
        demandOption: true,
        describe: 'file to write; gzip if it ends in .gz',
      })
      .option('requests', {
        type: 'number',
        default: DEFAULT_SESSIONS.requests,
        describe: 'number of requests',
      })
      .option('seed', SEED)
      .option('json', json)
      .example('$0 trace generate --out sessions.jsonl.gz --requests 50000 --seed 2', 'a longer trace'),
  handler: ({ out, requests, seed, json }) => {
    const trace = generateSessions({ ...DEFAULT_SESSIONS, requests }, seed);
    writeMooncake(trace, out);
    const blockAccesses = trace.blocks.pages.length;
    const distinctBlocks = trace.blocks.pageCount;
    if (json) console.log(JSON.stringify({ out, requests, seed, blockAccesses, distinctBlocks }));
    else
      console.log(
        `${out}: ${requests} requests, ${blockAccesses} accesses of ${distinctBlocks} blocks, seed ${seed}`,
      );
  },
};

/** `onebit trace`: facts about traces, generated and converted ones. */
export const trace: CommandModule<object, object> = {
  command: 'trace',
  describe: 'facts about traces, generated and converted traces: trace stats, generate, convert',
  builder: (yargs) =>
    yargs
      .command(stats)
      .command(generate)
      .command(convert)
      .demandCommand(1, 'name an action: stats, generate or convert')
      .strict()
      .recommendCommands(),
  // An action always runs instead; yargs asks for a handler all the same.
  handler: () => {},
};
