import type { CommandModule } from 'yargs';
import { writeModel } from '../predictors/model.ts';
import { readTrace } from '../traces/read-trace.ts';
import { splitRequests } from '../traces/split.ts';
import { checkSeed, defaultCapacity, parseCapacities, SEED, TRAIN_FRACTION } from './arguments.ts';
import { gatewayJudgement, judgement, learn } from './learn.ts';

interface Arguments {
  trace: string;
  capacity: string | undefined;
  out: string;
  'train-fraction': number;
  seed: number;
}

export const train: CommandModule<object, Arguments> = {
  command: 'train <trace>',
  describe: 'fit a discard-bit predictor to the first part of a trace and write a model file',
  builder: (yargs) =>
    yargs
      .positional('trace', { type: 'string', demandOption: true, describe: 'trace file' })
      .option('capacity', {
        type: 'string',
        describe: 'cache sizes in blocks at which to judge it; a fortieth of the distinct blocks if absent',
      })
      .option('out', { type: 'string', demandOption: true, describe: 'model file to write' })
      .option('train-fraction', TRAIN_FRACTION)
      .option('seed', SEED)
      .example(
        '$0 train conversation.jsonl.gz --capacity 5000 --out chat.onebit',
        'then: compare --predictions model:chat.onebit',
      ),
  handler: async ({ trace: path, capacity: given, out, trainFraction, seed }) => {
    checkSeed(seed);
    const trace = readTrace(path);
    const capacities = given === undefined ? [defaultCapacity(trace)] : parseCapacities(given);
    const model = await learn(
      trace,
      splitRequests(trace, trainFraction),
      capacities,
      seed,
      `${out}.unfinished`,
    );
    writeModel(out, model);
    const { backend, trainedOn } = model.header;
    console.log(
      `${out}: trained on ${trainedOn.requests} requests of ${trainedOn.trace}, backend ${backend}; ${judgement(model)}; ` +
        gatewayJudgement(model),
    );
  },
};
