import { join } from 'node:path';
import type { CommandModule } from 'yargs';
import { FEATURE_NAMES } from '../features/block-features.ts';
import { readModel } from '../predictors/model.ts';
import { evaluationText, reliabilityFigure, strictnessFigure } from '../report/evaluation.ts';
import { evaluate as runEvaluation } from '../simulator/evaluate.ts';
import { Failure } from '../support/failure.ts';
import { writeFile } from '../support/write-file.ts';
import { traceChecksum } from '../traces/checksum.ts';
import { embeddedTrace } from '../traces/embedded-trace.ts';
import { readTrace } from '../traces/read-trace.ts';
import { requestCount } from '../traces/serving-trace.ts';
import { splitRequests } from '../traces/split.ts';
import { checkSeed, defaultCapacity, parseCapacities, SEED, TRAIN_FRACTION } from './arguments.ts';

interface Arguments {
  trace: string | undefined;
  model: string;
  capacity: string | undefined;
  'train-fraction': number;
  seed: number;
  json: boolean;
  out: string | undefined;
}

export const evaluate: CommandModule<object, Arguments> = {
  command: 'evaluate [trace]',
  describe: 'what a model file is worth on requests that it was not trained on',
  builder: (yargs) =>
    yargs
      .positional('trace', { type: 'string', describe: 'trace file; the embedded trace if absent' })
      .option('model', { type: 'string', demandOption: true, describe: 'model file (onebit train)' })
      .option('capacity', {
        type: 'string',
        describe: 'cache sizes in blocks; a fortieth of the distinct blocks if absent',
      })
      .option('train-fraction', {
        ...TRAIN_FRACTION,
        describe:
          'share of the accesses that only fill the caches, where the model was trained on another trace',
      })
      .option('seed', {
        ...SEED,
        describe: 'of the shuffles behind the importance of features, an integer ≥ 0',
      })
      .option('json', { type: 'boolean', default: false, describe: 'one record on standard output' })
      .option('out', {
        type: 'string',
        describe: 'folder for a reliability diagram and hit ratios by threshold',
      })
      .example('$0 evaluate conversation.jsonl.gz --model chat.onebit --capacity 1000,5000', 'a report')
      .example(
        '$0 evaluate other.jsonl.gz --model chat.onebit --out report',
        'on another trace, with figures',
      ),
  handler: async ({ trace: path, model: file, capacity, trainFraction, seed, json, out }) => {
    checkSeed(seed);
    const model = readModel(file, FEATURE_NAMES);
    const trace = path === undefined ? embeddedTrace() : readTrace(path);
    const { checksum, requests } = model.header.trainedOn;
    const own = checksum === traceChecksum(trace);
    const from = own ? requests : splitRequests(trace, trainFraction);
    if (from === requestCount(trace)) {
      throw new Failure(
        `${file}: was trained on all of ${trace.name}; train it with --train-fraction below 1, or bring another trace`,
      );
    }
    const capacities = capacity === undefined ? [defaultCapacity(trace)] : parseCapacities(capacity);
    const record = runEvaluation(trace, model, from, capacities, seed);
    console.log(json ? JSON.stringify(record) : evaluationText(record));
    if (out === undefined) return;
    writeFile(join(out, 'reliability.svg'), await reliabilityFigure(record));
    writeFile(join(out, 'strictness.svg'), await strictnessFigure(record));
  },
};
