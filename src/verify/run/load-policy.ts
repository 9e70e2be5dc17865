import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { CatalogPolicy, PolicyDefinition } from '../../paging/definition.ts';
import { PREDICTION_KINDS } from '../../paging/policy.ts';
import { findPolicy, policyFrom } from '../../policies/find-policy.ts';
import { Failure } from '../../support/failure.ts';
import { oneLine } from '../laws/law.ts';

/** Whether a subject names a file and not a policy of the catalog. */
export function isFile(subject: string): boolean {
  return /\.[cm]?[jt]s$/.test(subject) || /[/\\]/.test(subject);
}

/**
 * The policy to verify.
 *
 * @param subject a policy expression, or a TypeScript or JavaScript file that exports a `PolicyDefinition` as default or as `policy`
 * @throws Failure in one line for an unknown name, and for a file that is missing, does not compile, throws or exports no policy
 */
export async function loadPolicy(subject: string): Promise<CatalogPolicy> {
  if (!isFile(subject)) return findPolicy(subject);
  if (!existsSync(subject))
    throw new Failure(`${subject}: no such file; give a policy file or a name of onebit policies`);
  const module = await importFile(subject);
  // A CommonJS file arrives with its exports inside the default one.
  const inner = module.default as Record<string, unknown> | undefined;
  const definition = [module.policy, inner?.policy, inner?.default, inner].find(
    (value) => value !== undefined,
  );
  if (!isDefinition(definition))
    throw new Failure(
      `${subject}: exports no policy with create(run); export a PolicyDefinition as default or as policy`,
    );
  if ((definition.wraps ?? 0) > 0)
    throw new Failure(`${subject}: wraps other policies; export a definition that makes them itself`);
  const policy = policyOf(subject, definition);
  if (!PREDICTION_KINDS.includes(policy.needs))
    throw new Failure(
      `${subject}: needs “${policy.needs}”, which nothing predicts; choose one of ${PREDICTION_KINDS.join(', ')}`,
    );
  return policy;
}

function policyOf(subject: string, definition: PolicyDefinition): CatalogPolicy {
  try {
    return policyFrom(subject, definition);
  } catch (error) {
    throw new Failure(`${subject}: its definition throws ${oneLine(error)}`);
  }
}

function isDefinition(value: unknown): value is PolicyDefinition {
  return (
    typeof value === 'object' && value !== null && 'create' in value && typeof value.create === 'function'
  );
}

async function importFile(file: string): Promise<Record<string, unknown>> {
  const url = pathToFileURL(resolve(file)).href;
  try {
    if (!/\.[cm]?ts$/.test(file)) return await import(url);
    const { tsImport } = await import('tsx/esm/api');
    return await tsImport(url, import.meta.url);
  } catch (error) {
    throw new Failure(`${file}: ${reason(error)}`);
  }
}

/** esbuild says “Transform failed with 1 error:” and then where: the place is what the reader needs. */
function reason(error: unknown): string {
  const text = oneLine(error);
  const place = text.match(
    /Transform failed with \d+ errors?: (?:.*?[/\\])?[^/\\]*?:(\d+):(\d+): ERROR: (.*)/,
  );
  if (place) return `does not compile: line ${place[1]}, column ${Number(place[2]) + 1}: ${place[3]}`;
  if (error instanceof SyntaxError) return `does not compile: ${error.message}`;
  // Node goes on with the files that it came from.
  return `cannot be loaded: ${text.replace(/ Require stack:.*/, '')}`;
}
