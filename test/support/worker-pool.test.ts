import t from 'tap';
import { inWorkers, type Outcome, shareArray } from '../../src/support/worker-pool.ts';

const MODULE = new URL('./fragile-worker.ts', import.meta.url);

async function outcomes(
  tasks: readonly number[],
  workers: number,
  signal?: AbortSignal,
): Promise<Outcome<number>[]> {
  const shared = shareArray(new Uint32Array(2));
  const found: Outcome<number>[] = [];
  const pool = { module: MODULE, shared, tasks, workers, ...(signal && { signal }) };
  for await (const outcome of inWorkers<number, number>(pool)) found.push(outcome);
  return found;
}

const TASKS = [1, 2, 66, 4, 13, 6, 7, 66];
const EXPECTED = [
  { result: 1 },
  { result: 4 },
  { failure: 'its worker ended before it did' },
  { result: 16 },
  { failure: 'thirteen' },
  { result: 36 },
  { result: 49 },
  { failure: 'its worker ended before it did' },
];

for (const workers of [1, 2, 20]) {
  t.test(`${workers} workers: outcomes in the order of the tasks, and a death fails one task`, async (t) => {
    t.strictSame(await outcomes(TASKS, workers), EXPECTED);
  });
}

t.test('an interrupt keeps what has finished, also behind a task that has not', async (t) => {
  const interrupt = new AbortController();
  const shared = shareArray(new Uint32Array(2));
  const found: Outcome<number>[] = [];
  let finished = 0;
  const pool = {
    module: MODULE,
    shared,
    tasks: [99, 2, 3, 99, 5],
    workers: 2,
    signal: interrupt.signal,
    onFinished: () => ++finished === 2 && interrupt.abort(),
  };
  for await (const outcome of inWorkers<number, number>(pool)) found.push(outcome);
  const interrupted = { failure: 'interrupted' };
  t.strictSame(found, [interrupted, { result: 4 }, { result: 9 }, interrupted, interrupted]);
});

t.test('what is interrupted before it begins does nothing', async (t) => {
  const interrupted = { failure: 'interrupted' };
  t.strictSame(await outcomes([1, 2], 2, AbortSignal.abort()), [interrupted, interrupted]);
});

t.test('all workers write to the same memory, and leaving early ends them', async (t) => {
  const shared = shareArray(new Uint32Array(2));
  for await (const outcome of inWorkers<number, number>({
    module: MODULE,
    shared,
    tasks: [1, 2, 3, 99, 99],
    workers: 2,
    onFinished: () => {},
  })) {
    if ('result' in outcome && outcome.result === 9) break;
  }
  t.equal(shared[0], 3);
  const spins = shared[1];
  await new Promise((resolve) => setTimeout(resolve, 50));
  t.equal(shared[1], spins, 'nobody is spinning any more');
});
