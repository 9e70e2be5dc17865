import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { assert } from '../support/failure.ts';

// The sources are compiled beside this file.
const EXTENSION = extname(import.meta.url);

/** The catalog of policies, which imports them all. */
export const CATALOG_MODULE = new URL(`../policies/catalog${EXTENSION}`, import.meta.url);

let catalog: string | undefined;

/**
 * The modules that a name of the catalog is made of, read off its line there: `mark0: mark0(marker)` needs two. So the
 * catalog stays the only list of policies, and no policy depends on all others through it.
 */
export function policyModules(name: string): URL[] {
  catalog ??= readFileSync(CATALOG_MODULE, 'utf8');
  const line = new RegExp(`^\\s+'?${name}'?(?:: (.*))?,$`, 'm').exec(catalog);
  assert(line !== null, `the catalog has no line of ${name}`);
  const identifiers = (line[1] ?? name).match(/\w+/g) ?? [];
  return identifiers.map((identifier) => {
    // The compiler writes paths that it rewrites between double quotes.
    const path = new RegExp(`^import \\{ ${identifier} \\} from ['"](.*)['"];$`, 'm').exec(
      catalog ?? '',
    )?.[1];
    assert(path !== undefined, `the catalog does not import ${identifier}`);
    return new URL(path, CATALOG_MODULE);
  });
}
