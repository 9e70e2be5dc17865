/** The speed and the size of the KV-cache manager, and the time of a replay. */
import { BlockManager } from '../src/kvcache/block-manager.ts';
import { CostModel } from '../src/kvcache/cost-model.ts';
import { findDevice } from '../src/kvcache/device.ts';
import { findGeometry } from '../src/kvcache/geometry.ts';
import type { Policy } from '../src/paging/policy.ts';
import { findPolicy } from '../src/policies/find-policy.ts';
import { replay } from '../src/simulator/replay/replay.ts';
import { workload } from '../src/simulator/replay/workload.ts';
import { SeededRandom } from '../src/support/random.ts';
import type { ServingTrace } from '../src/traces/serving-trace.ts';

export interface ManagerMeasurement {
  readonly policy: string;
  readonly capacity: number;
  /** Fastest of the runs, nanoseconds a block-level operation: a block matched, allocated, touched, released or evicted. */
  readonly nanoseconds: number;
  /** Memory of the manager without the policy's own, and of the policy; bytes a resident block. */
  readonly bytes: number;
  readonly policyBytes: number;
  readonly hits: number;
}

const BLOCKS = 24;
const NEW = 8;

/**
 * Conversations of 24 blocks: each request continues one, replacing its last 8 blocks; two in three are continued.
 *
 * @param remembered departed blocks whose numbers are kept
 */
export function measureManager(
  name: string,
  capacity: number,
  remembered: number,
  requests: number,
  runs: number,
): ManagerMeasurement {
  const policy = findPolicy(name);
  const sequence = { pages: new Uint32Array(0), pageCount: 0 };
  let run: Policy | undefined;
  const create = (capacity: number, pageCount: number) => {
    run = policy.create({ capacity, pageCount, random: new SeededRandom(1), sequence });
    return run;
  };
  const manager = new BlockManager({ capacity, remembered, needs: policy.needs, policy: create });
  const policyBytes = arrayBytes(run);
  const bytes = arrayBytes(manager) - policyBytes;
  const load = new Conversations(Math.ceil(capacity / BLOCKS));
  const serve = (): number => {
    const lease = manager.allocate(load.next(), load.bits);
    if (lease === null) throw new Error('no room in an idle cache');
    manager.release(lease);
    return lease.matched;
  };
  while (manager.size < capacity) serve();
  let [hits, nanoseconds] = [0, Number.POSITIVE_INFINITY];
  for (let run = 0; run < runs; run++) {
    const evictions = manager.evictions;
    let operations = 0;
    const start = performance.now();
    for (let r = 0; r < requests; r++) {
      hits += serve();
      // Each block of the request is matched, then touched or allocated, then released.
      operations += 3 * BLOCKS;
    }
    const elapsed = performance.now() - start;
    operations += manager.evictions - evictions;
    nanoseconds = Math.min(nanoseconds, (elapsed * 1e6) / operations);
  }
  return {
    policy: name,
    capacity,
    nanoseconds,
    bytes: bytes / capacity,
    policyBytes: policyBytes / capacity,
    hits,
  };
}

/** Bytes of all typed arrays below an object, each counted once. */
function arrayBytes(root: unknown, seen = new Set<unknown>()): number {
  if (typeof root !== 'object' || root === null || seen.has(root)) return 0;
  seen.add(root);
  if (!ArrayBuffer.isView(root))
    return Object.values(root).reduce((sum, value) => sum + arrayBytes(value, seen), 0);
  if (seen.has(root.buffer)) return 0;
  seen.add(root.buffer);
  return root.buffer.byteLength;
}

/** Paths of hashes that go on for ever, as an engine would send them. */
class Conversations {
  readonly bits = new Uint8Array(BLOCKS);
  private readonly paths: Float64Array[];
  private readonly random = new SeededRandom(1);
  private fresh = 1;

  constructor(count: number) {
    this.paths = Array.from({ length: count }, () => new Float64Array(BLOCKS).map(() => this.fresh++));
    this.bits.fill(1, BLOCKS - NEW);
  }

  next(): Float64Array {
    const path = this.paths[this.random.below(this.paths.length)];
    const kept = this.random.below(3) > 0 ? BLOCKS - NEW : 0;
    for (let i = kept; i < BLOCKS; i++) path[i] = this.fresh++;
    return path;
  }
}

/** Seconds that a trace takes to replay on one worker with a cache of three million tokens; the fastest of the runs. */
export function measureReplay(trace: ServingTrace, runs: number): number {
  const cost = new CostModel(findGeometry('llama-3.1-8b'), findDevice('8xh100-80gb'), 0.5);
  const work = workload(trace);
  const capacity = Math.floor(3e6 / work.blockTokens);
  const shared = {
    cost,
    capacity,
    tiers: [],
    workers: 1,
    router: 'sticky',
    writeThrough: false,
    closedLoop: false,
    swap: false,
    seed: 1,
    measuredFrom: 0,
  };
  let seconds = Number.POSITIVE_INFINITY;
  for (let run = 0; run < runs; run++) {
    const start = performance.now();
    replay({ ...shared, workload: work, policy: findPolicy('lru') });
    seconds = Math.min(seconds, (performance.now() - start) / 1000);
  }
  return seconds;
}
