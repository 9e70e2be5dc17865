import type { ArgumentsCamelCase, CommandModule } from 'yargs';
import { splitPolicies } from '../policies/description.ts';
import { findPolicy } from '../policies/find-policy.ts';
import { writePage } from '../report/page.ts';
import { comparisonTable } from '../report/table.ts';
import { type Comparison, plan, compare as runComparison } from '../simulator/compare.ts';
import { capacityRecords, flipRecords } from '../simulator/figure-data.ts';
import {
  checkPredictions,
  isTrained,
  parseSources,
  takesBits,
  withInverted,
} from '../simulator/predictions.ts';
import { Failure } from '../support/failure.ts';
import type { ColumnNames } from '../traces/columns.ts';
import { embeddedTrace } from '../traces/embedded-trace.ts';
import { readTrace } from '../traces/read-trace.ts';
import { splitRequests } from '../traces/split.ts';
import {
  COLUMNS,
  checkSeed,
  commandLine,
  defaultCapacity,
  parseByteCapacities,
  parseCapacities,
  parseColumns,
  SEED,
  TRAIN_FRACTION,
} from './arguments.ts';
import { compareStream } from './compare-stream.ts';
import { runWeighted } from './compare-weighted.ts';
import { learnedBits } from './learned-bits.ts';
import { progressBar } from './progress.ts';

const DEFAULT_POLICIES = 'lru,lru-k,arc,lazy-mark0,discard(lru),switch(discard(lru),lru)';

const DEFAULT_PREDICTIONS = 'train';

/** The default for a stream, which takes policies without predictions alone. */
const STREAM_POLICIES = 'lru,clock,marker';

interface Arguments {
  trace: string | undefined;
  policy: string;
  capacity: string | undefined;
  predictions: string;
  'train-fraction': number;
  seed: number;
  json: boolean;
  out: string | undefined;
  stream: boolean;
  weighted: boolean;
  columns: string | undefined;
}

export const compare: CommandModule<object, Arguments> = {
  command: 'compare [trace]',
  describe: 'the main job: policies × capacities × predictions on a trace',
  builder: (yargs) =>
    yargs
      .positional('trace', { type: 'string', describe: 'trace file; the embedded trace if absent' })
      .option('policy', {
        type: 'string',
        default: DEFAULT_POLICIES,
        describe: 'policies (see onebit policies)',
      })
      .option('capacity', {
        type: 'string',
        describe:
          'cache sizes in blocks, or in bytes (64MB, 1GiB) where the trace tells sizes; a fortieth of the distinct blocks if absent',
      })
      .option('predictions', {
        type: 'string',
        default: DEFAULT_PREDICTIONS,
        describe:
          'perfect, inverted, random, flip:P, flip-requests:P, bursts:P:LENGTH, adversarial:P, noise:SIGMA, popularity, pleco, model:FILE, train, online or online:FILE; several with commas',
      })
      .option('train-fraction', TRAIN_FRACTION)
      .option('seed', SEED)
      .option('json', { type: 'boolean', default: false, describe: 'JSON Lines on standard output' })
      .option('out', { type: 'string', describe: 'folder for a page with figures' })
      .option('stream', {
        type: 'boolean',
        default: false,
        describe: 'read a columnar file piece by piece: any length, for online policies without predictions',
      })
      .option('weighted', {
        type: 'boolean',
        default: false,
        describe: 'faults cost what the trace says; they also do where capacity is in bytes',
      })
      .option('columns', COLUMNS)
      .example('$0 compare', 'train a bit on the embedded trace and compare')
      .example('$0 compare conversation.jsonl.gz --capacity 1000,5000 --out page', 'a page to look at')
      .example(
        '$0 compare conversation.jsonl.gz --capacity 5000 --predictions train,online',
        'the model as it is, and as it keeps learning',
      )
      .example(
        "$0 compare --policy 'lru,guard(lazy-mark0)' --predictions flip:0.1",
        'true bits, one in ten flipped',
      )
      .example('$0 compare io.csv --capacity 64MB,1GiB', 'policies for pages of different sizes'),
  handler: async (given) => {
    const bytes = given.capacity === undefined ? undefined : parseByteCapacities(given.capacity);
    const columns = given.columns === undefined ? undefined : parseColumns(given.columns);
    if (bytes !== undefined || given.weighted) {
      compareWeights(given, bytes, columns);
      return;
    }
    if (given.stream) {
      runStream(given);
      return;
    }
    // Everything that can be wrong with the request is found before anything long begins.
    const policies = splitPolicies(given.policy).map(findPolicy);
    const sources = parseSources(given.predictions);
    for (const source of sources) checkPredictions(source, policies);
    checkSeed(given.seed);
    const wanted = given.capacity === undefined ? undefined : parseCapacities(given.capacity);
    const trace =
      given.trace === undefined ? embeddedTrace() : readTrace(given.trace, { ...(columns && { columns }) });
    const capacities = wanted ?? [defaultCapacity(trace)];
    // Scored on the same requests whether or not there is a policy to train bits for.
    const bits =
      sources.some(isTrained) && !policies.some(takesBits)
        ? { evaluatedFrom: trace.firstBlock[splitRequests(trace, given.trainFraction)], notes: [] }
        : await learnedBits(sources, trace, {
            capacities,
            seeds: [given.seed],
            trainFraction: given.trainFraction,
          });
    const comparison: Comparison = {
      trace,
      policies,
      capacities,
      predictions: withInverted(sources),
      seeds: [given.seed],
      ...bits,
    };
    if ('prepare' in bits) await bits.prepare(plan(comparison));
    const records = [];
    const bar = progressBar('comparing');
    const cells = plan(comparison).length;
    for (const record of runComparison(comparison)) {
      records.push(record);
      bar.update(records.length / cells, `${record.policy}, ${record.capacity} pages`);
      if (given.json) console.log(JSON.stringify(record));
    }
    bar.stop();
    if (!given.json) {
      console.log(comparisonTable(records, process.stdout.hasColors?.() ?? false, process.stdout.columns));
      for (const note of bits.notes) console.log(note);
    }
    if (given.out !== undefined) {
      await writePage(given.out, {
        title: `Paging with one bit on ${trace.name}`,
        trace: trace.name,
        command: commandLine(),
        seed: given.seed,
        records,
        capacityRecords: capacityRecords(comparison, records),
        flipRecords: flipRecords(comparison),
        notes: bits.notes,
      });
    }
  },
};

function compareWeights(
  given: ArgumentsCamelCase<Arguments>,
  bytes: number[] | undefined,
  columns: ColumnNames | undefined,
): void {
  checkSeed(given.seed);
  const why = bytes === undefined ? '--weighted' : `--capacity ${given.capacity}`;
  if (given.stream)
    throw new Failure(`--stream: ${why} needs the whole trace for its bounds; leave out --stream`);
  if (given.out !== undefined)
    throw new Failure(`--out: there is no page for ${why}; leave out --out, or add --json for records`);
  if (given.predictions !== DEFAULT_PREDICTIONS)
    throw new Failure(`--predictions: none are made with ${why}; leave out --predictions`);
  const pages = given.capacity === undefined ? undefined : (bytes ?? parseCapacities(given.capacity));
  runWeighted({
    trace: given.trace,
    policies: given.policy === DEFAULT_POLICIES ? undefined : splitPolicies(given.policy),
    capacities: pages,
    unit: bytes === undefined ? 'pages' : 'bytes',
    columns,
    seed: given.seed,
    json: given.json,
  });
}

function runStream(given: ArgumentsCamelCase<Arguments>): void {
  checkSeed(given.seed);
  if (given.out !== undefined)
    throw new Failure('--out: a page needs OPT and the whole trace; leave out --out or --stream');
  compareStream({
    trace: given.trace,
    policies: splitPolicies(given.policy === DEFAULT_POLICIES ? STREAM_POLICIES : given.policy),
    capacities: given.capacity === undefined ? undefined : parseCapacities(given.capacity),
    seed: given.seed,
    json: given.json,
  });
}
