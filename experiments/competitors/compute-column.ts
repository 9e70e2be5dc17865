/** What each process of `columns.ts` runs: for each column sent to it, the cells. */
import { brightkite, citibike, DATA } from '../brightkite/instances.ts';
import type { Column } from './columns.ts';
import { cells, dataset } from './table.ts';

const path = process.argv[2] ?? DATA;
const archive = { brightkite: brightkite(path), citibike: citibike(path) };

process.on('message', ({ dataset: name, capacity, kind, rows, seeds }: Column) => {
  const instances = archive[name as keyof typeof archive] ?? [];
  process.send?.(cells(dataset(name, capacity, instances), rows, kind, seeds));
});
