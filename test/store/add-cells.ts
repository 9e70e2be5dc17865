/** Adds cells to a store, as one of several processes: folder, first capacity, how many. */
import { origin } from '../../src/store/origin.ts';
import { ResultStore } from '../../src/store/result-store.ts';
import { storedCell } from './stored-cell.ts';

const [folder, first, count] = process.argv.slice(2);
const store = new ResultStore(folder, origin('test'));
for (let i = 0; i < Number(count); i++) store.add(...storedCell(Number(first) + i));
