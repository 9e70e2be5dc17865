import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import type { BlockEvent } from '../../src/kvcache/block-event.ts';
import { BlockManager, type ManagerSettings } from '../../src/kvcache/block-manager.ts';
import { readSnapshot, writeSnapshot } from '../../src/kvcache/snapshot.ts';
import { Cache } from '../../src/paging/cache.ts';
import type { Policy } from '../../src/paging/policy.ts';
import { Fifo } from '../../src/policies/classical/fifo.ts';
import { Lru } from '../../src/policies/classical/lru.ts';
import { findPolicy } from '../../src/policies/find-policy.ts';
import { SeededRandom } from '../../src/support/random.ts';
import { readTrace } from '../../src/traces/read-trace.ts';
import { ONLINE_POLICIES } from '../policies/roster.ts';
import { missing, sharedTrace } from '../traces/shared-traces.ts';

function lruManager(capacity: number, settings: Partial<ManagerSettings> = {}): BlockManager {
  return new BlockManager({ capacity, policy: (capacity) => new Lru(capacity), ...settings });
}

/** Serves requests one after the other and returns how many blocks were found. */
function serve(manager: BlockManager, paths: Iterable<ArrayLike<number>>): number {
  let hits = 0;
  for (const path of paths) {
    const lease = manager.allocate(path);
    if (lease === null) throw new Error('no room in an idle cache');
    hits += lease.matched;
    manager.release(lease);
  }
  return hits;
}

const CONVERSATION = 'mooncake_conversation.jsonl.gz';

t.test(
  'prefix hits of LRU on the conversation trace are the published ones',
  missing(CONVERSATION),
  async (t) => {
    const trace = readTrace(sharedTrace(CONVERSATION));
    const { pages, pageCount } = trace.blocks;
    const paths = Array.from(trace.time, (_, r) =>
      pages.subarray(trace.firstBlock[r], trace.firstBlock[r + 1]),
    );
    for (const [capacity, flat, tree] of [
      [1000, 12_831, 12_847],
      [10_000, 60_921, 61_046],
    ]) {
      // Blocks touched head first, nothing protected: the head of a path leaves before its tail.
      const cache = new Cache(capacity, pageCount, new Lru(capacity));
      let hits = 0;
      for (const path of paths) {
        const matched = path.findIndex((page) => cache.slotOf[page] < 0);
        hits += matched < 0 ? path.length : matched;
        for (const page of path) cache.request(page, 0);
      }
      t.equal(hits, flat, `head first at ${capacity}`);
      t.equal(serve(lruManager(capacity, { remembered: 0 }), paths), tree, `tail before head at ${capacity}`);
    }
  },
);

t.test('without memory pressure every lazy policy gives the same results', async (t) => {
  const random = new SeededRandom(1);
  const paths = Array.from({ length: 200 }, () => {
    const root = random.below(4);
    return Array.from({ length: 1 + random.below(5) }, (_, depth) => 10 * root + depth);
  });
  const outcome = (policy: (capacity: number, pageCount: number) => Policy) => {
    const events: BlockEvent[] = [];
    serve(new BlockManager({ capacity: 20, policy, onEvent: (event) => events.push(event) }), paths);
    return events;
  };
  const expected = outcome((capacity) => new Lru(capacity));
  const sequence = { pages: new Uint32Array(0), pageCount: 0 };
  for (const policy of ONLINE_POLICIES) {
    if (policy.eager) continue;
    const create = (capacity: number, pageCount: number) =>
      policy.create({ capacity, pageCount, random: new SeededRandom(1), sequence });
    t.strictSame(outcome(create), expected, policy.name);
  }
});

t.test('events tell in the shape of vLLM what is stored, hit, removed and cleared', async (t) => {
  const events: BlockEvent[] = [];
  const manager = lruManager(3, { blockTokens: 512, onEvent: (event) => events.push(event) });
  serve(manager, [[1, 2], [1, 2, 3], [4]]);
  manager.clear();
  const medium = 'GPU';
  const stored = (block_hashes: bigint[], parent_block_hash: bigint | null) => ({
    type: 'BlockStored',
    block_hashes,
    parent_block_hash,
    token_ids: [],
    block_size: 512,
    medium,
  });
  const removed = (hash: bigint) => ({ type: 'BlockRemoved', block_hashes: [hash], medium });
  t.strictSame(events, [
    stored([1n, 2n], null),
    stored([3n], 2n),
    { type: 'BlockHit', block_hashes: [1n, 2n], medium },
    removed(3n),
    stored([4n], null),
    removed(2n),
    removed(1n),
    removed(4n),
    { type: 'AllBlocksCleared' },
  ]);
});

t.test('hashes are bigints, numbers or byte strings, and never confused', async (t) => {
  const manager = lruManager(4);
  serve(manager, [[7, 2 ** 40 + 7]]);
  t.equal(manager.match([7n, 2n ** 40n + 7n]), 2, 'a number and a bigint of the same value are one hash');
  t.equal(manager.match([2n ** 32n + 7n]), 0);
  const digests = lruManager(4, { hashBytes: 32 });
  const digest = (last: number) => Uint8Array.from({ length: 32 }, (_, i) => (i === 31 ? last : 9));
  const lease = digests.allocate([digest(1), digest(2)]);
  t.equal(digests.match([digest(1), digest(2)]), 2);
  t.equal(digests.match([digest(3)]), 0, 'digests that differ in one bit of the last byte');
  if (lease) digests.release(lease);
  t.strictSame(digests.evict(2), [digest(2), digest(1)]);
});

t.test('bad requests are refused in one line, and the state stays as it is', async (t) => {
  const manager = lruManager(4);
  serve(manager, [[1, 2, 3]]);
  const before = JSON.stringify(
    manager.state
      .save()
      .map(({ fields }) => Object.fromEntries(fields))
      .slice(1, 5),
  );
  const bad: [ArrayLike<number | bigint | Uint8Array>, RegExp][] = [
    [[], /without blocks/],
    [[1, 2, 3, 4, 5], /5 blocks cannot fit in a cache of 4/],
    [[8, 9, 8], /block 8 comes twice/],
    [[2], /block 2 stands below another/],
    [[9, 3], /block 3 stands below another/],
    [[-1], /integer in 0/],
    [[0.5], /integer in 0/],
    [[2n ** 64n], /integer in 0/],
    [[new Uint8Array(32)], /found 32 bytes/],
  ];
  for (const [path, message] of bad) t.throws(() => manager.allocate(path), message);
  t.equal(manager.match([1, 2, 3]), 3);
  const after = JSON.stringify(
    manager.state
      .save()
      .map(({ fields }) => Object.fromEntries(fields))
      .slice(1, 5),
  );
  t.equal(after, before);
  manager.audit();
  t.throws(() => lruManager(4, { hashBytes: 6 }), /6 bytes: give a multiple of 4/);
});

t.test(
  'a late bit moves a block to the discarded ones, but not while another request wants it kept',
  async (t) => {
    const policy = findPolicy('discard(lru)');
    const create = (capacity: number, pageCount: number) =>
      policy.create({
        capacity,
        pageCount,
        random: new SeededRandom(1),
        sequence: { pages: new Uint32Array(0), pageCount: 0 },
      });
    const manager = new BlockManager({ capacity: 3, policy: create, needs: policy.needs });
    serve(manager, [[1], [2], [3]]);
    manager.amend([3], Uint8Array.of(1));
    t.strictSame(manager.evict(1), [3n], 'not the least recent one');
    const [first, second] = [manager.allocate([2]), manager.allocate([2])];
    manager.amend([2], Uint8Array.of(1));
    if (first && second) [first, second].map((lease) => manager.release(lease));
    t.strictSame(manager.evict(1), [1n], 'block 2 was shared, so it is kept');
  },
);

t.test('retained blocks stay until their time is over, within the budget', async (t) => {
  const manager = lruManager(3, { retentionBudget: 1 });
  serve(manager, [[1], [2]]);
  t.equal(manager.retain([1], { until: 10 }), 1);
  t.equal(manager.retain([2], { until: 10 }), 0, 'the budget is spent');
  serve(manager, [[3], [4], [5]]);
  t.equal(manager.match([1]), 1);
  t.equal(manager.retain([5], { until: 10, priority: 1 }), 1, 'a higher priority takes its place');
  t.strictSame(manager.evict(1), [1n]);
  serve(manager, [[4]]);
  manager.expire(9);
  t.strictSame(manager.evict(1), [4n], 'the time of block 5 is not over');
  serve(manager, [[4]]);
  manager.expire(10);
  t.strictSame(manager.evict(2), [5n, 4n]);
});

t.test('a snapshot file restores every later decision, and a bad one is told apart', async (t) => {
  const path = join(t.testdir(), 'cache.onebitkv');
  const make = (capacity = 3) => lruManager(capacity);
  const manager = make();
  serve(manager, [[1, 2], [3], [1]]);
  writeSnapshot(path, manager);
  const copy = make();
  readSnapshot(path, copy);
  t.strictSame(copy.evict(3), manager.evict(3));
  t.throws(() => readSnapshot(path, make(4)), /of 3 blocks cannot be restored into one of 4/);
  const fifo = new BlockManager({ capacity: 3, policy: (capacity) => new Fifo(capacity) });
  t.throws(() => readSnapshot(path, fifo), /another policy/);
  const bytes = readFileSync(path);
  bytes[bytes.length - 1] ^= 1;
  writeFileSync(path, bytes);
  t.throws(() => readSnapshot(path, make()), /damaged/);
  bytes[8] = 9;
  writeFileSync(path, bytes);
  t.throws(() => readSnapshot(path, make()), /version 9, this program reads 1/);
  writeFileSync(path, 'something else');
  t.throws(() => readSnapshot(path, make()), /not a snapshot/);
  t.throws(() => readSnapshot(join(path, 'no'), make()), /check the path/);
});
