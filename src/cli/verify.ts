import type { CommandModule } from 'yargs';
import { Failure } from '../support/failure.ts';
import { verify as runVerify } from '../verify/run/verify.ts';
import { reportText } from '../verify/run/verify-text.ts';
import { checkSeed, SEED } from './arguments.ts';
import { progressBar } from './progress.ts';

interface Arguments {
  policy: string;
  seed: number;
  replay: string | undefined;
  json: boolean;
}

export const verify: CommandModule<object, Arguments> = {
  command: 'verify <policy>',
  describe: 'hold a policy to the laws: exhaustive, random and guided search for a counterexample',
  builder: (yargs) =>
    yargs
      .positional('policy', {
        type: 'string',
        demandOption: true,
        describe: 'a policy (see onebit policies), or a file that exports a PolicyDefinition',
      })
      .option('seed', SEED)
      .option('replay', {
        type: 'string',
        describe: 'try the laws on this instance alone: JSON, or a file with it',
      })
      .option('json', { type: 'boolean', default: false, describe: 'JSON Lines on standard output' })
      .example('$0 verify lazy-mark0', 'every law, on a policy of the catalog')
      .example('$0 verify policy.ts', 'and on your own')
      .example(
        `$0 verify lru --replay '{"pages":[0,1,2,0],"capacity":2}'`,
        'on one instance: pages, capacity, predictions, seed',
      ),
  handler: async ({ policy, seed, replay, json }) => {
    checkSeed(seed);
    const start = performance.now();
    const bar = progressBar(`verifying ${policy}`);
    const task = { subject: policy, seed, ...(replay !== undefined && { replay }) };
    const { facts, records } = await runVerify(task, bar.update).finally(bar.stop);
    if (json) for (const record of records) console.log(JSON.stringify(record));
    else console.log(reportText(facts, records, (performance.now() - start) / 1000));
    const broken = records.filter(({ outcome }) => outcome === 'broken').map(({ law }) => law);
    if (broken.length > 0)
      throw new Failure(`${policy} breaks ${broken.length} of its laws: ${broken.join(', ')}`);
  },
};
