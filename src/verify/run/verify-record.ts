/** What `onebit verify` says of one law, as plain data. */
import type { CatalogPolicy } from '../../paging/definition.ts';
import type { Outcome, Trial } from '../hold-to-law.ts';
import { formatInstance, type Instance } from '../instance.ts';
import type { Score } from './score.ts';

export interface VerifyRecord {
  /** A name of the catalog, or the file. */
  readonly policy: string;
  readonly law: string;
  readonly statement: string;
  readonly outcome: 'holds' | 'broken' | 'exempt';
  /** Why the policy is not held to the law. */
  readonly exempt?: string;
  readonly seed: number;
  readonly trials: readonly Trial[];
  /** Of laws that bound faults: the largest share of the bound that was used, the largest ratio to OPT, both for k ≥ 2. */
  readonly largest?: { readonly load: number; readonly ratio: number };
  /** Of a replayed instance. */
  readonly score?: Score;
  readonly complaint?: string;
  /** The engine that found it, and how many requests its first instance had. */
  readonly foundBy?: string;
  readonly foundWith?: number;
  /** A minimal instance, in the form that `--replay` reads; and the command that replays it. */
  readonly instance?: unknown;
  readonly replay?: string;
}

/** The record of a law that was tried. */
export function verifyRecord(policy: CatalogPolicy, seed: number, outcome: Outcome): VerifyRecord {
  const { law, exempt, trials, largest, violation } = outcome;
  return {
    policy: policy.name,
    law: law.name,
    statement: law.statement,
    outcome: exempt !== undefined ? 'exempt' : violation === undefined ? 'holds' : 'broken',
    ...(exempt !== undefined && { exempt }),
    seed,
    trials,
    ...(largest && { largest }),
    ...(violation && {
      complaint: violation.complaint,
      foundBy: violation.engine,
      foundWith: violation.requests,
      ...(violation.instance && replayable(policy, violation.instance)),
    }),
  };
}

/** An instance as JSON, and the command that replays it. */
export function replayable(
  policy: Pick<CatalogPolicy, 'name' | 'needs'>,
  instance: Instance,
): { readonly instance: unknown; readonly replay: string } {
  const text = formatInstance(instance, policy.needs !== 'nothing');
  return { instance: JSON.parse(text), replay: `onebit verify ${quoted(policy.name)} --replay '${text}'` };
}

/** An argument as it must be typed in a shell. */
function quoted(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;
}
