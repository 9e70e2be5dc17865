import type { CommandModule } from 'yargs';
import { catalog } from '../policies/find-policy.ts';

export const policies: CommandModule = {
  command: 'policies',
  describe:
    'list the policies: what they need, whether pages may differ in size and cost, and where they come from',
  handler: () => {
    for (const { name, needs, randomised, sizes, costs, summary, reference } of catalog()) {
      const weights = sizes ? ['for pages of different sizes', ...(costs ? ['weighs costs'] : [])] : [];
      const facts = [`needs ${needs}`, ...(randomised ? ['randomised'] : []), ...weights, reference];
      console.log(`${name}\n    ${summary}\n    ${facts.join('; ')}`);
    }
  },
};
