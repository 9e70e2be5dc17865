/** The fuzz test of every reader at its full length: a hundred thousand damaged files are tried, and counted. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import t from 'tap';

const MUTATIONS = 100_000;
const TEST = fileURLToPath(new URL('../traces/mutations.test.ts', import.meta.url));

t.setTimeout(0);

t.test('a hundred thousand damaged files are read whole or refused in one line', async (t) => {
  const env = { ...process.env, MUTATIONS: String(MUTATIONS) };
  const child = spawn(process.execPath, ['--import', 'tsx', TEST], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  let [tried, kinds, slowest] = [0, 0, 0];
  for await (const line of createInterface({ input: child.stdout })) {
    const told = line.match(/# (\d+) read, (\d+) refused, the slowest in (\d+) ms$/);
    if (told === null) {
      if (/^\s*not ok/.test(line)) t.fail(line.trim());
      continue;
    }
    const [read, refused, milliseconds] = told.slice(1).map(Number);
    tried += read + refused;
    kinds++;
    slowest = Math.max(slowest, milliseconds);
  }
  t.equal(await ended, 0, 'no damage is answered otherwise');
  t.ok(tried >= MUTATIONS, `${tried} damaged files of ${kinds} kinds, the slowest in ${slowest} ms`);
});
