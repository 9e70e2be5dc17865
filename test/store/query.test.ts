/** The order of results: workers store cells as they finish. */
import { join } from 'node:path';
import t from 'tap';
import { origin } from '../../src/store/origin.ts';
import { queryStore } from '../../src/store/query.ts';
import { ResultStore } from '../../src/store/result-store.ts';
import { storedCell } from './stored-cell.ts';

t.test(
  'records come in the order of capacity, policy and seed, in whatever order they were stored',
  async (t) => {
    const folder = t.testdir({});
    const cells = [5, 9].flatMap((capacity) => [1, 2, 10].map((seed) => ({ capacity, seed })));
    const wanted = cells.map(({ capacity, seed }) => `${capacity} ${seed}`);
    for (const [name, order] of Object.entries({ forward: cells, backward: [...cells].reverse() })) {
      const store = new ResultStore(join(folder, name), origin('onebit sweep'));
      for (const { capacity, seed } of order) {
        const [identity, result, told] = storedCell(capacity, 'random');
        store.add({ ...identity, seed }, result, told);
      }
      const found = queryStore(store.all(), {}).map(({ capacity, seed }) => `${capacity} ${seed}`);
      t.strictSame(found, wanted, name);
    }
  },
);
