/**
 * What the session cache costs a request beside the engine's work, in microseconds of the processor, fastest of five runs: 64
 * sequences, 200 conversations at random, an engine that does nothing, no disk.
 *
 *     npx tsx experiments/chat-sessions/overhead.ts
 */
import { SeededRandom } from 'onebit';
import { DEFAULT_POLICY, SessionCache } from 'onebit/plugin/node-llama-cpp';
import { StandInContext } from '../../test/plugin/node-llama-cpp/stand-in.ts';

const REQUESTS = 20_000;

async function microseconds(policy: string, bits: boolean): Promise<number> {
  const cache = new SessionCache({ context: new StandInContext(64), policy });
  const random = new SeededRandom(1);
  const began = process.cpuUsage();
  for (let i = 0; i < REQUESTS; i++) {
    const lease = await cache.acquire(`${random.below(200)}`, { bit: bits ? random.below(2) : 0 });
    lease.release();
  }
  const { user } = process.cpuUsage(began);
  await cache.close();
  return user / REQUESTS;
}

for (const [policy, bits] of [
  ['lru', false],
  [DEFAULT_POLICY, true],
] as const) {
  const runs: number[] = [];
  while (runs.length < 5) runs.push(await microseconds(policy, bits));
  console.log(`${policy.padEnd(36)} ${Math.min(...runs).toFixed(1)} µs a request`);
}
