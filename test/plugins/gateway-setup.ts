/** A gateway in front of a fake engine, both on loopback, and a client. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Test } from 'tap';
import { Gateway, type GatewaySettings } from '../../src/plugin/gateway/gateway.ts';
import type { PredictorSettings } from '../../src/plugin/gateway/predictor-messages.ts';
import { writeModel } from '../../src/predictors/model.ts';
import { FakeEngine } from './fake-engine.ts';
import { keepsFirst } from './made-up-model.ts';

export interface Setup {
  readonly engine: FakeEngine;
  readonly gateway: Gateway;
  readonly url: string;
  readonly folder: string;
  /** Lines of the gateway's own log, parsed. */
  readonly events: Record<string, unknown>[];
}

type Wishes = Partial<Omit<GatewaySettings, 'predictor'>> & {
  predictor?: Partial<PredictorSettings>;
  slots?: number;
};

/** A small block, so that short prompts have several. */
export const BLOCK = 64;

/** @param kept blocks that the model keeps; without a model if absent */
export async function setUp(t: Test, wishes: Wishes = {}, kept?: number): Promise<Setup> {
  const folder = mkdtempSync(join(tmpdir(), 'onebit-gateway-'));
  const engine = new FakeEngine(wishes.slots);
  const events: Record<string, unknown>[] = [];
  const model = join(folder, 'made-up.onebit');
  if (kept !== undefined) writeModel(model, keepsFirst(kept));
  const { predictor, slots: _, ...rest } = wishes;
  const gateway = new Gateway({
    host: '127.0.0.1',
    port: 0,
    upstream: await engine.listen(),
    on: true,
    // Machines that run tests may be busy.
    budget: 2000,
    mostBody: 1 << 20,
    mostHeld: 1 << 22,
    accessLog: join(folder, 'access.jsonl'),
    slotPolicy: 'discard(lru)',
    write: (line) => events.push(JSON.parse(line)),
    predictor: {
      engine: 'vllm',
      model: kept === undefined ? undefined : model,
      capacity: 100,
      blockBytes: BLOCK,
      key: Buffer.alloc(32, 7),
      rememberedBlocks: 1 << 12,
      rememberedRequests: 1 << 10,
      ...predictor,
    },
    ...rest,
  });
  const { port } = await gateway.listen();
  t.teardown(async () => {
    await gateway.close(0);
    await engine.close();
    rmSync(folder, { recursive: true });
  });
  if (rest.on !== false && rest.predictorModule === undefined)
    await until(
      () => (kept === undefined ? gateway.predictor?.running : gateway.predictor?.modelAtWork) !== undefined,
    );
  return { engine, gateway, url: `http://127.0.0.1:${port}`, folder, events };
}

/** A chat of messages of the given texts, the first from the user. */
export function chat(texts: readonly string[], more: object = {}): string {
  const messages = texts.map((content, i) => ({ role: i % 2 === 0 ? 'user' : 'assistant', content }));
  return JSON.stringify({ model: 'fake', messages, ...more });
}

export function post(url: string, body: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
}

/** Waits, at most ten seconds, until something holds. */
export async function until(holds: () => boolean | undefined): Promise<void> {
  const end = performance.now() + 10_000;
  while (!holds()) {
    if (performance.now() > end) throw new Error('waited ten seconds in vain');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** How often each outcome of a decision was counted. */
export async function outcomes({ gateway }: Setup): Promise<Record<string, number>> {
  const { values } = await gateway.metrics.decisions.get();
  return Object.fromEntries(values.map(({ labels, value }) => [labels.outcome, value]));
}
