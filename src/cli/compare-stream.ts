import { findPolicy } from '../policies/find-policy.ts';
import { streamTable } from '../report/stream-table.ts';
import type { StreamRecord } from '../simulator/result.ts';
import { canStream, simulateStream } from '../simulator/simulate-stream.ts';
import { Failure } from '../support/failure.ts';
import { streamPages } from '../traces/columnar.ts';
import { isColumnar } from '../traces/columnar-layout.ts';
import { headOf } from '../traces/content.ts';
import { defaultCapacity } from './arguments.ts';

interface Request {
  readonly trace: string | undefined;
  readonly policies: readonly string[];
  readonly capacities: readonly number[] | undefined;
  readonly seed: number;
  readonly json: boolean;
}

/**
 * `onebit compare --stream`: policies × capacities on a columnar file, one pass over its pages each. Without a fixed
 * end there is no OPT, and without the trace in memory no predictions.
 *
 * @throws Failure for a policy that needs more than the requests, or a trace that is no columnar file
 */
export function compareStream({ trace, policies, capacities, seed, json }: Request): void {
  const found = policies.map(findPolicy);
  for (const policy of found) {
    if (!canStream(policy)) {
      throw new Failure(
        `--stream: ${policy.name} needs ${policy.offline ? 'the future' : `a ${policy.needs} with each request`}; leave out the policy or --stream`,
      );
    }
  }
  if (trace === undefined || !isColumnar(headOf(trace).head)) {
    throw new Failure(
      `--stream: ${trace ?? 'the embedded trace'} is no columnar file; make one first: onebit trace convert ${trace ?? 'TRACE'} trace.onebit`,
    );
  }
  const { name, accesses, pageCount, chunks } = streamPages(trace);
  const blocks = { pages: new Uint32Array(0), pageCount };
  const records: StreamRecord[] = [];
  for (const capacity of capacities ?? [defaultCapacity({ blocks })]) {
    for (const policy of found) {
      const faults = simulateStream({ chunks: chunks(), pageCount, policy, capacity, seed });
      const hitRatio = 1 - faults / accesses;
      const record = {
        trace: name,
        policy: policy.name,
        capacity,
        seed,
        requests: accesses,
        faults,
        hitRatio,
      };
      records.push(record);
      if (json) console.log(JSON.stringify(record));
    }
  }
  if (!json) console.log(streamTable(records));
}
