import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { CostModel } from '../../src/kvcache/cost-model.ts';
import { findDevice } from '../../src/kvcache/device.ts';
import { findGeometry } from '../../src/kvcache/geometry.ts';
import { findPolicy } from '../../src/policies/find-policy.ts';
import { parsePredictions } from '../../src/simulator/predictions.ts';
import { compareReplays } from '../../src/simulator/replay/compare-replays.ts';
import { replay } from '../../src/simulator/replay/replay.ts';
import { workload } from '../../src/simulator/replay/workload.ts';
import { readTrace } from '../../src/traces/read-trace.ts';
import type { ServingTrace } from '../../src/traces/serving-trace.ts';
import { generateSessions } from '../../src/traces/session-generator.ts';
import { DEFAULT_SESSIONS } from '../../src/traces/session-parameters.ts';

const TRACES = '../shared/traces';
const { reduced, lru } = JSON.parse(readFileSync('experiments/serving-replay/expected.json', 'utf8'));

/** The engine of the experiment. */
function settings(trace: ServingTrace, workers: number, cacheTokens: number) {
  const work = workload(trace);
  return {
    workload: work,
    cost: new CostModel(findGeometry('llama-3.1-8b'), findDevice('8xh100-80gb'), 0.5),
    capacity: Math.floor(cacheTokens / work.blockTokens),
    tiers: [],
    writeThrough: false,
    workers,
    router: 'sticky',
    closedLoop: false,
    swap: false,
    seed: 1,
    measuredFrom: 0,
  };
}

t.test('at reduced size each policy hits as often as recorded, on one worker and on four', async (t) => {
  const { requests, traceSeed, cacheTokens, tolerance, hits } = reduced;
  const trace = generateSessions({ ...DEFAULT_SESSIONS, requests }, traceSeed);
  for (const workers of [1, 4]) {
    const records = compareReplays({
      ...settings(trace, workers, cacheTokens),
      policies: ['discard(lru)', 'switch(discard(lru),lru)'].map(findPolicy),
      sources: ['perfect', 'inverted'].map((text) => parsePredictions(text)),
      target: 0.5,
    });
    for (const { policy, predictions, blockHitRatio } of records) {
      const cell = `${policy} ${predictions} ${workers}`;
      t.ok(
        Math.abs(blockHitRatio - hits[cell]) <= tolerance,
        `${cell}: ${blockHitRatio}, recorded ${hits[cell]}`,
      );
    }
  }
});

for (const { file, workers, hitBlocks } of lru) {
  const path = join(TRACES, file);
  const skip = existsSync(path) ? false : `${path} is missing`;
  t.test(`lru on ${file}, workers: ${workers}, hits as often as recorded`, { skip }, async (t) => {
    const { measures } = replay({ ...settings(readTrace(path), workers, 3e6), policy: findPolicy('lru') });
    t.equal(measures.hitBlocks, hitBlocks);
  });
}
