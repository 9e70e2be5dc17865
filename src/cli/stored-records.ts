import { existsSync } from 'node:fs';
import type { Options } from 'yargs';
import { splitPolicies } from '../policies/description.ts';
import { formatPredictions, parsePredictions, splitSources } from '../simulator/predictions.ts';
import type { StoredRecord } from '../simulator/result.ts';
import { origin } from '../store/origin.ts';
import { queryStore } from '../store/query.ts';
import { ResultStore } from '../store/result-store.ts';
import { Failure } from '../support/failure.ts';
import { commandLine, parseCapacities, STORE } from './arguments.ts';

/** Which stored records a command is about. */
export interface StoredQuery {
  policy: string | undefined;
  capacity: string | undefined;
  predictions: string | undefined;
  trace: string | undefined;
  store: string | false;
}

/** The options that say so. */
export const STORED_QUERY = {
  policy: { type: 'string', describe: 'of these policies, in any spelling' },
  capacity: { type: 'string', describe: 'at these cache sizes' },
  predictions: { type: 'string', describe: 'with these predictions; model for those of any model' },
  trace: { type: 'string', describe: 'on traces whose name contains this, or whose checksum begins so' },
  store: STORE,
} as const satisfies Record<keyof StoredQuery, Options>;

/**
 * The records that are asked for.
 *
 * @param besides policies that are wanted in any case
 * @throws Failure if there is no store, or an option cannot be read
 */
export function storedRecords(query: StoredQuery, besides: readonly string[] = []): StoredRecord[] {
  const { policy, capacity, predictions, trace, store: folder } = query;
  if (folder === false || !existsSync(folder))
    throw new Failure(
      `--store: there is no folder ${folder}; run onebit sweep first, or name the folder of a store`,
    );
  const store = new ResultStore(folder, origin(commandLine()));
  if (store.damaged > 0) console.error(`${folder}: ${store.damaged} damaged lines are left out`);
  return queryStore(store.all(), {
    ...(policy !== undefined && { policies: [...splitPolicies(policy), ...besides] }),
    ...(capacity !== undefined && { capacities: parseCapacities(capacity) }),
    ...(predictions !== undefined && {
      predictions: [...splitSources(predictions).map(asStored), ...(besides.length > 0 ? ['none'] : [])],
    }),
    ...(trace !== undefined && { trace }),
  });
}

/** The bits of a record as they are written there, in whatever spelling they are asked for. */
function asStored(predictions: string): string {
  return predictions === 'none' ? predictions : formatPredictions(parsePredictions(predictions));
}
