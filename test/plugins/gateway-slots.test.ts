/** The slots of a llama.cpp server: which conversation keeps its slot, which is saved and restored, which is given up. */
import t from 'tap';
import { BLOCK, chat, post, type Setup, setUp } from './gateway-setup.ts';

const predictor = { engine: 'llama.cpp' } as const;

/** The texts of a conversation of some turns; each turn adds two blocks and more. */
function turns(who: string, count: number): string[] {
  return Array.from({ length: 2 * count - 1 }, (_, i) => `${who}${i} `.repeat(BLOCK / 2));
}

async function ask({ url, engine }: Setup, texts: readonly string[]): Promise<unknown> {
  await (await post(url, chat(texts))).text();
  return engine.prompts.at(-1)?.id_slot;
}

t.test('a conversation keeps its slot; one that leaves is saved and comes back', async (t) => {
  const setup = await setUp(t, { predictor, slots: 2 });
  const { slotActions } = setup.engine;
  const a = await ask(setup, turns('a', 1));
  const b = await ask(setup, turns('b', 1));
  t.strictSame([a, b], [0, 1]);
  t.equal(await ask(setup, turns('a', 2)), a, 'the next turn');
  t.strictSame(slotActions, []);
  t.equal(await ask(setup, turns('c', 1)), b, 'the least recently used one leaves');
  t.strictSame(slotActions.splice(0), ['save 1 onebit-1.bin']);
  t.equal(await ask(setup, turns('b', 2)), a);
  t.strictSame(slotActions.splice(0), ['save 0 onebit-0.bin', 'restore 0 onebit-1.bin']);
  t.equal(await ask(setup, turns('b', 3)), a);
  t.strictSame(slotActions, []);
});

t.test(
  'a conversation that the model does not expect back is the first to leave, and is not saved',
  async (t) => {
    const setup = await setUp(t, { predictor, slots: 2 }, 2);
    await ask(setup, turns('a', 1));
    await ask(setup, turns('b', 3));
    t.equal(await ask(setup, turns('c', 1)), 1, 'LRU would have chosen the other');
    t.strictSame(setup.engine.slotActions, ['erase 1']);
  },
);

t.test('prompts wait while all slots are in use, and none share one', async (t) => {
  const setup = await setUp(t, { predictor, slots: 2 });
  setup.engine.pause = 20;
  await Promise.all(['a', 'b', 'c', 'd', 'e'].map((who) => ask(setup, turns(who, 1))));
  t.equal(setup.engine.prompts.length, 5);
  t.equal(setup.engine.mostAtOnce, 2);
});

t.test('slots are given back whatever the engine or the client does', async (t) => {
  const setup = await setUp(t, { predictor, slots: 1 });
  for (const fault of ['silent', 'busy', 'cut'])
    await post(setup.url, chat(turns(fault, 1)), { 'x-fault': fault })
      .then((response) => response.text())
      .catch(() => {});
  setup.engine.pause = 30;
  const left = new AbortController();
  const gone = fetch(`${setup.url}/v1/chat/completions`, {
    method: 'POST',
    body: chat(turns('x', 1)),
    signal: left.signal,
  });
  setTimeout(() => left.abort(), 10);
  await t.rejects(gone);
  t.equal(await ask(setup, turns('a', 1)), 0);
});

t.test('a server that cannot save is told once, and conversations go on', async (t) => {
  const setup = await setUp(t, { predictor, slots: 1 });
  setup.engine.canSave = false;
  for (const who of ['a', 'b', 'c', 'a']) t.equal(await ask(setup, turns(who, 1)), 0);
  t.strictSame(setup.engine.slotActions, ['erase 0', 'erase 0', 'erase 0']);
  const told = setup.events.filter(({ event }) => event === 'slot save failed');
  t.equal(told.length, 1);
  t.match(told[0].remedy, /--slot-save-path/);
});

t.test('a server that does not tell its slots gets requests as they came', async (t) => {
  const setup = await setUp(t, { predictor, slots: 0 });
  t.equal(await ask(setup, turns('a', 1)), undefined);
  t.equal(await ask(setup, turns('b', 1)), undefined);
  t.equal(setup.events.filter(({ event }) => event === 'slots unknown').length, 1);
});
