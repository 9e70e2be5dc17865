import type { IndexSet } from './index-set.ts';
import type { Random } from './random.ts';

/** The two sets of a `SplitSet`. */
export type Side = 0 | 1;

export function opposite(side: Side): Side {
  return side === 0 ? 1 : 0;
}

/**
 * Two disjoint sets of integers in 0 … size − 1 in the room of one, both with O(1) insertion, deletion and uniform choice:
 * two sparse sets (see `IndexSet`) in one array, side 0 from its low end upwards and side 1 from its high end downwards.
 * On which side a member stands is told by one look at its place. 8 bytes an integer.
 *
 * @example
 * const sets = new SplitSet(8);
 * sets.add(0, 3);
 * sets.move(3);
 * sets.sideOf(3); // 1
 */
export class SplitSet {
  /** Members of both sides. */
  readonly counts = new Int32Array(2);
  private readonly members: Int32Array;
  private readonly place: Int32Array;

  /** @param size one more than the largest integer that can be a member */
  constructor(size: number) {
    this.members = new Int32Array(size);
    this.place = new Int32Array(size);
  }

  /** The side of a member; of no meaning for other integers. */
  sideOf(member: number): Side {
    return this.place[member] < this.counts[0] ? 0 : 1;
  }

  /** Adds an integer that is a member of neither side. */
  add(side: Side, index: number): void {
    this.put(this.placeAt(side, this.counts[side]++), index);
  }

  /** Takes a member out. */
  delete(member: number): void {
    const side = this.sideOf(member);
    this.put(this.place[member], this.members[this.placeAt(side, --this.counts[side])]);
  }

  /** Moves a member to the other side. */
  move(member: number): void {
    const side = this.sideOf(member);
    this.delete(member);
    this.add(opposite(side), member);
  }

  /**
   * A uniformly random member of a side outside `excluded`, or −1 if there is none. O(1) when `excluded` is empty, else
   * O(members); tosses one coin either way, so that an exact expectation has no needless branches.
   */
  choose(side: Side, random: Random, excluded: IndexSet): number {
    const { members, counts } = this;
    if (excluded.count === 0)
      return counts[side] === 0 ? -1 : members[this.placeAt(side, random.below(counts[side]))];
    let eligible = 0;
    for (let i = 0; i < counts[side]; i++) if (!excluded.has(members[this.placeAt(side, i)])) eligible++;
    if (eligible === 0) return -1;
    let left = random.below(eligible);
    for (let i = 0; ; i++) {
      const member = members[this.placeAt(side, i)];
      if (!excluded.has(member) && left-- === 0) return member;
    }
  }

  /** Place of the i-th member of a side. */
  private placeAt(side: Side, i: number): number {
    return side === 0 ? i : this.members.length - 1 - i;
  }

  private put(place: number, index: number): void {
    this.members[place] = index;
    this.place[index] = place;
  }
}
