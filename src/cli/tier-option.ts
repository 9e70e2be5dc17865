import { type Device, DISK_LINK, hostLink, REMOTE_LINK } from '../kvcache/device.ts';
import type { Link } from '../kvcache/link.ts';
import { splitPolicies } from '../policies/description.ts';
import { findPolicy } from '../policies/find-policy.ts';
import type { ReplayTier } from '../simulator/replay/replay.ts';
import { Failure } from '../support/failure.ts';

const EXAMPLE = 'host:2e7 or disk:2e8,policy=fifo,ratio=0.25,error=0.02';
const NUMBERS = ['bandwidth', 'latency', 'ratio', 'error'] as const;

/**
 * Reads a tier below the device, `NAME:TOKENS` with `policy=`, `bandwidth=` (bytes a second), `latency=` (seconds), `ratio=` and
 * `error=` (of a codec) behind it. `host`, `disk` and `remote` know their bandwidth and latency; another name must give them.
 *
 * @param blockTokens tokens in a block
 * @throws Failure for anything else, and for a policy that needs predictions
 */
export function parseTier(text: string, device: Device, blockTokens: number): ReplayTier {
  const [head, ...fields] = splitPolicies(text);
  const [name, tokens] = head.split(':');
  const capacity = Math.floor(Number(tokens) / blockTokens);
  if (!(capacity >= 1) || !Number.isFinite(capacity))
    throw new Failure(`--tier ${text}: give a name and at least ${blockTokens} tokens, as in ${EXAMPLE}`);
  let policy = findPolicy('lru');
  const numbers: Partial<Record<(typeof NUMBERS)[number], number>> = {};
  for (const field of fields) {
    const [key, value] = [field.slice(0, field.indexOf('=')), field.slice(field.indexOf('=') + 1)];
    const known = NUMBERS.find((one) => one === key);
    if (key === 'policy') policy = findPolicy(value);
    else if (known !== undefined && value !== '' && Number.isFinite(Number(value))) {
      numbers[known] = Number(value);
    } else throw new Failure(`--tier ${text}: “${field}” is not understood; write for example ${EXAMPLE}`);
  }
  if (policy.needs !== 'nothing')
    throw new Failure(
      `--tier ${text}: ${policy.name} needs ${policy.needs}s, of which a tier is not told; use lru`,
    );
  const { error = 0, ...given } = numbers;
  const link = { ...linkOf(name, device), ...given };
  if (link.bandwidth === undefined || link.latency === undefined)
    throw new Failure(`--tier ${text}: give bandwidth= and latency=; only host, disk and remote know theirs`);
  checkLink(text, link as Link, error);
  return { name, capacity, policy, error, link: link as Link };
}

function linkOf(name: string, device: Device): Partial<Link> {
  if (name === 'host') return hostLink(device);
  if (name === 'disk') return DISK_LINK;
  if (name === 'remote') return REMOTE_LINK;
  return { ratio: 1 };
}

function checkLink(text: string, { bandwidth, latency, ratio }: Link, error: number): void {
  if (!(bandwidth > 0 && latency >= 0 && ratio > 0 && ratio <= 1 && error >= 0))
    throw new Failure(
      `--tier ${text}: bandwidth must be above 0, latency and error not below, and ratio above 0 and at most 1`,
    );
}
