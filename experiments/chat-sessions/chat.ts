/**
 * Four people chat with one model that has sequences for two of them.
 *
 *     npx tsx experiments/chat-sessions/chat.ts [MODEL.gguf]
 *
 * Without a model file it fetches SmolLM2-135M-Instruct. Who lost their sequence is restored from the disk.
 */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure } from 'onebit';
import { SessionCache } from 'onebit/plugin/node-llama-cpp';
import { installEngine, loadEngine } from './engine.ts';
import { fetchSmolLM2 } from './smollm2.ts';

/** Whose turn it is, what they say, and whether they are expected back. */
const TURNS: readonly { readonly who: string; readonly message: string; readonly bit?: number }[] = [
  { who: 'Ada', message: 'My cat is called Belady. Say hello to him.' },
  { who: 'Ben', message: 'What is the capital of France?', bit: 1 },
  { who: 'Cyn', message: 'Name three colours.' },
  { who: 'Ada', message: 'What is the name of my cat?' },
  { who: 'Dan', message: 'How many legs has a spider?', bit: 1 },
  { who: 'Cyn', message: 'And a fourth one?' },
  { who: 'Ben', message: 'And of Italy?', bit: 1 },
  { who: 'Ada', message: 'Thank you. Wish him a good night.', bit: 1 },
];

async function main(): Promise<void> {
  const [modelPath = fetchSmolLM2()] = process.argv.slice(2);
  const trouble = installEngine();
  if (trouble !== undefined) throw new Failure(trouble);
  const { LlamaChatSession, open } = await loadEngine();
  const context = await open(modelPath, 2, 1024);
  const folder = mkdtempSync(join(tmpdir(), 'onebit-'));
  const cache = new SessionCache({ context, disk: { folder, bytes: 2 ** 28, modelPath } });
  const histories = new Map<string, unknown[]>();
  for (const { who, message, bit } of TURNS) {
    const lease = await cache.acquire(who);
    const session = new LlamaChatSession({ contextSequence: lease.sequence });
    session.setChatHistory(histories.get(who) ?? session.getChatHistory());
    const began = performance.now();
    const answer = await session.prompt(message, { maxTokens: 40 });
    const milliseconds = Math.round(performance.now() - began);
    histories.set(who, session.getChatHistory());
    lease.release({ bit: bit ?? 0 });
    console.log(`${who}: ${message}\n  ${answer.replace(/\s+/g, ' ')}`);
    console.log(`  [from ${lease.source}, ${lease.reused} tokens reused, ${milliseconds} ms]`);
  }
  const { hits, restored, misses, tokensReused, tokensPrefilled, savedBytes } = cache.metrics;
  console.log(
    `${hits} kept, ${restored} restored, ${misses} computed; ${tokensReused} tokens reused, ${tokensPrefilled} prefilled; ` +
      `${savedBytes.toLocaleString('en')} bytes saved`,
  );
  await cache.close();
}

// The engine keeps threads that would hold the process.
await main().then(
  () => process.exit(0),
  (error) => {
    console.error(error instanceof Failure ? error.message : error);
    process.exit(1);
  },
);
