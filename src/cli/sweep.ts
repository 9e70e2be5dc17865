import { availableParallelism } from 'node:os';
import type { CommandModule } from 'yargs';
import type { Comparison } from '../simulator/compare.ts';
import { type Experiment, readExperiment } from '../simulator/experiment.ts';
import { formatPredictions } from '../simulator/predictions.ts';
import { origin } from '../store/origin.ts';
import { ResultStore } from '../store/result-store.ts';
import { Failure } from '../support/failure.ts';
import { commandLine, STORE } from './arguments.ts';
import { type Progress, progressBar } from './progress.ts';
import { SweepOutput } from './sweep-output.ts';
import { sweepTrace } from './sweep-trace.ts';

interface Arguments {
  experiment: string;
  reduced: boolean;
  workers: number;
  queue: string | undefined;
  store: string | false;
  resume: boolean;
  out: string | undefined;
  json: boolean;
}

export const sweep: CommandModule<object, Arguments> = {
  command: 'sweep <experiment>',
  describe: 'a declared experiment: policies × capacities × predictions × seeds, on all cores',
  builder: (yargs) =>
    yargs
      .positional('experiment', {
        type: 'string',
        demandOption: true,
        describe: 'JSON or TypeScript file that declares it',
      })
      .option('reduced', {
        type: 'boolean',
        default: false,
        describe: 'the reduced run that the experiment declares',
      })
      .option('workers', { type: 'number', default: availableParallelism(), describe: 'worker threads' })
      .option('queue', {
        type: 'string',
        describe:
          'Redis or Valkey server whose workers (onebit worker) run the cells; threads of this machine if absent',
      })
      .option('store', STORE)
      .option('resume', {
        type: 'boolean',
        default: true,
        describe: 'take what the store has; --no-resume runs every cell anew',
      })
      .option('out', {
        type: 'string',
        describe: 'file (.jsonl) for one JSON record a line, or a folder for it and a manifest of the run',
      })
      .option('json', { type: 'boolean', default: false, describe: 'JSON Lines on standard output' })
      .example('$0 sweep experiment.json --out records.jsonl', 'where experiment.json holds, for example:')
      .example(
        '',
        '{"policies": ["lru", "mark0"], "capacities": [500], "predictions": ["flip:0.1"], "seeds": 5}',
      )
      .example('$0 sweep experiments/error-sweep/experiment.ts', 'an experiment of this project'),
  handler: async (given) => {
    const { experiment: path, workers } = given;
    if (!Number.isSafeInteger(workers) || workers < 1) throw new Failure('--workers: must be an integer ≥ 1');
    const experiment = await readExperiment(path, given.reduced);
    const from = origin(commandLine());
    const store = given.store === false ? undefined : new ResultStore(given.store, from);
    if (store !== undefined && store.damaged > 0)
      console.error(`${given.store}: ${store.damaged} damaged lines; their cells are run again`);
    const interrupt = new AbortController();
    const { signal } = interrupt;
    process.once('SIGINT', () => interrupt.abort());
    const queue = given.queue === undefined ? undefined : await cellQueue(given.queue);
    const output = new SweepOutput(given.out, given.json, { ...from, options: optionsOf(given, experiment) });
    for (const trace of experiment.traces) {
      if (signal.aborted) break;
      let bar: Progress | undefined;
      const swept = await sweepTrace(trace, experiment, {
        workers,
        elsewhere: queue?.run,
        store: store && { cells: store, folder: given.store as string, resume: given.resume },
        signal,
        onRecord: (record) => output.write(record),
        onFinished: (done, all) => {
          bar ??= progressBar('sweep');
          bar.update(done / all, `${done} of ${all} cells`);
        },
      });
      bar?.stop();
      output.finish(swept);
    }
    store?.close();
    queue?.close();
    output.close(signal.aborted);
    process.exitCode = signal.aborted ? 130 : output.failed ? 1 : 0;
  },
};

/** Runs cells on the workers of a queue. What does so is loaded only here. */
async function cellQueue(url: string) {
  const [{ connect }, { submitCells }] = await Promise.all([
    import('../queue/connection.ts'),
    import('../queue/submit-cells.ts'),
  ]);
  const redis = await connect(url);
  return {
    run: (comparison: Comparison) => submitCells(redis, comparison),
    close: () => redis.disconnect(),
  };
}

/** What was asked for, as the manifest tells it: policies and predictions by their names. */
function optionsOf({ experiment: file, reduced }: Arguments, experiment: Experiment) {
  const { traces: _, policies, predictions, ...rest } = experiment;
  return {
    experiment: file,
    reduced,
    ...rest,
    policies: policies.map(({ name }) => name),
    predictions: predictions.map(formatPredictions),
  };
}
