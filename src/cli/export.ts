import type { CommandModule } from 'yargs';
import { freezePolicy } from '../plugin/frozen-policy.ts';
import { formatPolicy } from '../policies/description.ts';
import { writeFile } from '../support/write-file.ts';

interface Arguments {
  policy: string;
  out: string;
  seed: number;
  json: boolean;
}

/** `onebit export`: a frozen policy file for vLLM, SGLang and LMCache. */
export const exportPolicy: CommandModule<object, Arguments> = {
  command: 'export <policy>',
  describe: 'write a policy file for the serving engines (docs/engines)',
  builder: (yargs) =>
    yargs
      .positional('policy', { type: 'string', demandOption: true, describe: 'policy expression' })
      .option('out', {
        type: 'string',
        demandOption: true,
        describe: 'file to write, in place of one that is there',
      })
      .option('seed', {
        type: 'number',
        default: 1,
        describe: 'seed of the coins, where the policy tosses any',
      })
      .option('json', {
        type: 'boolean',
        default: false,
        describe: 'print one line of JSON and nothing else',
      })
      .example("$0 export 'switch(discard(lru),lru,margin=100)' --out policy.json", 'changes sides sooner'),
  handler: ({ policy, out, seed, json }) => {
    const frozen = freezePolicy(policy, seed);
    writeFile(out, `${JSON.stringify(frozen, null, 2)}\n`);
    if (json) console.log(JSON.stringify({ out, ...frozen }));
    else console.log(`${out}: ${formatPolicy(frozen.policy)}; name it to an engine in ONEBIT_POLICY_FILE`);
  },
};
