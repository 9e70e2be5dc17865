import t from 'tap';
import { measureManager, measureReplay } from '../../bench/kvcache.ts';
import { generateSessions } from '../../src/traces/session-generator.ts';
import { DEFAULT_SESSIONS } from '../../src/traces/session-parameters.ts';

t.test('the manager takes at most 64 bytes a block, its policy LRU included', async (t) => {
  const { bytes, policyBytes, hits } = measureManager('lru', 100_000, 0, 100, 1);
  t.ok(bytes + policyBytes <= 64, `${bytes} + ${policyBytes} bytes`);
  t.ok(hits > 0);
  t.equal(hits, measureManager('lru', 100_000, 0, 100, 1).hits, 'the same in every run');
});

t.test('a replay is measured', async (t) => {
  t.ok(measureReplay(generateSessions({ ...DEFAULT_SESSIONS, requests: 50 }, 1), 1) > 0);
});
