/**
 * `node --import tsx bench/observer.ts [--seconds N] [--rate N]`: whether `onebit trace record` takes so many events a second
 * without loss on loopback. Messages are those of vLLM: each a batch of one event, a block of 16 tokens stored or removed.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { pack } from 'msgpackr';
import { Publisher } from 'zeromq';

const TOKENS = Array.from({ length: 16 }, (_, i) => 1000 * i);
/** Blocks in the engine's cache; the oldest is removed for each that comes. */
const RESIDENT = 10_000;
/** Messages are sent in bursts, as timers allow. */
const TICKS_A_SECOND = 200;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { seconds: { type: 'string', default: '20' }, rate: { type: 'string', default: '50000' } },
  });
  const [seconds, rate] = [Number(values.seconds), Number(values.rate)];
  const folder = mkdtempSync(join(tmpdir(), 'onebit-bench-'));
  const publisher = new Publisher({ sendHighWaterMark: 0 });
  await publisher.bind('tcp://127.0.0.1:*');
  const source = new URL('../src/cli/main.ts', import.meta.url).pathname;
  const options = ['--kv-events', publisher.lastEndpoint ?? '', '--out', join(folder, 'trace.jsonl')];
  const child = spawn(process.execPath, ['--import', 'tsx', source, 'trace', 'record', ...options], {
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  const lines = createInterface(child.stderr);
  const summary = new Promise<Record<string, number>>((resolve) => {
    lines.on('line', (line) => {
      const event = JSON.parse(line);
      if (event.event === 'recording')
        setTimeout(() => publish(publisher, seconds, rate).then(() => child.kill('SIGTERM')), 500);
      if (event.event === 'recorded') resolve(event);
    });
  });
  const { messages, events, missed } = await summary;
  console.log(`${messages} messages, ${events} events taken in; ${missed} missed of ${seconds * rate}`);
  publisher.close();
  rmSync(folder, { recursive: true });
}

async function publish(publisher: Publisher, seconds: number, rate: number): Promise<void> {
  const start = performance.now();
  const total = seconds * rate;
  for (let sent = 0; sent < total; ) {
    const due = Math.min(total, Math.ceil(((performance.now() - start) / 1000) * rate));
    for (; sent < due; sent++)
      await publisher.send(['', numberOf(sent), pack([Date.now() / 1000, [eventOf(sent)], null])]);
    await new Promise((resolve) => setTimeout(resolve, 1000 / TICKS_A_SECOND));
  }
  const took = (performance.now() - start) / 1000;
  console.log(`published ${(total / took).toFixed(0)} a second`);
  await new Promise((resolve) => setTimeout(resolve, 2000));
}

function numberOf(sent: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt(sent));
  return bytes;
}

function eventOf(sent: number): object {
  const block = (sent >> 1) + 1;
  if (sent % 2 === 1)
    return { type: 'BlockRemoved', block_hashes: [Math.max(1, block - RESIDENT)], medium: 'GPU' };
  const parent_block_hash = block % 64 === 0 ? null : block - 1;
  return {
    type: 'BlockStored',
    block_hashes: [block],
    parent_block_hash,
    token_ids: TOKENS,
    block_size: 16,
    lora_id: null,
    medium: 'GPU',
  };
}

await main();
