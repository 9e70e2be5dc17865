/** Laws of the gateway's parts. */
import fc from 'fast-check';
import t from 'tap';
import { AnswerReader } from '../../src/plugin/gateway/answer-tokens.ts';
import { blockHashes } from '../../src/plugin/gateway/block-hashes.ts';
import { forwardedHeaders } from '../../src/plugin/gateway/headers.ts';
import { installKey } from '../../src/plugin/gateway/install-key.ts';
import { insertion } from '../../src/plugin/gateway/json-insertion.ts';
import { promptText } from '../../src/plugin/gateway/prompt-text.ts';
import { Body } from '../../src/plugin/gateway/request-body.ts';

const KEY = Buffer.alloc(32, 3);
const NAMES = ['a', 'b', 'c"', 'ü', '\\'];

t.test('a member is put into any JSON, which stays as it is around it', async (t) => {
  const member = fc.letrec((tie) => ({
    value: fc.oneof({ maxDepth: 4 }, fc.jsonValue({ maxDepth: 1 }), tie('object')),
    object: fc.dictionary(fc.constantFrom(...NAMES), tie('value'), { maxKeys: 4, noNullPrototype: true }),
  }));
  const path = fc.array(fc.constantFrom(...NAMES), { minLength: 1, maxLength: 3 });
  const law = fc.property(
    member.object,
    path,
    fc.constantFrom(undefined, 1, '\t'),
    fc.nat(30),
    (object, names, space, cut) => {
      const bytes = Buffer.from(` ${JSON.stringify(object, null, space)}\n`);
      const body = JSON.parse(bytes.toString());
      const found = insertion(bytes, body, names, '"put"');
      let inner: unknown = body;
      let depth = 0;
      for (; depth < names.length && isObject(inner) && Object.hasOwn(inner, names[depth]); depth++)
        inner = inner[names[depth]];
      if (depth === names.length || !isObject(inner)) return found === undefined;
      if (found === undefined) return false;
      const pieces = [bytes.subarray(0, cut), bytes.subarray(cut)].filter(({ length }) => length > 0);
      const after = Buffer.from(new Body(pieces).with(found).copy());
      inner[names[depth]] = names
        .slice(depth + 1)
        .reduceRight<unknown>((value, name) => ({ [name]: value }), 'put');
      t.strictSame(JSON.parse(after.toString()), body);
      return Buffer.concat([
        after.subarray(0, found.at),
        after.subarray(found.at + Buffer.byteLength(found.text)),
      ]).equals(bytes);
    },
  );
  fc.assert(law, { numRuns: 500 });
  // Of two members of one name, parsers take one or the other.
  const twice = '{"a":{"x":1},"a":{}}';
  t.equal(insertion(Buffer.from(twice), JSON.parse(twice), ['a', 'b'], '1'), undefined);
});

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

t.test('two prompts share the hashes of their common beginning, and no others', async () => {
  const text = fc.string({ minLength: 0, maxLength: 60 });
  const law = fc.property(text, text, text, fc.integer({ min: 1, max: 9 }), (head, one, other, size) => {
    const [a, b] = [Buffer.from(head + one), Buffer.from(head + other)];
    const [x, y] = [blockHashes(KEY, 's', a, size), blockHashes(KEY, 's', b, size)];
    for (let block = 0; block < Math.max(x.length, y.length); block++) {
      const end = (block + 1) * size;
      const same = a.subarray(0, end).equals(b.subarray(0, end));
      if ((x[block] === y[block]) !== same) return false;
    }
    return x.every(Number.isSafeInteger) && x.length === Math.max(1, Math.ceil(a.length / size));
  });
  fc.assert(law);
  const other = blockHashes(Buffer.alloc(32, 4), 's', Buffer.from('abc'), 2);
  fc.assert(
    fc.property(
      fc.constantFrom('', 't'),
      (salt) => blockHashes(KEY, salt, Buffer.from('abc'), 2)[0] !== other[0],
    ),
  );
});

t.test('the next turn of a conversation begins with the present one', async (t) => {
  const turn = [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: [{ type: 'text', text: 'What is this?' }] },
  ];
  const tools = [{ type: 'function' }];
  const text = (messages: object[], more = {}) =>
    promptText({ model: 'm', messages, tools, ...more })?.text.toString() ?? '';
  const next = [
    ...turn,
    { role: 'assistant', content: 'A cat.', tool_calls: [] },
    { role: 'user', content: 'Why?' },
  ];
  t.ok(text(next).startsWith(text(turn)));
  t.not(text([{ role: 'user', content: 'x' }]), text([{ role: 'assistant', content: 'x' }]));
  t.equal(promptText({ prompt: 'abc' })?.text.toString(), 'abc');
  t.strictSame(promptText({ prompt: [5, 6] })?.tokens, 2);
  t.not(promptText({ model: 'a', prompt: 'x' })?.salt, promptText({ model: 'b', prompt: 'x' })?.salt);
  for (const none of [null, 7, [], {}, { prompt: ['a', 'b'] }, { messages: [] }, { messages: ['a'] }])
    t.equal(promptText(none), undefined);
});

t.test('token counts of answers, as each engine tells them', async (t) => {
  const counts = (...chunks: string[]) => {
    const reader = new AnswerReader();
    for (const chunk of chunks) reader.take(Buffer.from(chunk));
    return reader.counts();
  };
  const usage =
    '{"usage":{"prompt_tokens":12,"completion_tokens":3,"prompt_tokens_details":{"cached_tokens":8}}}';
  t.strictSame(counts(usage), { input: 12, output: 3, cached: 8 });
  t.strictSame(
    counts(usage.slice(0, 20), usage.slice(20)),
    { input: 12, output: 3, cached: 8 },
    'cut in two',
  );
  t.strictSame(counts('{"timings":{"cache_n":799,"prompt_n":1,"predicted_n":4}}'), {
    input: 800,
    output: 4,
    cached: 799,
  });
  t.strictSame(counts('data: {}\n\ndata: {}\n\n'), { input: undefined, output: 2, cached: undefined });
  const quoted = JSON.stringify({ content: '"prompt_tokens": 99' });
  t.strictSame(
    counts(quoted),
    { input: undefined, output: undefined, cached: undefined },
    'a text that says so',
  );
});

t.test('headers of one connection stay there', async (t) => {
  const raw = [
    'Host',
    'a',
    'Connection',
    'keep-alive, X-Own',
    'X-Own',
    '1',
    'Set-Cookie',
    'a',
    'Set-Cookie',
    'b',
    'TE',
    'trailers',
  ];
  t.strictSame(forwardedHeaders(raw), ['Host', 'a', 'Set-Cookie', 'a', 'Set-Cookie', 'b']);
});

t.test('the key of a log is made once, and nothing else is taken for one', async (t) => {
  const folder = t.testdir({ wrong: 'no key' });
  t.strictSame(installKey(`${folder}/new`), installKey(`${folder}/new`));
  t.notSame(installKey(undefined), installKey(undefined));
  t.throws(() => installKey(`${folder}/wrong`), /wrong: cannot be used as key .*choose another --key/);
  t.throws(() => installKey(`${folder}/none/key`), /cannot be used as key/);
});
