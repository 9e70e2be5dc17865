import type { CommandModule } from 'yargs';
import { catalog } from '../policies/find-policy.ts';

export const policies: CommandModule = {
  command: 'policies',
  describe: 'list the policies: what they need, and where they come from',
  handler: () => {
    for (const { name, needs, randomised, summary, reference } of catalog()) {
      console.log(
        `${name}\n    ${summary}\n    needs ${needs}${randomised ? '; randomised' : ''}; ${reference}`,
      );
    }
  },
};
