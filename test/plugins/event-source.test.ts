/** The observer's socket on loopback, with a publisher that leaves messages out, replays them, and starts anew. */
import t, { type Test } from 'tap';
import { Publisher, Router } from 'zeromq';
import { EventSource } from '../../src/plugin/observer/event-source.ts';
import { until } from './gateway-setup.ts';

/** As vLLM's publisher: three frames, the number big endian; what it has published it replays from a number on. */
class Engine {
  readonly publisher = new Publisher({ sendHighWaterMark: 0, linger: 0 });
  private readonly router = new Router({ linger: 0 });
  private readonly sent: (readonly [number, Buffer])[] = [];
  private readonly topicFirst: boolean;
  next = 0;

  constructor(topicFirst: boolean) {
    this.topicFirst = topicFirst;
  }

  async bind(port: number | '*' = '*'): Promise<void> {
    await this.publisher.bind(`tcp://127.0.0.1:${port}`);
    await this.router.bind('tcp://127.0.0.1:*');
    this.serve().catch(() => {});
  }

  get endpoint(): string {
    return this.publisher.lastEndpoint ?? '';
  }

  get replayEndpoint(): string {
    return this.router.lastEndpoint ?? '';
  }

  /** @param seen whether subscribers get it */
  async publish(seen = true): Promise<void> {
    const number = this.next++;
    const payload = Buffer.from(`${number}`);
    this.sent.push([number, payload]);
    if (seen) await this.publisher.send(['', frame(number), payload]);
  }

  close(): void {
    this.publisher.close();
    this.router.close();
  }

  private async serve(): Promise<void> {
    for await (const [client, , from] of this.router) {
      for (const [number, payload] of this.sent) {
        if (number < Number(from.readBigUInt64BE())) continue;
        await this.router.send([client, '', ...(this.topicFirst ? [''] : []), frame(number), payload]);
      }
      await this.router.send([client, '', '', frame(-1), '']);
    }
  }
}

function frame(number: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt(number));
  return bytes;
}

async function observe(t: Test, engine: Engine, replay: boolean) {
  const taken: number[] = [];
  const lost: number[][] = [];
  const source = await EventSource.open({
    endpoint: engine.endpoint,
    replay: replay ? engine.replayEndpoint : undefined,
    take: (payload) => taken.push(Number(Buffer.from(payload))),
    restarted: () => taken.push(-1),
    lost: (from, to) => lost.push([from, to]),
  });
  const ended = source.run();
  t.teardown(async () => {
    source.close();
    await ended;
  });
  // A publisher drops what comes before the subscription.
  await until(() => {
    engine.publish();
    return taken.length > 0;
  });
  return { taken, lost, source };
}

for (const topicFirst of [true, false]) {
  t.test(`missed messages are replayed in order, ${topicFirst ? 'with' : 'without'} a topic`, async (t) => {
    const engine = new Engine(topicFirst);
    await engine.bind();
    t.teardown(() => engine.close());
    const { taken, lost, source } = await observe(t, engine, true);
    for (let i = 0; i < 200; i++) await engine.publish(i % 7 !== 3 && i % 50 !== 8);
    await engine.publish();
    await until(() => taken.length >= engine.next);
    t.strictSame(
      taken,
      Array.from({ length: engine.next }, (_, i) => i),
    );
    t.strictSame(lost, []);
    t.ok(source.counts.replayed >= 32);
    t.equal(source.counts.missed, source.counts.replayed);
  });
}

t.test('without replay the gaps are told', async (t) => {
  const engine = new Engine(true);
  await engine.bind();
  t.teardown(() => engine.close());
  const { taken, lost } = await observe(t, engine, false);
  lost.length = 0;
  const from = engine.next;
  for (const seen of [false, false, true]) await engine.publish(seen);
  await until(() => taken.at(-1) === from + 2);
  t.strictSame(lost, [[from, from + 2]]);
});

t.test('a publisher that starts anew is found again, and its numbers begin again', async (t) => {
  const first = new Engine(true);
  await first.bind();
  const { taken, source } = await observe(t, first, true);
  for (let i = 0; i < 50; i++) await first.publish();
  await until(() => taken.at(-1) === first.next - 1);
  const port = Number(first.endpoint.split(':').at(-1));
  first.close();
  const second = new Engine(true);
  await second.bind(port);
  t.teardown(() => second.close());
  await until(() => {
    if (second.next < 40) second.publish();
    return taken.includes(-1);
  });
  t.equal(source.counts.restarts, 1);
  const after = taken.slice(taken.indexOf(-1) + 1);
  t.strictSame(
    after,
    Array.from({ length: after.length }, (_, i) => i + after[0]),
  );
});

t.test('an endpoint that is none is refused', async (t) => {
  const settings = { replay: undefined, take: () => {}, restarted: () => {}, lost: () => {} };
  await t.rejects(
    EventSource.open({ endpoint: '127.0.0.1:5557', ...settings }),
    /--kv-events: .*give one such as/,
  );
});
