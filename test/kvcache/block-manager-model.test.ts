import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import { BlockManager } from '../../src/kvcache/block-manager.ts';
import type { Policy, PredictionKind } from '../../src/paging/policy.ts';
import { Lru } from '../../src/policies/classical/lru.ts';
import { SeededRandom } from '../../src/support/random.ts';
import { hold, seeds } from '../arbitraries.ts';
import { ONLINE_POLICIES } from '../policies/roster.ts';
import { FaultyLru, MISTAKES } from './faulty-lru.ts';
import { type Real, steps } from './manager-commands.ts';
import { NaiveManager } from './naive-manager.ts';

/** KVCACHE_COMMANDS: how many commands all policies get together; a million in a full run. */
const COMMANDS = Number(process.env.KVCACHE_COMMANDS ?? 60_000);
const LENGTH = 40;
const RUNS = Math.ceil((1.1 * COMMANDS) / ONLINE_POLICIES.length / (LENGTH / 2));
const BUDGET = 2;
t.setTimeout(0);

const commands = fc.commands(steps, { maxCommands: LENGTH, size: 'max' });
const capacities = fc.integer({ min: 1, max: 8 });
const memories = fc.nat({ max: 9 });
let applied = 0;

interface Trial {
  readonly capacity: number;
  readonly remembered: number;
  readonly needs: PredictionKind;
  /** For the manager and for the naive one. */
  readonly policies: readonly [ManagerPolicy, ManagerPolicy];
  readonly faulty?: boolean;
}

type ManagerPolicy = (capacity: number, pageCount: number) => Policy;

/** Runs commands on both, frees everything, and returns how often a policy was dismissed. */
function agree(
  { capacity, remembered, needs, policies, faulty = false }: Trial,
  run: Iterable<never>,
): number {
  let dismissed = 0;
  const again = () =>
    new BlockManager({
      capacity,
      remembered,
      policy: policies[0],
      needs,
      retentionBudget: BUDGET,
      onEvent: ({ type }) => {
        if (type === 'PolicyDismissed') dismissed++;
      },
    });
  const universe = capacity + remembered + 1;
  const naive = policies[1](capacity, universe);
  const model = new NaiveManager(capacity, universe, naive, needs === 'nothing', BUDGET);
  const real: Real = { manager: again(), again, leases: [], faulty };
  fc.modelRun(() => ({ model, real }), run);
  for (const [i, lease] of real.leases.entries()) if (!model.leases[i].released) real.manager.release(lease);
  assert(real.manager.clear());
  assert.equal(real.manager.size + real.manager.inUse, 0, 'freeing everything leaves something');
  real.manager.audit();
  return dismissed;
}

for (const policy of ONLINE_POLICIES) {
  t.test(`under ${policy.name} the manager agrees with a naive one, and no policy is dismissed`, async () => {
    const sequence = { pages: new Uint32Array(0), pageCount: 0 };
    const property = fc.property(capacities, memories, seeds, commands, (capacity, remembered, seed, run) => {
      applied += [...run].length;
      const create: ManagerPolicy = (capacity, pageCount) =>
        policy.create({ capacity, pageCount, random: new SeededRandom(seed), sequence });
      agree({ capacity, remembered, needs: policy.needs, policies: [create, create] }, run as never);
    });
    hold(property, RUNS);
  });
}

t.test('as many commands were run as were asked for', async (t) => {
  t.comment(`${applied} commands`);
  t.ok(applied >= COMMANDS);
});

t.test('a policy that makes a mistake is dismissed once, and the manager goes on as LRU', async (t) => {
  let dismissals = 0;
  const mistakes = fc.constantFrom(...MISTAKES);
  const property = fc.property(
    capacities,
    mistakes,
    fc.nat({ max: 60 }),
    commands,
    (capacity, mistake, after, run) => {
      const faulty: ManagerPolicy = (capacity) => new FaultyLru(capacity, mistake, after);
      const lru: ManagerPolicy = (capacity) => new Lru(capacity);
      const trial = {
        capacity,
        remembered: 0,
        needs: 'nothing',
        policies: [faulty, lru],
        faulty: true,
      } as const;
      const dismissed = agree(trial, run as never);
      assert(dismissed <= 1, `dismissed ${dismissed} times`);
      dismissals += dismissed;
    },
  );
  hold(property, 5 * RUNS);
  t.ok(dismissals > 0);
});
