import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import t from 'tap';
import { cellKey } from '../../src/store/cell-key.ts';
import { origin } from '../../src/store/origin.ts';
import { ResultStore } from '../../src/store/result-store.ts';
import { storedCell } from './stored-cell.ts';

const ORIGIN = origin('onebit sweep test');
const keyAt = (capacity: number) => cellKey(storedCell(capacity)[0]);

function filled(folder: string, capacities: readonly number[]): string {
  const store = new ResultStore(folder, ORIGIN);
  for (const capacity of capacities) store.add(...storedCell(capacity));
  store.close();
  return join(folder, readdirSync(folder)[0]);
}

t.test('what is added is found, now and by whoever opens the store later', async (t) => {
  const folder = join(t.testdir(), 'deep/store');
  const store = new ResultStore(folder, ORIGIN);
  t.equal(store.find(keyAt(3)), undefined);
  store.add(...storedCell(3));
  store.add(...storedCell(4));
  for (const one of [store, new ResultStore(folder, ORIGIN)]) {
    t.match(one.find(keyAt(3)), { capacity: 3, faults: 997, traceName: 'pages', key: keyAt(3) });
    t.equal(one.all().length, 2);
    t.strictSame(one.all()[0].origin, ORIGIN);
    t.equal(one.damaged, 0);
  }
  store.close();
});

t.test('a cell that is run again takes the place of the one before', async (t) => {
  const folder = t.testdir();
  filled(folder, [3]);
  const store = new ResultStore(folder, { ...ORIGIN, started: '2999-01-01T00:00:00.000Z' });
  const [identity, , about] = storedCell(3);
  store.add(identity, { faults: 1, eta0: null, eta1: null }, about);
  store.close();
  const again = new ResultStore(folder, ORIGIN);
  t.equal(again.find(keyAt(3))?.faults, 1);
  t.equal(again.all().length, 1);
});

t.test('a store that is not there is empty, one that is a file is refused', async (t) => {
  const folder = t.testdir({ file: '' });
  t.strictSame(new ResultStore(join(folder, 'absent'), ORIGIN).all(), []);
  t.throws(() => new ResultStore(join(folder, 'file'), ORIGIN), {
    name: 'Failure',
    message: /cannot be read/,
  });
  const inside = new ResultStore(join(folder, 'other'), ORIGIN);
  writeFileSync(join(folder, 'other'), '');
  t.throws(() => inside.add(...storedCell(1)), {
    name: 'Failure',
    message: /cannot be written .*--no-store$/,
  });
});

t.test('of a file cut off anywhere everything up to there is found, and nothing wrong', async (t) => {
  const folder = t.testdir();
  const path = filled(folder, [1, 2, 3]);
  const whole = readFileSync(path);
  const ends = [...whole.keys()].filter((i) => whole[i] === 10);
  for (let length = 0; length < whole.length; length += 7) {
    writeFileSync(path, whole.subarray(0, length));
    const store = new ResultStore(folder, ORIGIN);
    // The line feed itself may be missing. The first line tells the origin.
    const lines = ends.filter((end) => end <= length).length;
    t.equal(store.all().length, Math.max(0, lines - 1), `cut off at ${length}`);
    for (const { cell } of store.all()) t.equal(cell.faults, 1000 - cell.capacity);
  }
});

t.test('no damage makes a store tell a wrong result', async (t) => {
  const folder = t.testdir();
  const path = filled(folder, [1, 2, 3, 4]);
  const whole = readFileSync(path);
  const bytes = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 })), {
    minLength: 1,
    maxLength: 8,
  });
  fc.assert(
    fc.property(bytes, (changes) => {
      const damaged = Buffer.from(whole);
      for (const [at, mask] of changes) damaged[at] ^= mask;
      writeFileSync(path, damaged);
      const store = new ResultStore(folder, ORIGIN);
      const right = store
        .all()
        .every(({ cell }) => cell.faults === 1000 - cell.capacity && cell.key === keyAt(cell.capacity));
      return right && (store.damaged > 0 || damaged.equals(whole));
    }),
    { numRuns: 300 },
  );
});

t.test(
  'any number of processes write at once, and one that is killed spoils its last line at most',
  async (t) => {
    const folder = t.testdir();
    const loader = join(process.cwd(), 'node_modules/tsx/dist/loader.mjs');
    const script = join(process.cwd(), 'test/store/add-cells.ts');
    const writer = (first: number, count: number) =>
      spawn(process.execPath, ['--import', loader, script, folder, String(first), String(count)], {
        stdio: 'inherit',
      });
    const endless = writer(1_000_000, 1e9);
    const others = [0, 1000].map((first) => writer(first, 1000));
    await Promise.all(others.map((child) => once(child, 'exit')));
    const exit = once(endless, 'exit');
    endless.kill('SIGKILL');
    await exit;
    const store = new ResultStore(folder, ORIGIN);
    t.ok(store.damaged <= 1);
    for (let capacity = 0; capacity < 2000; capacity++)
      if (store.find(keyAt(capacity))?.faults !== 1000 - capacity) t.fail(`cell ${capacity} is lost`);
    t.ok(readdirSync(folder).length >= 2);
  },
);
