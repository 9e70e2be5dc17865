/**
 * `npm run bench -- [names] [--requests N] [--rounds N] [--out FILE]`: the speed of the simulator on Zipf(1.0), 20 million
 * requests, a million pages, cache 100,000 (of another number of requests likewise a twentieth and a 200th); then, unless names
 * are given, of whole curves on a tenth of it. A name is a policy, or one of `RIVALS` and `CURVES`.
 */
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { progressBar } from '../src/cli/progress.ts';
import { Failure } from '../src/support/failure.ts';
import { writeFile } from '../src/support/write-file.ts';
import { generateSessions } from '../src/traces/session-generator.ts';
import { DEFAULT_SESSIONS } from '../src/traces/session-parameters.ts';
import { type Benchmark, benchmark, EVERYTHING, type Size, sizeFor, WHOLE_CURVES } from './benchmark.ts';
import { type FileMeasurement, measureFiles } from './files.ts';
import { measureManager, measureReplay } from './kvcache.ts';
import { table } from './table.ts';

async function measure(size: Size, names: readonly string[]): Promise<Benchmark> {
  const bar = progressBar('bench');
  try {
    return await benchmark(size, names, (done, name) => bar.update(done, name));
  } finally {
    bar.stop();
  }
}

function wholeNumber(option: string, text: string, least: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least) return value;
  throw new Failure(`--${option} ${text}: give a whole number from ${least} on`);
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      requests: { type: 'string', default: '20000000' },
      rounds: { type: 'string', default: '5' },
      out: { type: 'string' },
    },
  });
  const requests = wholeNumber('requests', values.requests, 2000);
  const rounds = wholeNumber('rounds', values.rounds, 1);
  const size = sizeFor(requests, rounds);
  const everything = positionals.length === 0;
  const policies = await measure(size, everything ? EVERYTHING : positionals);
  console.log(`${table(policies)}\n\nresults ${policies.hash}`);
  const part = { ...size, requests: Math.floor(requests / 10) };
  const curves = everything ? await measure(part, WHOLE_CURVES) : undefined;
  if (curves !== undefined) console.log(`\nWhole curves, ${part.requests} requests\n${table(curves)}`);
  const files = everything ? measureFiles(size) : undefined;
  if (files !== undefined) reportFiles(files);
  if (everything) reportKvCache();
  if (values.out === undefined) return;
  const machine = { processor: cpus()[0].model, cores: cpus().length, node: process.version };
  writeFile(values.out, `${JSON.stringify({ machine, size, policies, curves, files }, null, 2)}\n`);
}

function reportFiles(files: FileMeasurement): void {
  const speed = (perSecond: number) => `${perSecond.toFixed(0)} million requests a second`;
  const memory = (megabytes: number) => `${megabytes.toFixed(0)} MB`;
  console.log(`\nColumnar file, ${files.requests} requests
whole, with checksums       ${speed(files.load)}
its bytes and nothing else  ${speed(files.bytes)}
pages piece by piece        ${speed(files.stream)}
Most memory: compare --stream ${memory(files.streamMemory)}, curve --sample ${memory(files.sampleMemory)}, on ${files.longRequests} requests; --help ${memory(files.idleMemory)}`);
}

/** The KV-cache manager and a replay of one hour; they take turns with nothing, so their times are as noisy as the machine. */
function reportKvCache(): void {
  console.log('\nKV-cache manager');
  for (const policy of ['lru', 'discard(lru)', 'switch(discard(lru),lru)']) {
    for (const capacity of [1e5, 1e6]) {
      // A policy that looks at slots alone needs no memory of departed blocks.
      const remembered = policy.startsWith('switch') ? capacity : 0;
      const { nanoseconds, bytes, policyBytes } = measureManager(policy, capacity, remembered, 5e4, 5);
      const time = `${nanoseconds.toFixed(0)} ns a block operation`;
      console.log(
        `${policy.padEnd(26)}${capacity} blocks: ${time}, ${bytes.toFixed(1)} + ${policyBytes.toFixed(1)} bytes a block`,
      );
    }
  }
  const hour = generateSessions(DEFAULT_SESSIONS, 1);
  console.log(`replay of one hour, 12,031 requests: ${measureReplay(hour, 5).toFixed(2)} s`);
}

main().catch((error) => {
  console.error(error instanceof Failure ? error.message : error);
  process.exitCode = 1;
});
