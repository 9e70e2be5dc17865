import type { CatalogPolicy } from '../paging/definition.ts';
import { catalog, findPolicy } from '../policies/find-policy.ts';
import { weightedTable } from '../report/weighted-table.ts';
import { compareWeighted, takesWeights } from '../simulator/compare-weighted.ts';
import { Failure } from '../support/failure.ts';
import type { ColumnNames } from '../traces/columns.ts';
import { PageWeights } from '../traces/page-weights.ts';
import { readTrace } from '../traces/read-trace.ts';
import type { ServingTrace } from '../traces/serving-trace.ts';
import { defaultCapacity } from './arguments.ts';

interface Request {
  readonly trace: string | undefined;
  /** All that can be compared if absent. */
  readonly policies: readonly string[] | undefined;
  /** In bytes, or in pages; a fortieth of the pages if absent. */
  readonly capacities: readonly number[] | undefined;
  readonly unit: 'bytes' | 'pages';
  readonly columns: ColumnNames | undefined;
  readonly seed: number;
  readonly json: boolean;
}

/**
 * `onebit compare` where capacity is in bytes, or faults cost what the trace says (`--weighted`).
 *
 * @throws Failure for a policy that was named and supports no sizes, or a trace without sizes or costs
 */
export function runWeighted({ trace: path, policies, capacities, unit, columns, seed, json }: Request): void {
  const { compared, leftOut } = choose(policies);
  if (path === undefined)
    throw new Failure(`the embedded trace tells no ${lacking(unit)}; name a trace that does`);
  const weights = new PageWeights(true);
  const trace = readTrace(path, { ...(columns && { columns }), weights });
  const { sizes, costs } = declared(trace, weights, unit, path);
  const comparison = {
    name: trace.name,
    sequence: trace.blocks,
    sizes,
    costs,
    policies: compared,
    capacities: capacities ?? [defaultCapacity(trace)],
    seed,
  };
  const records = [];
  for (const record of compareWeighted(comparison)) {
    records.push(record);
    if (json) console.log(JSON.stringify(record));
  }
  if (json) return;
  console.log(weightedTable(records, process.stdout.columns));
  if (weights.changes > 0)
    console.log(
      `${weights.changes.toLocaleString('en-US')} requests came with another size than their page had before; a page has the largest it is requested with.`,
    );
  if (leftOut.length > 0) console.log(`Left out, for pages of one size only: ${leftOut.join(', ')}.`);
}

/** What is compared, and what of the catalog is left out where nothing was named. */
function choose(named: readonly string[] | undefined): {
  compared: readonly CatalogPolicy[];
  leftOut: readonly string[];
} {
  if (named === undefined) {
    const all = catalog();
    const leftOut = all.filter((policy) => !takesWeights(policy)).map(({ name }) => name);
    return { compared: all.filter(takesWeights), leftOut };
  }
  const compared = named.map(findPolicy);
  const wrong = compared.find((policy) => !takesWeights(policy));
  if (wrong !== undefined) {
    const why = wrong.sizes
      ? `needs a ${wrong.needs} with each request, which is made for pages of one size`
      : 'is for pages of one size and cost';
    throw new Failure(
      `--policy: ${wrong.name} ${why}; leave it out, or give --capacity in pages (onebit policies tells which support sizes)`,
    );
  }
  return { compared, leftOut: [] };
}

/** The weights that the run asks for. Costs count wherever there are any; sizes only where capacity is in bytes. */
function declared(
  { blocks: { pageCount } }: ServingTrace,
  weights: PageWeights,
  unit: 'bytes' | 'pages',
  path: string,
): { sizes: Uint32Array | undefined; costs: Float64Array | undefined } {
  const sizes = unit === 'bytes' ? weights.sizes(pageCount) : undefined;
  const costs = weights.costs(pageCount);
  if (unit === 'bytes' ? sizes : costs) return { sizes, costs };
  const column = unit === 'bytes' ? 'size' : 'cost';
  throw new Failure(
    `${path}: the trace tells no ${lacking(unit)}; name the column if it has one (--columns ${column}=…), or give --capacity in pages without --weighted`,
  );
}

function lacking(unit: 'bytes' | 'pages'): string {
  return unit === 'bytes' ? 'sizes of pages' : 'costs of faults';
}
