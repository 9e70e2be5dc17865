/** What can be done to a block manager, as fast-check commands that compare it with the naive one. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { BlockManager, Lease } from '../../src/kvcache/block-manager.ts';
import { type NaiveLease, type NaiveManager, ROOT } from './naive-manager.ts';

export interface Real {
  manager: BlockManager;
  /** A fresh manager with the same settings. */
  readonly again: () => BlockManager;
  /** Whether the policy makes mistakes on purpose. */
  readonly faulty?: boolean;
  /** In the order of the naive manager's. */
  readonly leases: Lease[];
}

export const DEPTH = 4;
type Command = fc.Command<NaiveManager, Real>;

/** A path of the ternary tree by its digits. */
export function pathOf(digits: readonly number[], root = ROOT): number[] {
  const path: number[] = [];
  for (const digit of digits) path.push(3 * (path.at(-1) ?? root) + digit);
  return path;
}

/** One command: its numbers mean what its kind makes of them. */
class Step implements Command {
  private readonly name: string;
  private readonly numbers: string;
  private readonly act: (model: NaiveManager, real: Real) => void;

  constructor(name: string, numbers: readonly unknown[], act: (model: NaiveManager, real: Real) => void) {
    this.name = name;
    this.numbers = JSON.stringify(numbers);
    this.act = act;
  }

  check(): boolean {
    return true;
  }

  run(model: NaiveManager, real: Real): void {
    this.act(model, real);
    compare(model, real);
  }

  toString(): string {
    return `${this.name}${this.numbers}`;
  }
}

function compare(model: NaiveManager, { manager, faulty = false }: Real): void {
  if (!faulty) assert.equal(manager.failure, undefined, 'the policy was dismissed');
  assert.equal(manager.size, model.blocks.size, 'numbers of resident blocks');
  assert.equal(manager.inUse, model.inUse(), 'slots in use');
  for (const block of model.blocks.keys()) {
    // Closed under ancestors: the whole path is resident.
    const path: number[] = [];
    for (let above = block; above > 2; above = Math.floor(above / 3)) path.unshift(above);
    assert.equal(manager.match(path), path.length, `block ${block} is not resident with all before it`);
  }
  manager.audit();
}

const digits = fc.array(fc.nat({ max: 2 }), { minLength: 1, maxLength: DEPTH, size: 'max' });
const bits = fc.array(fc.nat({ max: 1 }), { minLength: DEPTH, maxLength: DEPTH });
const small = fc.nat({ max: 4 });

/** One of the requests that hold something, with its counterpart. */
function running(model: NaiveManager, real: Real, choice: number): [NaiveLease, Lease] | undefined {
  const open = model.leases.map((_, i) => i).filter((i) => !model.leases[i].released);
  if (open.length === 0) return undefined;
  const at = open[choice % open.length];
  return [model.leases[at], real.leases[at]];
}

const allocate = fc.tuple(digits, bits, fc.nat({ max: 2 })).map(
  ([digits, bits, more]) =>
    new Step('allocate', [digits, bits, more], (model, real) => {
      const path = pathOf(digits);
      if (path.length + more > model.capacity) {
        assert.throws(() => real.manager.allocate(path, Uint8Array.from(bits), more), /cannot fit/);
        return;
      }
      const matched = model.match(path);
      assert.equal(real.manager.match(path), matched);
      const lease = real.manager.allocate(path, Uint8Array.from(bits), more);
      const expected = model.allocate(path, bits, more);
      assert.equal(lease === null, expected === null, 'room');
      if (lease === null) return;
      assert.equal(lease.matched, matched);
      real.leases.push(lease);
    }),
);

const release = small.map(
  (choice) =>
    new Step('release', [choice], (model, real) => {
      const held = running(model, real, choice);
      if (held === undefined) return;
      model.release(held[0]);
      real.manager.release(held[1]);
      assert.throws(() => real.manager.release(held[1]), /twice/);
    }),
);

const complete = fc.tuple(small, digits, bits).map(
  ([choice, digits, bits]) =>
    new Step('complete', [choice, digits, bits], (model, real) => {
      const held = running(model, real, choice);
      if (held === undefined) return;
      const [expected, lease] = held;
      const room = Math.min(expected.privateSlots, DEPTH - expected.path.length);
      const path = pathOf(digits.slice(0, Math.max(0, room)), expected.path.at(-1));
      if (path.length === 0) return;
      real.manager.complete(lease, path, Uint8Array.from(bits));
      model.complete(expected, path, bits);
    }),
);

const others: fc.Arbitrary<Command>[] = [
  small.map(
    (choice) =>
      new Step('grow', [choice], (model, real) => {
        const held = running(model, real, choice);
        if (held) assert.equal(real.manager.grow(held[1]), model.grow(held[0]), 'growth');
      }),
  ),
  fc.tuple(digits, bits).map(
    ([digits, bits]) =>
      new Step('amend', [digits, bits], (model, real) => {
        real.manager.amend(pathOf(digits), Uint8Array.from(bits));
        model.amend(pathOf(digits), bits);
      }),
  ),
  fc.tuple(small, digits).map(
    ([count, digits]) =>
      new Step('evict', [count, digits], (model, real) => {
        const spared = pathOf(digits).slice(1);
        const evicted = real.manager.evict(count, spared);
        assert.deepEqual(evicted?.map(Number) ?? null, model.evict(count, spared), 'evicted blocks');
      }),
  ),
  fc.tuple(digits, small, small).map(
    ([digits, until, priority]) =>
      new Step('retain', [digits, until, priority], (model, real) => {
        const retained = real.manager.retain(pathOf(digits), { until, priority });
        assert.equal(retained, model.retain(pathOf(digits), until, priority), 'retained blocks');
      }),
  ),
  small.map(
    (now) =>
      new Step('expire', [now], (model, real) => {
        real.manager.expire(now);
        model.expire(now);
      }),
  ),
  fc.constant(
    new Step('clear', [], (model, real) => assert.equal(real.manager.clear(), model.clear(), 'cleared')),
  ),
  digits.map(
    (digits) =>
      new Step('refuse', [digits], (_, { manager }) => {
        const path = pathOf(digits);
        if (path.length > manager.capacity || path.length < 2) return;
        // A block twice, and a block without those before it where they are resident.
        assert.throws(() => manager.allocate([path[0], ...path.slice(0, -1)]), /twice|below another/);
        if (manager.match(path) === path.length)
          assert.throws(() => manager.allocate(path.slice(1)), /below another/);
      }),
  ),
  fc.constant(
    new Step('restore', [], (_, real) => {
      const copy = real.again();
      copy.state.restore(structuredClone(real.manager.state.save()));
      real.manager = copy;
    }),
  ),
];

/** Requests twice as often as anything else, so that the cache is full most of the time. */
export const steps: fc.Arbitrary<Command>[] = [allocate, allocate, release, release, complete, ...others];
