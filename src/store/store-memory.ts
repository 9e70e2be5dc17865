import type { Cell } from '../simulator/cell.ts';
import type { CellMemory } from '../simulator/sweep.ts';
import { type CellIdentity, cellIdentity, cellKey, type KeyContext } from './cell-key.ts';
import type { ResultStore, StoredCell } from './result-store.ts';

/** What the cells of one sweep have in common. */
export type SweepContext = KeyContext & Pick<StoredCell, 'traceName' | 'requests'>;

/**
 * The store as the memory of a sweep.
 *
 * @param resume whether to look cells up; if not, all are run, and take the place of those before
 */
export function storeMemory(store: ResultStore, context: SweepContext, resume: boolean): CellMemory {
  const { traceName, requests } = context;
  const identities = new Map<Cell, CellIdentity>();
  const identity = (cell: Cell) => {
    const known = identities.get(cell) ?? cellIdentity(cell, context);
    identities.set(cell, known);
    return known;
  };
  return {
    key: (cell) => cellKey(identity(cell)),
    find: (cell) => (resume ? store.find(cellKey(identity(cell))) : undefined),
    keep: (cell, { faults, eta0, eta1 }) =>
      store.add(identity(cell), { faults, eta0, eta1 }, { traceName, requests }),
  };
}
