import type { ArgumentsCamelCase, CommandModule } from 'yargs';
import { blockFeatures, FEATURE_NAMES } from '../features/block-features.ts';
import type { Bits } from '../paging/policy.ts';
import { splitPolicies } from '../policies/description.ts';
import { findPolicy } from '../policies/find-policy.ts';
import { Kernel } from '../predictors/kernel.ts';
import { type Model, readModel } from '../predictors/model.ts';
import { writePage } from '../report/page.ts';
import { comparisonTable } from '../report/table.ts';
import { type Comparison, compare as runComparison } from '../simulator/compare.ts';
import { capacityRecords, flipRecords } from '../simulator/figure-data.ts';
import { checkPredictions, type PredictionSource, parsePredictions } from '../simulator/predictions.ts';
import { Failure } from '../support/failure.ts';
import { traceChecksum } from '../traces/checksum.ts';
import { readTrace } from '../traces/read-trace.ts';
import type { ServingTrace } from '../traces/serving-trace.ts';
import { embeddedTrace } from '../traces/session-generator.ts';
import { splitRequests } from '../traces/split.ts';
import { checkSeed, defaultCapacity, parseCapacities, SEED, TRAIN_FRACTION } from './arguments.ts';
import { compareStream } from './compare-stream.ts';
import { learn } from './learn.ts';

const DEFAULT_POLICIES = 'lru,clock,marker,lazy-mark0,discard(lru),switch(discard(lru),lru)';

/** Those of the default that a stream can serve. */
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
        describe: 'cache sizes in blocks; a fortieth of the distinct blocks if absent',
      })
      .option('predictions', {
        type: 'string',
        default: 'train',
        describe: 'perfect, inverted, random, flip:P, noise:SIGMA, popularity, pleco, model:FILE or train',
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
      .example('$0 compare', 'train a bit on the embedded trace and compare')
      .example('$0 compare conversation.jsonl.gz --capacity 1000,5000 --out page', 'a page to look at')
      .example(
        "$0 compare --policy 'lru,guard(lazy-mark0)' --predictions flip:0.1",
        'true bits, one in ten flipped',
      ),
  handler: async (given) => {
    if (given.stream) {
      runStream(given);
      return;
    }
    // Everything that can be wrong with the request is found before anything long begins.
    const policies = splitPolicies(given.policy).map(findPolicy);
    const source = parsePredictions(given.predictions);
    checkPredictions(source, policies);
    checkSeed(given.seed);
    const wanted = given.capacity === undefined ? undefined : parseCapacities(given.capacity);
    const trace = given.trace === undefined ? embeddedTrace() : readTrace(given.trace);
    const capacities = wanted ?? [defaultCapacity(trace)];
    const bits = await learnedBits(source, trace, capacities, given);
    const comparison: Comparison = {
      trace,
      policies,
      capacities,
      predictions: source.kind === 'inverted' ? [source] : [source, { kind: 'inverted' }],
      seed: given.seed,
      ...bits,
    };
    const records = [];
    for (const record of runComparison(comparison)) {
      records.push(record);
      if (given.json) console.log(JSON.stringify(record));
    }
    if (!given.json) {
      console.log(comparisonTable(records, process.stdout.hasColors?.() ?? false, process.stdout.columns));
      for (const note of bits.notes) console.log(note);
    }
    if (given.out !== undefined) {
      await writePage(given.out, {
        title: `Paging with one bit on ${trace.name}`,
        trace: trace.name,
        command: ['onebit', ...process.argv.slice(2).map(quoted)].join(' '),
        seed: given.seed,
        records,
        capacityRecords: capacityRecords(comparison, records),
        flipRecords: flipRecords(comparison),
        notes: bits.notes,
      });
    }
  },
};

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

/** An argument as it must be typed in a shell. */
function quoted(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;
}

/** The bits of a model, read or trained now, and from where on they may be scored. */
async function learnedBits(
  source: PredictionSource,
  trace: ServingTrace,
  capacities: readonly number[],
  { trainFraction, seed }: ArgumentsCamelCase<Arguments>,
): Promise<{ learned?: (capacity: number) => Bits; evaluatedFrom: number; notes: string[] }> {
  if (source.kind === 'model') {
    const model = readModel(source.file, FEATURE_NAMES);
    const bits = new Kernel(model).bits(blockFeatures(trace).values);
    const { trainedOn, capacity } = model.header;
    // Requests that the model was trained on are never scored.
    const seen = trainedOn.checksum === traceChecksum(trace) ? trainedOn.requests : 0;
    return {
      learned: () => bits,
      evaluatedFrom: trace.firstBlock[seen],
      notes: [
        `Model trained on ${trainedOn.requests.toLocaleString('en')} serving requests of ${trainedOn.trace} for ${capacity.toLocaleString('en')} blocks.`,
      ],
    };
  }
  if (source.kind !== 'train') return { evaluatedFrom: 0, notes: [] };
  const requests = splitRequests(trace, trainFraction);
  const features = blockFeatures(trace).values;
  const models: Model[] = [];
  for (const capacity of capacities) models.push(await learn(trace, requests, capacity, seed));
  const bits = new Map(models.map((model) => [model.header.capacity, new Kernel(model).bits(features)]));
  const thresholds = models
    .map(({ header }) => `${header.threshold} at ${header.capacity.toLocaleString('en')} blocks`)
    .join(', ');
  return {
    learned: (capacity) => bits.get(capacity) as Bits,
    evaluatedFrom: trace.firstBlock[requests],
    notes: [
      `Trained on the first ${requests.toLocaleString('en')} serving requests, before the scored part ` +
        `(backend ${models[0].header.backend}); threshold ${thresholds}.`,
    ],
  };
}
