import { Trust } from '../../src/policies/augmented/trust.ts';
import { SeededRandom } from '../../src/support/random.ts';

/** So many requests in turn, and whether the first policy, the second and the real cache hit. */
export type Spell = readonly [length: number, first: boolean, second: boolean, real: boolean];

/** What the rule of `switch` decides by itself: a margin, spells of requests, and the requests at which sides change. */
export interface RuleCase {
  readonly margin: number;
  readonly spells: readonly Spell[];
  readonly changes: readonly number[];
}

/** Of those in force, and beyond: chance matters from 100 on. */
const MARGINS = [0, 1, 4, 22, 132, 500];
const [SPELLS, LONGEST] = [80, 150];

/** The library's decisions on random spells, long enough for every number of the rule to matter. */
export function ruleCases(count: number): RuleCase[] {
  const random = new SeededRandom(1);
  return Array.from({ length: count }, (_, i) => {
    const spells = Array.from({ length: SPELLS }, () => spell(random));
    const margin = MARGINS[i % MARGINS.length];
    return { margin, spells, changes: changesOf(margin, spells) };
  });
}

/** The real cache mostly does as one of the policies does. */
function spell(random: SeededRandom): Spell {
  const [first, second] = [random.below(2) === 0, random.below(2) === 0];
  const real = [first, first, second, random.below(2) === 0][random.below(4)];
  return [1 + random.below(LONGEST), first, second, real];
}

function changesOf(margin: number, spells: readonly Spell[]): number[] {
  const rule = new Trust(margin);
  const changes: number[] = [];
  let request = 0;
  for (const [length, first, second, real] of spells)
    for (const end = request + length; request < end; request++) {
      const hits: [boolean, boolean] = changes.length % 2 === 0 ? [first, second] : [second, first];
      if (rule.changes(...hits, real)) changes.push(request);
    }
  return changes;
}
