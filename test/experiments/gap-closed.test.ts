import { readFileSync } from 'node:fs';
import t from 'tap';
import { Scoring, summary } from '../../experiments/gap-closed/cells.ts';
import { generateSessions } from '../../src/traces/session-generator.ts';
import { DEFAULT_SESSIONS } from '../../src/traces/session-parameters.ts';

const { reduced } = JSON.parse(readFileSync('experiments/gap-closed/expected.json', 'utf8'));

t.test('at reduced size the bits close as much of the gap as recorded', async (t) => {
  const { requests, traceSeed, capacity, gapClosed, tolerance } = reduced;
  const scoring = new Scoring(generateSessions({ ...DEFAULT_SESSIONS, requests }, traceSeed));
  const model = await scoring.train([capacity], 1);
  const faults = scoring.faultsWith('discard(lru)', capacity, scoring.bits(model)(capacity));
  const found = scoring.gapClosed(faults, capacity);
  t.ok(Math.abs(found - gapClosed) <= tolerance, `${found}, recorded ${gapClosed}`);
  t.equal(scoring.gapClosed(scoring.faults('lru', capacity), capacity), 0);
  t.equal(scoring.gapClosed(scoring.faults('belady', capacity), capacity), 1);
  const equal = scoring.equalLru(faults);
  t.ok(scoring.faults('lru', equal) <= faults && scoring.faults('lru', equal - 1) > faults);
});

t.test('a summary has the median, the mean and the interval of Student', async (t) => {
  const { median, mean, halfWidth } = summary([3, 1, 2, 5, 4]);
  t.strictSame([median, mean], [3, 3]);
  t.ok(Math.abs(halfWidth - (2.776 * Math.sqrt(2.5)) / Math.sqrt(5)) < 1e-12);
});
