import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import t from 'tap';
import { readMooncake } from '../../src/traces/mooncake-jsonl.ts';
import { readTrace } from '../../src/traces/read-trace.ts';
import { generateSessions } from '../../src/traces/session-generator.ts';
import { DEFAULT_SESSIONS } from '../../src/traces/session-parameters.ts';
import { writeMooncake } from '../../src/traces/write-mooncake.ts';
import { hold } from '../arbitraries.ts';

t.test('what is written is read back with identical columns', async (t) => {
  const folder = t.testdir();
  for (const name of ['sessions.jsonl', 'sessions.jsonl.gz']) {
    const trace = generateSessions({ ...DEFAULT_SESSIONS, requests: 800 }, 3);
    writeMooncake(trace, join(folder, name));
    t.strictSame(readTrace(join(folder, name)), { ...trace, name });
  }
  t.strictSame([...readFileSync(join(folder, 'sessions.jsonl.gz')).subarray(0, 2)], [0x1f, 0x8b]);
});

t.test('any whole milliseconds survive writing', async (t) => {
  const path = join(t.testdir(), 'one.jsonl');
  hold(
    fc.property(fc.nat({ max: 2 ** 31 }), (milliseconds) => {
      const line = (timestamp: number) =>
        JSON.stringify({ timestamp, input_length: 1, output_length: 1, hash_ids: [0] });
      const trace = readMooncake(Buffer.from(`${line(0)}\n${line(milliseconds)}`), 'one.jsonl');
      writeMooncake(trace, path);
      return readTrace(path).time[1] === milliseconds / 1000;
    }),
    300,
  );
});

t.test('a file that cannot be written is refused in one line and leaves nothing behind', async (t) => {
  const folder = t.testdir({ taken: { inside: '' } });
  const trace = generateSessions({ ...DEFAULT_SESSIONS, requests: 5 }, 1);
  const taken = join(folder, 'taken');
  t.throws(() => writeMooncake(trace, taken), {
    name: 'Failure',
    message: /^[^\n]*taken: cannot be written [^\n]*; [^\n]*$/,
  });
  t.strictSame(readdirSync(folder), ['taken']);
});
