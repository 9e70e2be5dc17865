import { readFileSync } from 'node:fs';
import t from 'tap';
import { embeddedTrace } from '../../src/traces/embedded-trace.ts';
import { traceStatistics } from '../../src/traces/statistics.ts';

t.test(
  'the embedded trace is the shipped recording, and its name says that it was made on a CPU',
  async (t) => {
    const trace = embeddedTrace();
    const manifest = JSON.parse(readFileSync('traces/smollm2-135m-cpu.json', 'utf8'));
    t.equal(manifest.onGpu, false);
    t.equal(trace.name, 'SmolLM2-135M recorded on a CPU');
    const { requests, blockAccesses, distinctBlocks } = traceStatistics(trace);
    t.strictSame(
      { requests, blockAccesses, distinctBlocks },
      {
        requests: manifest.requests,
        blockAccesses: manifest.blockAccesses,
        distinctBlocks: manifest.distinctBlocks,
      },
    );
  },
);

t.test('the package carries it', async (t) => {
  const { files } = JSON.parse(readFileSync('package.json', 'utf8'));
  t.ok(files.includes('traces/smollm2-135m-cpu.onebit'));
});
