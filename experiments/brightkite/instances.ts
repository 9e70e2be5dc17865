import { existsSync, readFileSync } from 'node:fs';
import { strFromU8, unzipSync } from 'fflate';
import { type RequestSequence, requestSequence } from '../../src/index.ts';

/** Where the instances are looked for, from the root of the repository. */
export const DATA = '../shared/traces/citibike_brightkite_data.zip';

/**
 * Reads the Brightkite instances: one request sequence a user, from the field's standard archive.
 *
 * @returns `undefined` where the archive is missing
 */
export function brightkite(path: string): RequestSequence[] | undefined {
  return instances(path, /bk[^/]*\.txt$/);
}

/** Reads the CitiBike instances of the same archive: one request sequence a month. */
export function citibike(path: string): RequestSequence[] | undefined {
  return instances(path, /citi[^/]*\.txt$/);
}

function instances(path: string, wanted: RegExp): RequestSequence[] | undefined {
  if (!existsSync(path)) return undefined;
  const files = unzipSync(readFileSync(path), { filter: ({ name }) => wanted.test(name) });
  return Object.keys(files)
    .sort()
    .map((name) => requestSequence(strFromU8(files[name]).trim().split(/\s+/)));
}
