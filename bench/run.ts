/** `npm run bench`: the speed of the simulator on Zipf(1.0), 20 million requests, a million pages, cache 100,000. */
import { embeddedTrace } from '../src/traces/session-generator.ts';
import { benchmark } from './benchmark.ts';
import { measureManager, measureReplay } from './kvcache.ts';

const { rows, hash } = await benchmark({ requests: 20e6, pages: 1e6, capacity: 1e5, runs: 5 });
for (const { policy, faults, speed, shareOfBareLoop } of rows) {
  const figures = `${(speed / 1e6).toFixed(1)}M requests/s, ${shareOfBareLoop.toFixed(2)} of a bare loop`;
  console.log(`${policy.padEnd(12)}${figures}, ${faults} faults`);
}
console.log(`results ${hash}`);

for (const policy of ['lru', 'discard(lru)', 'switch(discard(lru),lru)']) {
  // A policy that looks at slots alone needs no memory of departed blocks.
  const remembered = policy.startsWith('switch') ? 1 : 0;
  for (const capacity of [1e5, 1e6]) {
    const { nanoseconds, bytes, policyBytes } = measureManager(
      policy,
      capacity,
      remembered * capacity,
      5e4,
      5,
    );
    const figures = `${nanoseconds.toFixed(0)} ns a block operation, ${bytes.toFixed(1)} + ${policyBytes.toFixed(1)} bytes a block`;
    console.log(`${policy.padEnd(26)}${capacity} blocks: ${figures}`);
  }
}
console.log(`replay of one hour, 12,031 requests: ${measureReplay(embeddedTrace(), 5).toFixed(2)} s`);
