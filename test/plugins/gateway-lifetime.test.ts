/** What happens to a gateway while it works: switched, killed, swapped, loaded, ended. */
import { once } from 'node:events';
import { readFileSync, renameSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import t from 'tap';
import { listenAdmin } from '../../src/plugin/gateway/admin.ts';
import { portOf } from '../../src/plugin/gateway/own-server.ts';
import { writeModel } from '../../src/predictors/model.ts';
import { SeededRandom } from '../../src/support/random.ts';
import { readTrace } from '../../src/traces/read-trace.ts';
import { answerOf } from './fake-engine.ts';
import { BLOCK, chat, outcomes, post, type Setup, setUp, until } from './gateway-setup.ts';
import { keepsFirst } from './made-up-model.ts';

const LONG = 'x'.repeat(3 * BLOCK);

t.test('the kill switch, health and metrics', async (t) => {
  const setup = await setUp(t, {}, 0);
  const admin = await listenAdmin(setup.gateway, '127.0.0.1', 0);
  t.teardown(() => admin.close());
  const url = `http://127.0.0.1:${portOf(admin)}`;
  const body = chat([LONG]);
  const sent = async () => {
    await (await post(setup.url, body)).text();
    return setup.engine.received.at(-1)?.body !== body;
  };
  t.equal(await sent(), true);
  t.match(await (await fetch(`${url}/health`)).json(), {
    status: 'ok',
    predictor: 'running',
    model: /made-up/,
    says: 'cut points',
    threshold: 0.3,
  });
  t.equal((await fetch(`${url}/off`, { method: 'POST', headers: { origin: 'http://evil' } })).status, 403);
  t.match(await (await fetch(`${url}/off`, { method: 'POST' })).json(), { predictor: 'off' });
  t.equal(await sent(), false);
  await fetch(`${url}/on`, { method: 'POST' });
  await until(() => setup.gateway.predictor?.modelAtWork !== undefined);
  t.equal(await sent(), true);
  const metrics = await (await fetch(`${url}/metrics`)).text();
  for (const line of [
    'onebit_requests_total{code="200"} 3',
    'onebit_decisions_total{outcome="discard"} 2',
    'onebit_decisions_total{outcome="switched off"} 1',
    'onebit_decision_seconds_count 3',
    'onebit_predictor_up 1',
    'onebit_model_pays 1',
  ])
    t.ok(metrics.includes(line), line);
  t.equal((await fetch(`${url}/nothing`)).status, 404);
  t.equal((await fetch(`${url}/nothing`, { method: 'POST' })).status, 404);
});

t.test('a model that does not pay here writes nothing, and everybody is told', async (t) => {
  const setup = await setUp(t, {}, 0);
  const { gateway, folder, events } = setup;
  const admin = await listenAdmin(gateway, '127.0.0.1', 0);
  t.teardown(() => admin.close());
  writeModel(join(folder, 'made-up.onebit'), keepsFirst(0, false));
  for (let reloads = 0; reloads < 2; reloads++) gateway.reload();
  await until(() => gateway.predictor?.modelAtWork?.says === 'nothing');
  const body = chat([LONG]);
  await (await post(setup.url, body)).text();
  t.equal(setup.engine.received.at(-1)?.body, body, 'it passes byte for byte');
  t.strictSame(await outcomes(setup), { 'not paying': 1 });
  const url = `http://127.0.0.1:${portOf(admin)}`;
  t.match(await (await fetch(`${url}/health`)).json(), {
    model: /made-up/,
    says: 'nothing',
    threshold: null,
  });
  t.ok((await (await fetch(`${url}/metrics`)).text()).includes('onebit_model_pays 0'));
  const told = events.filter(({ event }) => event === 'model does not pay');
  t.equal(told.length, 1, 'it is told once');
  t.match(told[0], { remedy: /nothing is written, which is LRU; train on a longer access log/ });
  writeModel(join(folder, 'made-up.onebit'), keepsFirst(0));
  gateway.reload();
  await until(() => gateway.predictor?.modelAtWork?.says === 'cut points');
  await (await post(setup.url, body)).text();
  t.not(setup.engine.received.at(-1)?.body, body);
});

/** Posts prompts one after the other on a connection of its own, some with a fault; true for each that got its own answer. */
async function client(setup: Setup, name: number, prompts: number, random: SeededRandom): Promise<boolean[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const right: boolean[] = [];
  for (let i = 0; i < prompts; i++) {
    const body = chat([`${LONG} ${name}:${i}`], { stream: random.below(2) === 0 });
    const fault = random.below(8) === 0 ? ['silent', 'cut', 'busy'][random.below(3)] : 'none';
    const text = await new Promise<string>((resolve) => {
      const headers = { 'x-fault': fault };
      const outgoing = request(
        `${setup.url}/v1/chat/completions`,
        { method: 'POST', agent, headers },
        (incoming) => {
          let received = '';
          incoming.setEncoding('utf8').on('data', (chunk) => (received += chunk));
          incoming.on('close', () => resolve(incoming.complete ? received : 'cut'));
        },
      );
      outgoing.on('error', () => resolve('error'));
      outgoing.end(body);
    });
    const own = answerOf(JSON.parse(body))[1];
    right.push(fault === 'none' ? text.includes(own) && text.includes('nothing') : !text.includes('nothing'));
  }
  agent.destroy();
  return right;
}

t.test(
  'under load, while the predictor is killed, swapped and switched, nothing is lost or reordered',
  async (t) => {
    const setup = await setUp(t, { budget: 50 }, 1);
    // It may be killed again and again before it is back at work.
    await until(() => setup.gateway.predictor?.modelAtWork !== undefined);
    const random = new SeededRandom(5);
    const [clients, prompts] = [8, 40];
    let loads = 0;
    const trouble = setInterval(async () => {
      const { gateway, folder } = setup;
      const what = loads++ % 4;
      if (what === 0) gateway.predictor?.kill();
      else if (what === 1) {
        writeModel(join(folder, 'made-up.onebit'), keepsFirst(loads % 3));
        gateway.reload();
      } else if (what === 2) await gateway.switchOff();
      else gateway.switchOn();
    }, 40);
    setup.engine.pause = 2;
    const all = await Promise.all(
      Array.from({ length: clients }, (_, name) => client(setup, name, prompts, random)),
    );
    clearInterval(trouble);
    t.ok(loads >= 4, `${loads} troubles`);
    t.ok(
      all.flat().every((right) => right),
      'every client got the answers to its own prompts, and the faults as they are',
    );
    // On a kept connection that the engine closes without an answer, a request is sent once more.
    const silent = setup.engine.received.filter(({ headers }) => headers.includes('silent')).length;
    const came = setup.engine.prompts.map(({ messages }) =>
      (messages as { content: string }[])[0].content.slice(LONG.length + 1),
    );
    t.equal(new Set(came).size, clients * prompts, 'each prompt came');
    t.ok(came.length <= clients * prompts + silent / 2, 'and came once, unless the engine fell silent');
    for (let name = 0; name < clients; name++) {
      const own = came
        .filter((which) => which.startsWith(`${name}:`))
        .map((which) => Number(which.split(':')[1]));
      t.strictSame(
        own,
        [...own].sort((a, b) => a - b),
        `those of client ${name} in its order`,
      );
    }
    const withField = setup.engine.prompts.filter((body) => body.kv_transfer_params !== undefined);
    const fields = new Set(withField.map(({ messages }) => JSON.stringify(messages))).size;
    const counted = await outcomes(setup);
    t.equal(fields, (counted.cut ?? 0) + (counted.discard ?? 0) + (counted.keep ?? 0));
    t.ok(fields > 0 && fields < clients * prompts, `${fields} fields written`);
    await setup.gateway.close(1000);
    const trace = readTrace(join(setup.folder, 'access.jsonl'));
    t.ok(trace.time.length >= fields, 'the log has at least every prompt with a field, in order of time');
  },
);

t.test('prompts that wait for their decisions are forwarded in the order of arrival', async (t) => {
  const predictorModule = new URL('./fragile-predictor.ts', import.meta.url);
  const setup = await setUp(t, { budget: 80, predictorModule, predictor: { model: 'answers every other' } });
  await until(() => setup.gateway.predictor?.modelAtWork !== undefined);
  const bodies = Array.from({ length: 12 }, (_, i) => chat([`${i}`]));
  // All connections are there before: an engine reads what comes on a new one after what waits on those it has.
  setup.engine.pause = 100;
  while (setup.engine.mostAtOnce < bodies.length)
    await Promise.all(bodies.map(async (body) => (await post(setup.url, body)).text()));
  setup.engine.received.splice(0);
  await Promise.all(
    bodies.map(async (body, i) => {
      await new Promise((resolve) => setTimeout(resolve, 20 * i));
      return (await post(setup.url, body)).text();
    }),
  );
  t.strictSame(
    setup.engine.received.map(({ body }) => body),
    bodies,
  );
});

t.test('the end waits for answers under way, and no longer for kept connections', async (t) => {
  const setup = await setUp(t, {}, 1);
  setup.engine.pause = 40;
  const agent = new Agent({ keepAlive: true });
  t.teardown(() => agent.destroy());
  const outgoing = request(`${setup.url}/v1/chat/completions`, { method: 'POST', agent });
  outgoing.end(chat([LONG], { stream: true }));
  const [incoming] = await once(outgoing, 'response');
  const start = performance.now();
  const closed = setup.gateway.close(20_000);
  let text = '';
  for await (const chunk of incoming.setEncoding('utf8')) text += chunk;
  t.ok(text.endsWith('data: [DONE]\n\n'), 'the answer is whole');
  await closed;
  t.ok(performance.now() - start < 5000, 'long before the patience ends');
  await t.rejects(post(setup.url, chat([LONG])), 'nothing more is taken');
  t.equal(readTrace(join(setup.folder, 'access.jsonl')).time.length, 1);
});

t.test('an answer that does not end is cut short when the patience ends', async (t) => {
  const setup = await setUp(t, {}, 1);
  setup.engine.pause = 60_000;
  const response = post(setup.url, chat([LONG], { stream: true })).catch(() => 'cut');
  await until(() => setup.engine.received.length === 1);
  await setup.gateway.close(50);
  t.equal(await response, 'cut');
});

t.test(
  'the access log goes on after a line that a crash cut short, and where the old file was moved away',
  async (t) => {
    const whole = '{"timestamp":5,"input_length":9,"output_length":1,"hash_ids":[7]}\n';
    const path = join(t.testdir({ 'access.jsonl': `${whole}{"timestamp":9,"inp` }), 'access.jsonl');
    const setup = await setUp(t, { accessLog: path }, 1);
    const say = async () => (await post(setup.url, chat([LONG]))).text();
    await say();
    await until(() => readFileSync(path, 'utf8').split('\n').length === 3);
    renameSync(path, `${path}.1`);
    setup.gateway.reload();
    await say();
    await setup.gateway.close(1000);
    t.equal(readTrace(path).time.length, 1);
    t.equal(readTrace(`${path}.1`).time.length, 2);
  },
);
