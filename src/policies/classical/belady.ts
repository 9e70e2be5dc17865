/** Belady's rule, the offline optimum, as a policy of the catalog; it works as `paging/belady.ts` tells. O(log T) a request. */

import { Belady, nextRequests } from '../../paging/belady.ts';
import type { PolicyDefinition } from '../../paging/definition.ts';
import { competitive } from '../../paging/guarantee.ts';

export const belady: PolicyDefinition = {
  summary: 'the offline optimum: the page requested farthest in the future leaves',
  reference: 'Belady, IBM Systems Journal 1966',
  offline: true,
  stack: () => true,
  guarantee: competitive(() => 1, 'Mattson, Gecsei, Slutz and Traiger, IBM Systems Journal 1970'),
  create: ({ capacity, sequence }) => new Belady(capacity, sequence, nextRequests(sequence)),
};
