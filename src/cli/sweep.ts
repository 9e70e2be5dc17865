import { availableParallelism } from 'node:os';
import { dirname, resolve } from 'node:path';
import type { CommandModule } from 'yargs';
import { scoredRequests } from '../report/comparison.ts';
import { sweepTable } from '../report/sweep-table.ts';
import { readExperiment } from '../simulator/experiment.ts';
import type { FailedCell, ResultRecord } from '../simulator/result.ts';
import { sweep as runSweep } from '../simulator/sweep.ts';
import { Failure } from '../support/failure.ts';
import { LineFile } from '../support/line-file.ts';
import { embeddedTrace } from '../traces/embedded-trace.ts';
import { readTrace } from '../traces/read-trace.ts';
import { splitRequests } from '../traces/split.ts';
import { learnedBits } from './learned-bits.ts';
import { progressBar } from './progress.ts';

interface Arguments {
  experiment: string;
  workers: number;
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
        describe: 'JSON file that declares it',
      })
      .option('workers', { type: 'number', default: availableParallelism(), describe: 'worker threads' })
      .option('out', { type: 'string', describe: 'file for one JSON record a line, readable at any time' })
      .option('json', { type: 'boolean', default: false, describe: 'JSON Lines on standard output' })
      .example('$0 sweep experiment.json --out records.jsonl', 'where experiment.json holds, for example:')
      .example(
        '',
        '{"policies": ["lru", "mark0"], "capacities": [500], "predictions": ["flip:0.1"], "seeds": 5}',
      ),
  handler: async ({ experiment: path, workers, out, json }) => {
    if (!Number.isSafeInteger(workers) || workers < 1) throw new Failure('--workers: must be an integer ≥ 1');
    const { trace: file, trainFraction, ...declared } = readExperiment(path);
    const trace = file === undefined ? embeddedTrace() : readTrace(resolve(dirname(path), file));
    const { notes, ...bits } = await learnedBits(declared.predictions, trace, { ...declared, trainFraction });
    const warmed = trainFraction === 0 ? 0 : trace.firstBlock[splitRequests(trace, trainFraction)];
    const evaluatedFrom = Math.max(bits.evaluatedFrom, warmed);
    const sink = out === undefined ? undefined : new LineFile(out);
    const interrupt = new AbortController();
    process.once('SIGINT', () => interrupt.abort());
    const bar = progressBar('sweep');
    const records: ResultRecord[] = [];
    const failures: FailedCell[] = [];
    const options = {
      workers,
      signal: interrupt.signal,
      onFinished: (done: number, all: number) => bar.update(done / all, `${done} of ${all} cells`),
    };
    for await (const record of runSweep({ trace, ...declared, ...bits, evaluatedFrom }, options)) {
      const line = JSON.stringify(record);
      sink?.write(line);
      if (json) console.log(line);
      if ('failure' in record) failures.push(record);
      else records.push(record);
    }
    bar.stop();
    sink?.close();
    if (!json && records.length > 0) {
      console.log(`${sweepTable(records, process.stdout.columns)}\n`);
      for (const note of [`Trace: ${trace.name}.`, scoredRequests(records[0]), ...notes]) console.log(note);
    }
    for (const { policy, capacity, predictions, seed, failure } of failures) {
      console.error(
        `failed: ${policy} at ${capacity} with predictions ${predictions}, seed ${seed}: ${failure}`,
      );
    }
    if (interrupt.signal.aborted) console.error('interrupted: what is shown had finished');
    process.exitCode = interrupt.signal.aborted ? 130 : failures.length > 0 ? 1 : 0;
  },
};
