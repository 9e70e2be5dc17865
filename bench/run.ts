/** `npm run bench`: the speed of the simulator on Zipf(1.0), 20 million requests, a million pages, cache 100,000. */
import { benchmark } from './benchmark.ts';

const { rows, hash } = await benchmark({ requests: 20e6, pages: 1e6, capacity: 1e5, runs: 5 });
for (const { policy, faults, speed, shareOfBareLoop } of rows) {
  const figures = `${(speed / 1e6).toFixed(1)}M requests/s, ${shareOfBareLoop.toFixed(2)} of a bare loop`;
  console.log(`${policy.padEnd(12)}${figures}, ${faults} faults`);
}
console.log(`results ${hash}`);
