/** Never throwing a page out before its slot is needed: under the same coins it never costs more. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import { Cache } from '../../src/paging/cache.ts';
import { findPolicy } from '../../src/policies/find-policy.ts';
import { SeededRandom } from '../../src/support/random.ts';
import { hold, type Instance, instances, seeds } from '../arbitraries.ts';

function start(name: string, { sequence, capacity }: Instance, seed: number): Cache {
  const { pageCount } = sequence;
  const random = new SeededRandom(seed);
  return new Cache(capacity, pageCount, findPolicy(name).create({ capacity, pageCount, random, sequence }));
}

for (const [lazyName, eagerName] of [
  ['lazy-mark0', 'mark0'],
  ['lazy-flush-when-all-0s', 'flush-when-all-0s'],
]) {
  t.test(
    `${lazyName} holds all that ${eagerName} holds under the same coins, so it never costs more`,
    async () => {
      hold(
        fc.property(instances({ length: 60, capacity: 5, extra: 4 }), seeds, (instance, seed) => {
          const lazy = start(lazyName, instance, seed);
          const eager = start(eagerName, instance, seed);
          instance.sequence.pages.forEach((page, i) => {
            lazy.request(page, instance.bits[i]);
            eager.request(page, instance.bits[i]);
            assert(lazy.faults <= eager.faults, `${lazyName} has more faults at step ${i}`);
            eager.slotOf.forEach((slot, other) => {
              assert(
                slot < 0 || lazy.slotOf[other] >= 0,
                `after step ${i} only ${eagerName} holds page ${other}`,
              );
            });
          });
        }),
        2000,
      );
    },
  );
}
