import t from 'tap';
import { selectRows } from '../../src/features/block-features.ts';
import { NO_PAGE } from '../../src/paging/policy.ts';
import { featureRows } from '../../src/simulator/replay/request-bits.ts';
import { TurningBits } from '../../src/simulator/replay/turning-bits.ts';
import type { Worker } from '../../src/simulator/replay/worker.ts';
import type { Workload } from '../../src/simulator/replay/workload.ts';

/** Two requests: blocks 0, 1 and an answer 2; then 0, 1, 2, 3 and an answer 4. */
const workload = {
  accesses: { pages: Uint32Array.of(0, 1, 2, 0, 1, 2, 3, 4), pageCount: 5 },
  first: Uint32Array.of(0, 3, 8),
  promptBlocks: Uint32Array.of(2, 4),
  trace: { firstBlock: Uint32Array.of(0, 3, 7) },
} as unknown as Workload;

t.test('a bit turns at the latest access of its block, and every cache hears of it', async (t) => {
  const told: string[] = [];
  const workers = ['a', 'b'].map((name) => ({
    cache: { device: { discard: (block: number) => told.push(`${name}${block}`) } },
  })) as unknown as Worker[];
  // Block 2 before the first access of request 1, block 0 before its third: by then it was accessed again.
  const late = Uint32Array.of(NO_PAGE, NO_PAGE, NO_PAGE, 2, NO_PAGE, 0, NO_PAGE, NO_PAGE);
  const turning = new TurningBits(workload, late);
  turning.arrive(0, workers);
  t.strictSame([...turning.bits], [0, 0, 0, 0, 0, 0, 0, 0]);
  turning.arrive(1, workers);
  t.strictSame([...turning.bits], [0, 0, 1, 1, 0, 0, 0, 0]);
  t.strictSame(told, ['a2', 'b2', 'a0', 'b0']);
});

t.test('the blocks of an answer have the features of the last block of the prompt', async (t) => {
  const rows = featureRows(workload);
  t.strictSame([...rows], [0, 1, 1, 3, 4, 5, 6, 6]);
  const matrix = { names: ['a', 'b'], rows: 3, values: Float32Array.of(1, 2, 3, 4, 5, 6) };
  const selected = selectRows(matrix, Uint32Array.of(2, 0, 2));
  t.strictSame(selected, { names: ['a', 'b'], rows: 3, values: Float32Array.of(5, 6, 1, 2, 5, 6) });
});
