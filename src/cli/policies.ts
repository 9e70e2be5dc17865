import type { CommandModule } from 'yargs';
import { CATALOG } from '../policies/catalog.ts';
import { parsePolicy } from '../policies/description.ts';
import { catalog } from '../policies/find-policy.ts';

export const policies: CommandModule = {
  command: 'policies',
  describe:
    'list the policies: what they need, whether pages may differ in size and cost, and where they come from',
  builder: (yargs) => yargs.example('$0 policies', 'every name that --policy takes'),
  handler: () => {
    for (const { name, needs, randomised, sizes, costs, summary, reference } of catalog()) {
      const weights = sizes ? ['for pages of different sizes', ...(costs ? ['weighs costs'] : [])] : [];
      const parameters = Object.entries(CATALOG[parsePolicy(name).name]?.parameters ?? {});
      const defaults = parameters.map(([parameter, value]) => `${parameter}=${value}`);
      const facts = [
        `needs ${needs}`,
        ...defaults,
        ...(randomised ? ['randomised'] : []),
        ...weights,
        reference,
      ];
      console.log(`${name}\n    ${summary}\n    ${facts.join('; ')}`);
    }
  },
};
