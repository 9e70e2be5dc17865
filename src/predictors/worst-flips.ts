/**
 * Adversarial bits: of the sets of a given number of flips, one that costs a policy much. A search, not the maximum: the requests
 * are put in groups by true bit and by how far away the page's next request is, which decides what a wrong bit can
 * cost; flips in each group are tried alone; then the budget goes to the groups in which a flip cost most.
 */
import type { Bits } from '../paging/policy.ts';
import type { SeededRandom } from '../support/random.ts';

/** Flips of one group, and what they cost. */
interface Trial {
  /** Requests of the group, in random order. */
  readonly members: Uint32Array;
  /** Extra faults a flip. */
  readonly damage: number;
}

/**
 * Flips at most `budget` bits so that a policy has many faults, at least as many as with as many random flips of one seed. About
 * 2·log₂ T runs of the policy.
 *
 * @param bits the true bits
 * @param next `nextRequests` of the sequence
 * @param budget 0 … number of bits
 * @param faults runs the policy on bits; the same bits must give the same number
 *
 * @example
 * worstFlips(labels, nextRequests(sequence), 100, (bits) => simulate({ …, predictions: bits }), new SeededRandom(1));
 */
export function worstFlips(
  bits: Bits,
  next: Uint32Array,
  budget: number,
  faults: (bits: Bits) => number,
  random: SeededRandom,
): Bits {
  const all = shuffled(
    Array.from(bits, (_, request) => request),
    random,
  );
  const before = faults(bits);
  let worst = flip(bits, all.subarray(0, budget));
  let most = faults(worst);
  const attempt = (flips: Uint32Array): number => {
    const candidate = flip(bits, flips);
    const found = faults(candidate);
    if (found > most) [worst, most] = [candidate, found];
    return found;
  };
  const trials = groups(bits, next).map((group): Trial => {
    const members = shuffled(group, random);
    const flips = members.subarray(0, budget);
    return { members, damage: flips.length === 0 ? 0 : (attempt(flips) - before) / flips.length };
  });
  trials.sort((a, b) => b.damage - a.damage);
  const greedy = new Uint32Array(budget);
  let used = 0;
  for (const { members, damage } of trials) {
    if (damage <= 0) break;
    const flips = members.subarray(0, budget - used);
    greedy.set(flips, used);
    used += flips.length;
  }
  attempt(greedy.subarray(0, used));
  return worst;
}

/** Requests by true bit and by the logarithm of the distance to the next request of the page. */
function groups(bits: Bits, next: Uint32Array): number[][] {
  const found = new Map<number, number[]>();
  for (let request = 0; request < bits.length; request++) {
    const distance = next[request] === next.length ? 0 : next[request] - request;
    const key = 2 * Math.ceil(Math.log2(distance + 1)) + bits[request];
    const group = found.get(key);
    if (group) group.push(request);
    else found.set(key, [request]);
  }
  return [...found.values()];
}

function flip(bits: Bits, requests: Uint32Array): Bits {
  const flipped = bits.slice();
  for (const request of requests) flipped[request] = 1 - bits[request];
  return flipped;
}

function shuffled(requests: readonly number[], random: SeededRandom): Uint32Array {
  const order = Uint32Array.from(requests);
  for (let left = order.length; left > 1; left--) {
    const drawn = random.below(left);
    [order[drawn], order[left - 1]] = [order[left - 1], order[drawn]];
  }
  return order;
}
