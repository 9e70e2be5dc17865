import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import type { TierSettings } from '../../src/kvcache/tier.ts';
import { TieredCache } from '../../src/kvcache/tiered-cache.ts';
import { Fifo } from '../../src/policies/classical/fifo.ts';
import { Lru } from '../../src/policies/classical/lru.ts';
import { hold } from '../arbitraries.ts';
import { pathOf } from './manager-commands.ts';

const LINK = { bandwidth: 1e10, latency: 1e-4, ratio: 1 };

function tier(name: string, capacity: number): TierSettings {
  return { name, capacity, policy: (capacity) => new Fifo(capacity), link: LINK };
}

function cache(device: number, capacities: readonly number[], writeThrough: boolean): TieredCache {
  return new TieredCache({
    device: { capacity: device, policy: (capacity) => new Lru(capacity) },
    tiers: capacities.map((capacity, i) => tier(`tier ${i}`, capacity)),
    writeThrough,
  });
}

function serve(tiered: TieredCache, path: number[]) {
  const lease = tiered.allocate(path);
  if (lease === null) throw new Error('no room');
  tiered.device.release(lease);
  return lease.fetched;
}

/** All blocks of the tree that are in some tier, with the number of their copies. */
function everywhere(tiered: TieredCache): Map<number, number> {
  const found = new Map<number, number>();
  for (let block = 3; block < 3 ** 5 * 2; block++) {
    const below = tiered.tiers.filter((tier) => tier.has(block)).length;
    const copies = tiered.device.match([block]) + below;
    if (copies > 0) found.set(block, copies);
  }
  return found;
}

const paths = fc.array(fc.array(fc.nat({ max: 2 }), { minLength: 1, maxLength: 4, size: 'max' }), {
  maxLength: 25,
  size: 'max',
});
const sizes = fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 3 });

t.test('no block is lost or doubled, in whatever tiers, and each tier keeps to its capacity', async () => {
  const property = fc.property(
    fc.integer({ min: 4, max: 8 }),
    sizes,
    fc.boolean(),
    paths,
    (device, below, through, asked) => {
      const tiered = cache(device, below, through);
      for (const digits of asked) {
        const path = pathOf(digits);
        const before = everywhere(tiered);
        const dropped = tiered.dropped;
        const { resident, below: found } = tiered.find(path);
        const lease = tiered.allocate(path.slice(0, 3), undefined, 1);
        assert(lease !== null);
        // What the path still lacks is computed as an answer would be.
        if (path.length > 3) tiered.complete(lease, path.slice(3));
        assert.equal(tiered.device.match(path), path.length);
        tiered.device.release(lease);
        const reached = found.reduce((sum, { blocks }) => sum + blocks, resident);
        assert(
          path.slice(0, reached).every((block) => before.has(block)),
          'a block was found that is nowhere',
        );
        const after = everywhere(tiered);
        const lost = [...before.keys()].filter((block) => !after.has(block)).length;
        assert(lost <= tiered.dropped - dropped, `${lost} blocks lost, ${tiered.dropped - dropped} dropped`);
        for (const [i, { size }] of tiered.tiers.entries()) assert(size <= below[i]);
        if (!through)
          assert(
            [...after.values()].every((copies) => copies === 1),
            'a block is in two tiers',
          );
        tiered.audit();
      }
      assert(tiered.clear());
      tiered.audit();
      assert.equal(everywhere(tiered).size, 0);
    },
  );
  hold(property, 300);
});

t.test('with enough below, nothing is ever computed twice', async () => {
  const property = fc.property(
    fc.integer({ min: 4, max: 6 }),
    fc.boolean(),
    paths,
    (device, through, asked) => {
      const tiered = cache(device, [500], through);
      for (const digits of asked) serve(tiered, pathOf(digits));
      assert.equal(tiered.computed, new Set(asked.flatMap((digits) => pathOf(digits))).size);
      assert.equal(tiered.dropped, 0);
    },
  );
  hold(property, 300);
});

t.test('a victim goes down tier by tier and comes back when it is asked for', async (t) => {
  const tiered = cache(2, [1, 1], false);
  serve(tiered, [1, 2]);
  serve(tiered, [3, 4]);
  t.strictSame(tiered.find([1, 2]), {
    resident: 0,
    below: [
      { tier: 0, blocks: 1 },
      { tier: 1, blocks: 1 },
    ],
  });
  const fetched = serve(tiered, [1, 2]);
  t.strictSame(fetched, [
    { tier: 0, blocks: 1 },
    { tier: 1, blocks: 1 },
  ]);
  t.equal(tiered.computed, 4);
  t.equal(tiered.dropped, 0);
  serve(tiered, [5]);
  t.equal(tiered.dropped, 1, 'five blocks in four places');
});

t.test('writing through copies at once, and the copy stays when a block comes back', async (t) => {
  const tiered = cache(2, [4], true);
  serve(tiered, [1, 2]);
  t.equal(tiered.tiers[0].size, 2);
  serve(tiered, [3]);
  t.equal(tiered.tiers[0].stored, 3, 'leaving the device writes nothing again');
  serve(tiered, [1, 2]);
  t.equal(tiered.tiers[0].stored, 3);
  t.ok(tiered.tiers[0].has(1) && tiered.tiers[0].has(2));
  const bad = { ...tier('disk', 1), link: { ...LINK, ratio: 0 } };
  t.throws(
    () =>
      new TieredCache({
        device: { capacity: 1, policy: (k) => new Lru(k) },
        tiers: [bad],
        writeThrough: true,
      }),
    /tier disk/,
  );
});
