import { spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { PROGRAM } from '../program.ts';

const folder = mkdtempSync(join(tmpdir(), 'onebit-'));

function verify(...args: string[]): Promise<{ status: number | null; stdout: string; stderr: string }> {
  const child = spawn('env', [...PROGRAM, 'verify', ...args], { cwd: folder });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  return new Promise((resolve) => child.on('close', (status) => resolve({ status, stdout, stderr })));
}

/** A policy file whose parts are those of a slow but sound first in, first out, except for what is given. */
function policyFile(name: string, parts: { declares?: string; victim?: string; hit?: string }): string {
  const { declares = '', victim = 'return free[0];', hit = '' } = parts;
  const code = `
    interface Slots { has(slot: number): boolean }
    export const policy = {
      summary: 'a test', reference: 'none', ${declares}
      create: () => {
        let order: number[] = [];
        return {
          hit() { ${hit} },
          load(slot: number) { order.push(slot); },
          remove(slot: number) { order = order.filter((other) => other !== slot); },
          victim(page: number, bit: number, protectedSlots: Slots) {
            const free = order.filter((slot) => !protectedSlots.has(slot));
            ${victim}
          },
        };
      },
    };`;
  writeFileSync(join(folder, name), code);
  return name;
}

const COMPETITIVE = 'alpha: (k: number) => k, beta: () => 0, gamma: () => 0, additive: () => 0';

t.test('a sound policy of the catalog: exit 0, one JSON record a law', async (t) => {
  const { status, stdout, stderr } = await verify('lru', '--json');
  t.equal(status, 0, stderr);
  t.equal(stderr, '');
  const records = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  t.equal(records.length, 13);
  for (const { policy, seed, outcome } of records)
    t.match({ policy, seed, outcome }, { policy: 'lru', seed: 1, outcome: /holds|exempt/ });
  const { trials, largest } = records.find(({ law }) => law === 'guarantee');
  t.strictSame(
    trials.map(({ engine }: { engine: string }) => engine),
    ['exhaustive', 'random', 'search'],
  );
  t.ok(largest.ratio > 1 && largest.load <= 1);
});

t.test(
  'a broken guarantee: exit 1, a minimal instance, and a command and a file that replay it',
  async (t) => {
    const file = policyFile('last.ts', {
      declares: `guarantee: () => ({ ${COMPETITIVE} }),`,
      victim: 'return free.at(-1);',
    });
    const { status, stdout, stderr } = await verify(file);
    t.equal(status, 1);
    t.equal(stderr, 'onebit: last.ts breaks 2 of its laws: guarantee, lower bounds\n');
    t.match(stdout, /✓ victims/);
    const replay =
      stdout.match(/law “guarantee”: .+\n.+\n +replay: +onebit verify last\.ts --replay '(.+)'/)?.[1] ?? '';
    t.strictSame(JSON.parse(replay), { pages: [0, 1, 2, 1, 2, 1, 2], capacity: 2, seed: 1 });
    writeFileSync(join(folder, 'instance.json'), replay);
    const again = await verify(file, '--replay', 'instance.json');
    t.equal(again.status, 1);
    t.match(again.stdout, 'on this instance: exactly 7 faults, OPT 3\n');
    t.match(again.stdout, '7 faults, at most 6 promised: k 2, OPT 3, α = 2');
  },
);

t.test('a policy that loops forever under one law is held to the others', async (t) => {
  const file = policyFile('loops.ts', { victim: 'while (free.length < order.length); return free[0];' });
  const { status, stdout, stderr } = await verify(file);
  t.match(
    stdout,
    /loops\.ts: law “protection”: it loops forever, or nearly: no end within 5 s\n +replay: +onebit/,
  );
  t.match(stdout, '5 laws hold, 1 broken');
  t.equal(status, 1);
  t.equal(stderr, 'onebit: loops.ts breaks 1 of its laws: protection\n');
});

t.test('errors of the policy name the file and the law', async (t) => {
  const absent = policyFile('absent.ts', { victim: 'return free.length > 2 ? (free as any).none.such : 7;' });
  const { status, stdout } = await verify(absent);
  t.equal(status, 1);
  t.match(stdout, /absent\.ts: law “victims”: the policy named slot 7 as its victim, which holds no page/);
  t.match(stdout, '0 laws hold, 6 broken');
  const { stdout: thrown } = await verify(absent, '--replay', '{"pages":[0,1,2,3],"capacity":3}');
  t.match(thrown, /absent\.ts: law “victims”: TypeError: Cannot read properties of undefined/);
  t.match(thrown, '0 laws hold, 6 broken, 7 do not apply');
});

t.test('what cannot be verified is refused in one line with exit status 1', async (t) => {
  writeFileSync(join(folder, 'ends.js'), 'process.exit(0);\n');
  const cases: readonly (readonly [RegExp, ...string[]])[] = [
    [/^onebit: ends\.js: while the file is loaded it ends the process\n$/, 'ends.js'],
    [/^onebit: unknown policy “lruu”; did you mean lru\?\n$/, 'lruu'],
    [/^onebit: --replay: is not a JSON object; .+\n$/, 'lru', '--replay', '{"pages"'],
  ];
  for (const [expected, ...args] of cases) {
    const { status, stdout, stderr } = await verify(...args);
    t.equal(status, 1, args.join(' '));
    t.equal(stdout, '');
    t.match(stderr, expected);
  }
});
