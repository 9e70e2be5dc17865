/** Words a place of the table: low and high half of the integer, and its number plus one, 0 where the place is free. */
const STRIDE = 3;
const FIRST_PLACES = 1 << 10;

/**
 * Numbers 64-bit integers and texts 0, 1, 2, … in the order of their first appearance. An integer and a text are never
 * the same. Integers stand in an open hash table of typed arrays, 17 to 34 bytes each (a `Map` takes three times that, and
 * ends at 2²⁴ keys); texts are kept whole. O(1) expected each.
 *
 * @example
 * const numbering = new Numbering();
 * numbering.ofInteger(7, 0); // 0
 * numbering.ofInteger(7, 1); // 1: this is 2³² + 7
 * numbering.ofText('seven'); // 2
 * numbering.ofInteger(7, 0); // 0
 */
export class Numbering {
  /** How many have been numbered. */
  count = 0;
  private places = FIRST_PLACES;
  private table = new Uint32Array(STRIDE * FIRST_PLACES);
  private integers = 0;
  private readonly texts = new Map<string, number>();

  /** The number of the integer `high` · 2³² + `low`; both are taken as unsigned. */
  ofInteger(low: number, high: number): number {
    low >>>= 0;
    high >>>= 0;
    const at = this.find(low, high);
    const known = this.table[at + 2];
    if (known > 0) return known - 1;
    const number = this.count++;
    this.table[at] = low;
    this.table[at + 1] = high;
    this.table[at + 2] = number + 1;
    // Half full at least, two thirds at most: runs of taken places stay short.
    if (++this.integers * 3 > this.places * 2) this.grow();
    return number;
  }

  /** The number of a text. */
  ofText(text: string): number {
    let number = this.texts.get(text);
    if (number === undefined) {
      number = this.count++;
      this.texts.set(text, number);
    }
    return number;
  }

  /** Where the integer stands, or the free place where it belongs. */
  private find(low: number, high: number): number {
    const { table, places } = this;
    let place = scatter(low, high) & (places - 1);
    for (;;) {
      const at = STRIDE * place;
      if (table[at + 2] === 0 || (table[at] === low && table[at + 1] === high)) return at;
      place = (place + 1) & (places - 1);
    }
  }

  private grow(): void {
    const old = this.table;
    this.places *= 2;
    this.table = new Uint32Array(STRIDE * this.places);
    for (let from = 0; from < old.length; from += STRIDE) {
      if (old[from + 2] === 0) continue;
      const at = this.find(old[from], old[from + 1]);
      this.table[at] = old[from];
      this.table[at + 1] = old[from + 1];
      this.table[at + 2] = old[from + 2];
    }
  }
}

/** Mixes 64 bits into 32 that all depend on all of them (the finaliser of MurmurHash3 over both halves). */
function scatter(low: number, high: number): number {
  let mixed = low ^ Math.imul(high, 0x9e3779b1);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
