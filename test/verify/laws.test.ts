/** Each law is seen to fail, on a policy that breaks it, with a counterexample that is small and can be replayed. */
import assert from 'node:assert/strict';
import t from 'tap';
import type { Ratio } from '../../src/paging/definition.ts';
import { competitive, harmonic } from '../../src/paging/guarantee.ts';
import { findPolicy, policyFrom } from '../../src/policies/find-policy.ts';
import { holdToLaw, type Outcome } from '../../src/verify/hold-to-law.ts';
import { laws } from '../../src/verify/index.ts';
import { makeInstance } from '../../src/verify/instance.ts';
import { EVERY_LAW } from '../../src/verify/laws/every-law.ts';
import { type Engine, examine, type Law } from '../../src/verify/laws/law.ts';
import { BROKEN_POLICIES, OVERSTATED_MARKER } from './broken-policies.ts';

function lawNamed(name: string): Law {
  return EVERY_LAW.find((law) => law.name === name) ?? assert.fail(`there is no law ${name}`);
}

function violationOf({ violation }: Outcome) {
  return violation ?? assert.fail('the law holds');
}

t.test('every law has a policy that breaks it', async (t) => {
  t.strictSame(Object.keys(BROKEN_POLICIES).sort(), EVERY_LAW.map(({ name }) => name).sort());
});

for (const [name, definition] of Object.entries(BROKEN_POLICIES)) {
  t.test(`the law “${name}” is seen to fail, and the counterexample is found again`, async (t) => {
    const law = lawNamed(name);
    const policy = policyFrom('broken', definition);
    const { complaint, instance, requests } = violationOf(holdToLaw(law, policy, 1));
    assert(instance !== undefined);
    t.notMatch(complaint, /\n/, complaint);
    const { length } = instance.sequence.pages;
    t.ok(length <= requests && (name === 'lower bounds' || length <= 20), `${length} requests`);
    // A policy with coins of its own is another one each time.
    if (name !== 'reproducibility') t.equal(examine(law, policy, instance).complaint, complaint);
    const test = laws(definition).find((candidate) => candidate.name === name);
    t.throws(() => test?.check(), {
      message: new RegExp(`law “${name}”: .+\\n.*\\n?replay: +onebit verify POLICY --replay`),
    });
  });
}

t.test('each engine alone finds what it is for', async (t) => {
  const alone = (name: string, engine: Engine, definition = BROKEN_POLICIES[name]) =>
    violationOf(holdToLaw({ ...lawNamed(name), engines: [engine] }, policyFrom('broken', definition), 1));
  for (const engine of ['exhaustive', 'random', 'search'] as const)
    t.equal(alone('guarantee', engine, BROKEN_POLICIES.damage).engine, engine);
  // That lfu is not competitive shows only on longer sequences than the exhaustive ones.
  for (const engine of ['random', 'search'] as const) t.equal(alone('guarantee', engine).engine, engine);
  t.equal(alone('damage', 'search').engine, 'search');
  t.equal(alone('robustness', 'search').engine, 'search');
  t.equal(alone('guarantee', 'search', OVERSTATED_MARKER).engine, 'search');
  t.equal(alone('lower bounds', 'families').instance?.capacity, 8);
});

t.test('nothing can be left out of a counterexample', async (t) => {
  const law = lawNamed('guarantee');
  const policy = policyFrom('broken', BROKEN_POLICIES.guarantee);
  for (let seed = 1; seed <= 3; seed++) {
    const instance = violationOf(holdToLaw({ ...law, engines: ['search'] }, policy, seed)).instance;
    assert(instance !== undefined);
    const pages = [...instance.sequence.pages];
    for (let step = 0; step < pages.length; step++) {
      const shorter = makeInstance(pages.toSpliced(step, 1), instance.capacity, undefined, instance.seed);
      t.equal(examine(law, policy, shorter).complaint, undefined, `without request ${step}`);
    }
  }
});

t.test('too many coins to walk are sampled, and a violation must be beyond chance', async (t) => {
  const law = { ...lawNamed('guarantee'), engines: ['families'] } as const;
  const sound = holdToLaw(law, findPolicy('marker'), 1);
  t.equal(sound.violation, undefined);
  t.equal(sound.trials[0].sampled, sound.trials[0].instances);
  const overstated = { ...OVERSTATED_MARKER, guarantee: competitive((k) => 1 + k / 100, 'wishful thinking') };
  const { complaint } = violationOf(holdToLaw(law, policyFrom('broken', overstated), 1));
  t.match(complaint, /mean of \d+ runs, at least .+ with confidence|expected faults/);
});

t.test('a promise below the lower bounds is refuted even where a large constant hides it', async (t) => {
  const hidden = (name: string, ratios: { alpha?: Ratio; gamma?: Ratio }) => {
    const policy = findPolicy(name);
    const promised = policy.guarantee ?? assert.fail(name);
    const guarantee = { ...promised, additive: () => 10_000, ...ratios };
    return violationOf(holdToLaw(lawNamed('lower bounds'), { ...policy, guarantee }, 1)).complaint;
  };
  t.match(hidden('lru', { alpha: (k) => k - 0.5 }), /α \+ β = 0\.5, below 1, which is impossible for k 1/);
  t.match(
    hidden('marker', { alpha: (k) => 0.9 * harmonic(k) }),
    /α \+ β = 0\.9, below 1, which is impossible/,
  );
  t.match(
    hidden('discard(lru)', { gamma: () => 0.5 }),
    /α \+ 1γ = 1\.5, below 2, which is impossible for k 2/,
  );
  t.match(
    hidden('discard(online-min)', { gamma: () => 0 }),
    /α \+ 3\.5γ = 1, below 1\.5, which is impossible for k 2/,
  );
});

t.test('a policy is held to what it declares, and to nothing else', async (t) => {
  const held = (name: string) => laws(findPolicy(name)).map((law) => law.name);
  t.strictSame(held('sieve'), ['victims', 'hits', 'protection', 'causality', 'reproducibility', 'coins']);
  t.ok(['marking', 'inclusion', 'guarantee', 'lower bounds'].every((name) => held('lru').includes(name)));
  t.ok(['damage', 'robustness', 'marking'].every((name) => held('mark-and-predict').includes(name)));
  t.ok(!held('belady').includes('causality') && held('belady').includes('guarantee'));
});
