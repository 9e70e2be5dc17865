import assert from 'node:assert/strict';
import t from 'tap';
import type { CatalogPolicy } from '../../src/paging/definition.ts';
import { findPolicy, POLICY_NAMES } from '../../src/policies/find-policy.ts';
import { Failure } from '../../src/support/failure.ts';
import { SeededRandom } from '../../src/support/random.ts';
import { EVERY_POLICY } from './roster.ts';

function create(policy: CatalogPolicy): void {
  const sequence = { pages: Uint32Array.of(0, 1), pageCount: 2 };
  policy.create({ capacity: 2, pageCount: 2, random: new SeededRandom(1), sequence });
}

/** The single line that refuses an expression, at the latest when a run is made. */
function refusal(expression: string): string {
  try {
    create(findPolicy(expression));
  } catch (error) {
    assert(error instanceof Failure, `${expression}: ${error}`);
    assert(!error.message.includes('\n'), 'the message is one line');
    return error.message;
  }
  return assert.fail(`${expression} is accepted`);
}

t.test('what cannot be run is refused in one line with the remedy', async (t) => {
  for (const [expression, remedy] of [
    ['lruu', 'unknown policy “lruu”; did you mean lru?'],
    ['LRU', 'did you mean lru?'],
    ['lazy-marker0', 'did you mean lazy-mark0?'],
    ['optimal-paging', 'known: fifo, lru, clock'],
    ['switch(discard(lur),lru)', 'unknown policy “lur”; did you mean lru?'],
    ['lru(fifo)', 'lru wraps 0 policies, found 1; write lru'],
    ['discard', 'discard wraps 1 policies, found 0; write discard(lru)'],
    ['switch(lru)', 'switch wraps 2 policies, found 1; write switch(discard(lru),lru)'],
    ['switch(lru,fifo,margin=-1)', 'margin=-1 is not a parameter ≥ 0 of switch (it has: margin)'],
    ['switch(lru,fifo,factor=2)', 'factor=2 is not a parameter ≥ 0 of switch (it has: margin)'],
    ['lru(margin=1)', 'margin=1 is not a parameter ≥ 0 of lru (it has: none)'],
    ['discard(mark0)', 'discard(mark0): wrap an online policy without predictions, such as discard(lru)'],
    ['discard(belady)', 'discard(belady): wrap an online policy without predictions'],
    ['discard(discard(lru))', 'wrap an online policy without predictions'],
    ['switch(mark-and-predict,lazy-mark0)', 'phase bit and discard bit cannot be given together'],
    ['guard(mark0)', 'wrap lazy-mark0 or another discard(…)'],
    ['guard(flush)', 'guard needs a policy that evicts only at a fault'],
  ]) {
    const message = refusal(expression);
    t.ok(message.includes(remedy), `${expression}: ${message}`);
  }
});

t.test('an alias takes nothing in brackets, and says so', async (t) => {
  for (const expression of ['lazy-mark0(margin=1)', 'lazy-mark0(lru)']) {
    const message = refusal(expression);
    t.notMatch(message, /did you mean lazy-mark0/, message);
  }
});

t.test('a name that JavaScript objects inherit is unknown like any other', async (t) => {
  for (const name of ['constructor', 'toString', 'valueOf', 'hasOwnProperty']) {
    t.match(refusal(name), /unknown policy/, name);
    t.match(refusal(`lru(${name}=1)`), /is not a parameter/, `${name} as a parameter`);
  }
});

t.test('a margin that is no number is refused', async (t) => {
  const lru = { name: 'lru', policies: [], parameters: {} };
  const description = { name: 'switch', policies: [lru, lru], parameters: { margin: Number.NaN } };
  t.throws(() => findPolicy(description), { name: 'Failure' });
});

t.test('every policy says what it is, and is found again by its canonical name', async (t) => {
  for (const policy of EVERY_POLICY) {
    t.ok(policy.summary && policy.reference, policy.name);
    const again = findPolicy(policy.name);
    // A function made anew by each look-up is the same promise.
    const facts = (found: CatalogPolicy) => {
      const { create: _, guarantee, consistency, robustness, ...others } = found;
      return {
        ...others,
        promises: [guarantee, consistency, robustness].map((promise) => promise !== undefined),
      };
    };
    t.strictSame(facts(again), facts(policy));
  }
});

t.test('needs, coins and foresight pass through the combinators', async (t) => {
  const facts = (name: string) => {
    const { needs, randomised, offline } = findPolicy(name);
    return [needs, randomised, offline];
  };
  t.strictSame(facts('lru'), ['nothing', false, false]);
  t.strictSame(facts('belady'), ['nothing', false, true]);
  t.strictSame(facts('mark-and-predict'), ['phase bit', true, false]);
  t.strictSame(facts('lazy-mark0'), ['discard bit', true, false]);
  t.strictSame(facts('discard(lru)'), ['discard bit', false, false]);
  t.strictSame(facts('switch(lru,discard(lru))'), ['discard bit', false, false]);
  t.strictSame(facts('switch(lazy-mark0,lru)'), ['discard bit', true, false]);
  t.strictSame(facts('switch(belady,lru)'), ['nothing', false, true]);
  t.strictSame(facts('guard(discard(lru))'), ['discard bit', true, false]);
});

t.test('an alias is the expression it stands for, under its own name', async (t) => {
  t.equal(findPolicy('lazy-mark0').name, 'lazy-mark0');
  t.equal(findPolicy('switch(lazy-mark0,lru)').name, 'switch(lazy-mark0,lru)');
  t.equal(new Set(POLICY_NAMES).size, POLICY_NAMES.length);
});
