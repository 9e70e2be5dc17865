import { availableParallelism } from 'node:os';
import type { CommandModule } from 'yargs';
import { Failure } from '../support/failure.ts';

interface Arguments {
  queue: string;
  workers: number;
  idle: number | undefined;
}

export const worker: CommandModule<object, Arguments> = {
  command: 'worker',
  describe: 'run the cells that onebit sweep --queue submits, on any number of machines',
  builder: (yargs) =>
    yargs
      .option('queue', { type: 'string', demandOption: true, describe: 'Redis or Valkey server' })
      .option('workers', { type: 'number', default: availableParallelism(), describe: 'worker threads' })
      .option('idle', {
        type: 'number',
        describe: 'end after so many seconds without a cell; never if absent',
      })
      .example('$0 worker --queue redis://host', 'until interrupted')
      .example('$0 worker --queue redis://host --idle 60', 'in a batch job'),
  handler: async ({ queue, workers, idle }) => {
    if (!Number.isSafeInteger(workers) || workers < 1) throw new Failure('--workers: must be an integer ≥ 1');
    if (idle !== undefined && !(idle > 0)) throw new Failure('--idle: must be a number of seconds > 0');
    const [{ connect }, { work }] = await Promise.all([
      import('../queue/connection.ts'),
      import('../queue/work.ts'),
    ]);
    const redis = await connect(queue);
    const stop = new AbortController();
    for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => stop.abort());
    console.log(`waiting for cells at ${new URL(queue).host}`);
    const { cells, traces } = await work(redis, { threads: workers, idle, signal: stop.signal });
    redis.disconnect();
    console.log(`${cells.toLocaleString('en')} cells run, ${traces.toLocaleString('en')} traces fetched`);
    process.exit();
  },
};
