import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { Failure } from './failure.ts';

const known = new Map<string, { readonly hash: string; readonly imports: readonly URL[] }>();

/**
 * A fingerprint of code: SHA-256 over the sources of some modules and of every module that they import by a relative path,
 * directly or not, in 16 hexadecimal digits. It changes when any of these files does, be it by a comment; packages are
 * left out. Each file is read once in a process. O(bytes of source).
 *
 * @param modules where to begin
 * @param stops modules that count as empty, and through which nothing is reached
 * @throws Failure for a module that is not there, as in a bundle of the whole program in one file
 */
export function sourceFingerprint(modules: readonly URL[], stops: readonly URL[] = []): string {
  const stopped = new Set(stops.map(({ href }) => href));
  const reached = new Map<string, string>();
  const visit = (module: URL): void => {
    if (reached.has(module.href) || stopped.has(module.href)) return;
    const { hash, imports } = source(module);
    reached.set(module.href, hash);
    for (const other of imports) visit(other);
  };
  for (const module of modules) visit(module);
  // By content alone, so that a checkout elsewhere has the same fingerprint.
  const hashes = [...reached.values()].sort();
  return createHash('sha256').update(hashes.join('')).digest('hex').slice(0, 16);
}

function source(module: URL) {
  const before = known.get(module.href);
  if (before !== undefined) return before;
  if (!existsSync(module))
    throw new Failure(
      `${module.pathname}: the source of a result is not there to be fingerprinted; run onebit unbundled, or with --no-store`,
    );
  const text = readFileSync(module, 'utf8');
  const imports = [...text.matchAll(/^(?:import|export)\s[^'";]*?['"](\.[^'"]+)['"]/gm)].map(
    ([, path]) => new URL(path, module),
  );
  const found = { hash: createHash('sha256').update(text).digest('hex'), imports };
  known.set(module.href, found);
  return found;
}
