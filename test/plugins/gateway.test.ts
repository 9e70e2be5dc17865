/** The gateway on loopback, in front of an engine that computes nothing. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { ENGINES, type Engine, engineField } from '../../src/plugin/gateway/engine-field.ts';
import { readTrace } from '../../src/traces/read-trace.ts';
import { answerOf } from './fake-engine.ts';
import { BLOCK, chat, outcomes, post, setUp, until } from './gateway-setup.ts';

const LONG = 'x'.repeat(3 * BLOCK);

t.test('without a model, requests and responses pass byte for byte', async (t) => {
  const { engine, url } = await setUp(t);
  // What a parser would change: spaces, a number of 20 digits, 1.0, an escape, a repeated name.
  const odd = '{ "n":1.0, "seed":12345678901234567890, "messages":[{"content":"\\u0061"}], "n":2 }';
  const response = await post(url, odd, { authorization: 'Bearer secret' });
  t.equal(response.status, 200);
  t.equal(engine.received[0].body, odd);
  t.ok(engine.received[0].headers.includes('Bearer secret'));
  for (const path of ['/v1/models?a=%20b', '/health']) {
    t.equal(((await (await fetch(url + path)).json()) as { path: string }).path, path.split('?')[0]);
    t.equal(engine.received.at(-1)?.url, path);
    t.equal(engine.received.at(-1)?.method, 'GET');
  }
  t.equal((await fetch(`${url}/v1/chat/completions`, { method: 'POST', body: '{broken' })).status, 400);
});

const FIELDS: Record<Engine, { cut: object; discard: object; keep: object }> = {
  vllm: {
    cut: { kv_transfer_params: { 'onebit.keep_tokens': 32 } },
    discard: { kv_transfer_params: { 'onebit.discard': 1 } },
    keep: { kv_transfer_params: { 'onebit.discard': 0 } },
  },
  lmcache: {
    cut: { kv_transfer_params: { 'lmcache.onebit_discard': 0 } },
    discard: { kv_transfer_params: { 'lmcache.onebit_discard': 1 } },
    keep: { kv_transfer_params: { 'lmcache.onebit_discard': 0 } },
  },
  sglang: { cut: {}, discard: { priority: -2 }, keep: {} },
  dynamo: { cut: {}, discard: { nvext: { agent_hints: { priority: -2 } } }, keep: {} },
  'llama.cpp': { cut: { id_slot: -1 }, discard: { id_slot: -1 }, keep: { id_slot: -1 } },
  none: { cut: {}, discard: {}, keep: {} },
};

const DECISIONS = {
  cut: { keepBlocks: 1, blocks: 2, keepTokens: 32 },
  discard: { keepBlocks: 0, blocks: 3, keepTokens: 0 },
  keep: { keepBlocks: 3, blocks: 3, keepTokens: 96 },
};

t.test('what is written for each engine', async (t) => {
  for (const engine of ENGINES) {
    for (const [what, decision] of Object.entries(DECISIONS)) {
      const field = engineField(engine, decision);
      const written = field?.path.reduceRight<unknown>(
        (inner, name) => ({ [name]: inner }),
        JSON.parse(field.value),
      );
      const expected = FIELDS[engine][what as keyof typeof DECISIONS];
      t.strictSame(written ?? {}, expected, `${engine}: ${what}`);
    }
    t.equal(engineField(engine, undefined)?.path[0], engine === 'llama.cpp' ? 'id_slot' : undefined);
  }
});

t.test('each engine gets its own field, and the rest of the body as it came', async (t) => {
  // Paths of one, two and three names.
  for (const engine of ['sglang', 'vllm', 'dynamo'] as const) {
    const setup = await setUp(t, { predictor: { engine } }, 0);
    const body = chat([LONG]);
    await (await post(setup.url, body)).text();
    const sent = setup.engine.received.at(-1)?.body ?? '';
    t.strictSame(JSON.parse(sent), { ...FIELDS[engine].discard, ...JSON.parse(body) }, engine);
    t.ok(sent.endsWith(body.slice(1)), 'nothing but the field was written');
  }
});

t.test('an engine that takes one bit is told to keep or to discard, never a cut', async (t) => {
  for (const [engine, outcome] of [
    ['sglang', 'discard'],
    ['vllm', 'cut'],
  ] as const) {
    const setup = await setUp(t, { predictor: { engine } }, 1);
    await (await post(setup.url, chat([LONG]))).text();
    t.strictSame(await outcomes(setup), { [outcome]: 1 }, engine);
  }
});

t.test('a field that the client has filled is left alone', async (t) => {
  const setup = await setUp(t, { predictor: { engine: 'vllm' } }, 0);
  for (const [given, changed] of [
    [{ 'onebit.discard': 0 }, false],
    [{ do_remote_prefill: true }, true],
  ] as const) {
    const body = chat([LONG], { kv_transfer_params: given });
    await (await post(setup.url, body)).text();
    t.equal(setup.engine.received.at(-1)?.body !== body, changed);
    t.match(setup.engine.prompts.at(-1)?.kv_transfer_params, given);
  }
  t.strictSame(await outcomes(setup), { 'field is taken': 1, discard: 1 });
});

t.test('a stream arrives as the engine sends it, event by event', async (t) => {
  const { engine, url, folder, gateway } = await setUp(t, {}, 1);
  engine.pause = 30;
  const body = chat([LONG], { stream: true });
  const response = await post(url, body);
  t.equal(response.headers.get('x-engine'), 'fake');
  const arrivals: number[] = [];
  let text = '';
  for await (const chunk of response.body ?? []) {
    arrivals.push(performance.now());
    text += Buffer.from(chunk).toString();
  }
  t.ok((arrivals.at(-1) ?? 0) - arrivals[0] > 60, 'the first came long before the last');
  const said = [...text.matchAll(/"content":"([^"]*)"/g)].map(([, word]) => word);
  t.strictSame(said, answerOf(JSON.parse(body)));
  t.ok(text.endsWith('data: [DONE]\n\n'));
  await gateway.close(1000);
  const line = JSON.parse(readFileSync(join(folder, 'access.jsonl'), 'utf8'));
  t.match(line, {
    output_length: 5,
    status: 200,
    input_length: JSON.stringify(JSON.parse(body).messages).length,
  });
});

t.test('an engine that fails is told as it is, and the next request goes on', async (t) => {
  const { engine, url, events } = await setUp(t, {}, 1);
  const silent = await post(url, chat([LONG]), { 'x-fault': 'silent' });
  t.equal(silent.status, 502);
  t.match(await silent.json(), { error: { type: 'gateway_error' } });
  const busy = await post(url, chat([LONG]), { 'x-fault': 'busy' });
  t.equal(busy.status, 429);
  t.match(await busy.json(), { error: { message: 'too many' } });
  for (const stream of [true, false]) {
    const cut = await post(url, chat([LONG], { stream }), { 'x-fault': 'cut' });
    t.equal(cut.status, 200);
    await t.rejects(cut.text(), 'the client sees that the answer is not whole');
  }
  t.equal((await post(url, chat([LONG]))).status, 200);
  const told = events.filter(({ event }) => event === 'engine failed');
  t.equal(told.length, 1, 'a complaint is written once');
  t.match(told[0], { remedy: String });
  await engine.close();
  t.equal((await post(url, chat([LONG]))).status, 502);
});

t.test('bodies that are too large, or too many at once, are refused', async (t) => {
  const { engine, url } = await setUp(t, { mostBody: 1000, mostHeld: 1500 });
  t.equal((await post(url, chat(['x'.repeat(2000)]))).status, 413);
  const chunked = new ReadableStream({
    start(controller) {
      for (let i = 0; i < 30; i++) controller.enqueue(Buffer.alloc(100));
      controller.close();
    },
  });
  const unannounced = await fetch(url, { method: 'POST', body: chunked, duplex: 'half' } as RequestInit);
  t.equal(unannounced.status, 413);
  engine.pause = 50;
  const together = await Promise.all([1, 2, 3].map(() => post(url, chat(['x'.repeat(800)]))));
  t.strictSame(together.map(({ status }) => status).sort(), [200, 503, 503]);
  t.equal((await post(url, chat(['x'.repeat(800)]))).status, 200, 'room is given back');
});

for (const fault of ['throws at start', 'throws', 'hangs', 'says nonsense']) {
  t.test(`a predictor that ${fault} leaves every request as it came`, async (t) => {
    const predictorModule = new URL('./fragile-predictor.ts', import.meta.url);
    const setup = await setUp(t, { budget: 20, predictorModule, predictor: { model: fault } });
    const bodies = Array.from({ length: 20 }, (_, i) => chat([`${i} ${LONG}`]));
    for (const body of bodies) t.equal((await post(setup.url, body)).status, 200);
    t.strictSame(
      setup.engine.received.map(({ body }) => body),
      bodies,
      'untouched and in order',
    );
    const counted = await outcomes(setup);
    t.equal((counted.late ?? 0) + (counted['no predictor'] ?? 0), bodies.length);
  });
}

t.test('a model that cannot be used is told once, and requests pass', async (t) => {
  const setup = await setUp(t, {}, 1);
  const broken = join(setup.folder, 'made-up.onebit');
  const other = readFileSync(broken, 'latin1').replace('"position"', '"posture"');
  writeFileSync(broken, other, 'latin1');
  setup.gateway.reload();
  setup.gateway.reload();
  await until(() => setup.events.some(({ event }) => event === 'model refused'));
  await (await post(setup.url, chat([LONG]))).text();
  t.strictSame(await outcomes(setup), { cut: 1 }, 'the model before works on');
  t.match(
    setup.events.find(({ event }) => event === 'model refused')?.remedy,
    /other features.*train the model again/,
  );
  t.equal(setup.events.filter(({ event }) => event === 'model refused').length, 1);
  await setup.gateway.predictor?.kill();
  await until(() => setup.gateway.predictor?.running && setup.gateway.predictor.modelAtWork === undefined);
  const body = chat([LONG]);
  await (await post(setup.url, body)).text();
  t.equal(setup.engine.received.at(-1)?.body, body);
});

t.test('the access log is a trace, without a word of the prompts', async (t) => {
  const { url, folder, gateway, events } = await setUp(t, {}, 1);
  const first = ['Tell me of the confidential matter. '.repeat(4)];
  const second = [...first, 'It is confidential. '.repeat(4), 'Why? '.repeat(20)];
  for (const texts of [first, ['Something else altogether. '.repeat(4)], second])
    await (await post(url, chat(texts))).text();
  await gateway.close(1000);
  const path = join(folder, 'access.jsonl');
  const trace = readTrace(path);
  t.strictSame([...trace.parent], [-1, -1, 0]);
  t.equal(trace.time.length, 3);
  t.ok(trace.time[2] > 0 && trace.inputTokens[2] > trace.inputTokens[0]);
  t.notMatch(readFileSync(path, 'utf8') + JSON.stringify(events), /confidential|altogether|Why/);
});
