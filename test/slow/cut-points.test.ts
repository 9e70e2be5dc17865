/** The ways to give bits with a trained model, at reduced size: the faults are those that were written down. */
import { readFileSync } from 'node:fs';
import t from 'tap';
import { chancesOf, VARIANTS } from '../../experiments/cut-points/variants.ts';
import { Scoring } from '../../experiments/gap-closed/cells.ts';
import { generateSessions } from '../../src/traces/session-generator.ts';
import { DEFAULT_SESSIONS } from '../../src/traces/session-parameters.ts';

const expected = JSON.parse(readFileSync('experiments/cut-points/expected.json', 'utf8'));

t.test('at reduced size every way to give bits has the faults that were recorded', async (t) => {
  const { requests, traceSeed, capacity, enough, faults, tolerance } = expected;
  const trace = generateSessions({ ...DEFAULT_SESSIONS, requests }, traceSeed);
  const scoring = new Scoring(trace);
  const model = await scoring.train([capacity], 1);
  const chances = chancesOf(model, trace)(capacity);
  t.strictSame(Object.keys(faults), Object.keys(VARIANTS));
  for (const [name, variant] of Object.entries(VARIANTS)) {
    const bits = variant(chances, trace.firstBlock, enough);
    const found = scoring.faultsWithBits('discard(lru)', capacity, bits);
    t.ok(Math.abs(found - faults[name]) <= tolerance * faults[name], `${name}: ${found}, ${faults[name]}`);
  }
});
