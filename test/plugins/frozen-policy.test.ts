import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { exportPolicy } from '../../src/cli/export.ts';
import { freezePolicy } from '../../src/plugin/frozen-policy.ts';
import { formatPolicy } from '../../src/policies/description.ts';
import { findPolicy, POLICY_NAMES } from '../../src/policies/find-policy.ts';
import { Failure } from '../../src/support/failure.ts';
import { GOLDEN_POLICIES, goldenLog, type Operation } from './operation-log.ts';

t.test('a frozen policy has no other names and no defaults left out', async (t) => {
  const frozen = freezePolicy('switch(lazy-mark0,lru)', 5);
  t.equal(formatPolicy(frozen.policy), 'switch(discard(marker),lru,margin=500)');
  t.strictSame([frozen.format, frozen.version, frozen.seed], ['onebit policy', 1, 5]);
  t.strictSame(freezePolicy(formatPolicy(frozen.policy), 5), frozen);
});

t.test(
  'every policy of the catalog is frozen into one that the library knows, or refused with a remedy',
  async (t) => {
    const frozen: string[] = [];
    for (const name of POLICY_NAMES) {
      try {
        const { policy } = freezePolicy(name, 1);
        t.ok(findPolicy(policy), name);
        frozen.push(name);
      } catch (error) {
        t.ok(
          error instanceof Failure && !error.message.includes('\n'),
          `${name}: ${(error as Error).message}`,
        );
      }
    }
    t.strictSame(frozen, ['lru', 'marker', 'lazy-mark0']);
    t.throws(
      () => freezePolicy('sieve', 1),
      /engines cannot run sieve; combine lru, .*switch\(discard\(lru\),lru\)/,
    );
    t.throws(() => freezePolicy('switch(discard(lru),arc)', 1), /engines cannot run arc/);
    t.throws(() => freezePolicy('discard(lru', 1), /expected/);
    t.throws(() => freezePolicy('lru', 0.5), /--seed/);
  },
);

t.test('the command writes the file, whole', async (t) => {
  const out = join(mkdtempSync(join(tmpdir(), 'onebit-')), 'policy.json');
  const said: string[] = [];
  t.capture(console, 'log', (line: string) => said.push(line));
  await exportPolicy.handler({ policy: 'lazy-mark0', out, seed: 3, json: false, _: [], $0: 'onebit' });
  t.strictSame(JSON.parse(readFileSync(out, 'utf8')), freezePolicy('lazy-mark0', 3));
  t.match(said.join(), /ONEBIT_POLICY_FILE/);
});

t.test('the logs for engines have every kind of operation, and refusals', async (t) => {
  for (const policy of GOLDEN_POLICIES) {
    const lines = goldenLog(policy, 400).trimEnd().split('\n');
    const read: unknown[] = lines.map((line) => JSON.parse(line));
    const operations = read.filter((line): line is Operation => Array.isArray(line));
    const kinds = new Set(operations.map(([kind]) => kind));
    t.strictSame([...kinds].sort(), ['clear', 'evict', 'insert', 'pin', 'remove', 'touch', 'unpin'], policy);
    const bits = new Set(operations.filter(([kind]) => kind === 'touch').map(([, , bit]) => bit));
    t.strictSame(bits, new Set([null, 0, 1]));
    const answers = operations.filter(([kind]) => kind === 'evict');
    t.ok(answers.some(([, , , , victims]) => victims === null));
    t.ok(answers.some(([, , , incoming, victims]) => (incoming as []).length > 1 && victims !== null));
    t.ok(answers.some(([, , , incoming, victims]) => (incoming as []).length === 0 && victims !== null));
  }
});
