/**
 * LRU's stack distances: the distance of a request is the least capacity at which LRU has the page, one more than the
 * number of distinct pages requested since the page was requested last (Mattson, Gecsei, Slutz and Traiger, *Evaluation
 * techniques for storage hierarchies*, IBM Systems Journal 1970).
 *
 * The pages stand on a timeline, each at its latest request (Bennett and Kruskal 1975): a bit a place, and a Fenwick tree
 * over words of 32 places counts the bits before a place. When the timeline is full, the pages move to its front in
 * order, so that it is twice as long as there are pages and never as long as the trace.
 */
import type { RequestSequence } from '../paging/request-sequence.ts';

/**
 * For each distance 1 … pageCount the number of requests that have it; index 0 counts nothing. First requests have no
 * distance. O(log(pageCount / 32)) a request, about 13 bytes a page.
 *
 * @example
 * lruStackDistances({ pages: Uint32Array.of(0, 1, 1, 0), pageCount: 2 }); // Uint32Array [0, 1, 1]
 */
export function lruStackDistances({ pages, pageCount }: RequestSequence): Uint32Array {
  const distances = new Uint32Array(pageCount + 1);
  const timeline = new Timeline(pageCount);
  for (let i = 0; i < pages.length; i++) {
    const distance = timeline.request(pages[i]);
    if (distance > 0) distances[distance]++;
  }
  return distances;
}

class Timeline {
  /** Where each page stands, −1 before its first request; and which page was put at each place. */
  private readonly placeOf: Int32Array;
  private readonly pageAt: Int32Array;
  /** The bit of a place is set while a page stands there. */
  private readonly words: Int32Array;
  /** Fenwick tree over the bits of all words but the one that is being filled; it joins when it is full. */
  private readonly tree: Int32Array;
  /** The next free place. */
  private end = 0;
  private distinct = 0;

  constructor(pageCount: number) {
    const words = 2 * Math.ceil(pageCount / 32) + 2;
    this.placeOf = new Int32Array(pageCount).fill(-1);
    this.pageAt = new Int32Array(32 * words);
    this.words = new Int32Array(words);
    this.tree = new Int32Array(words + 1);
  }

  /** Moves a page to the end. Returns its stack distance, or 0 at its first request. */
  request(page: number): number {
    const place = this.placeOf[page];
    const distance = place < 0 ? 0 : this.take(place);
    if (place < 0) this.distinct++;
    const end = this.end++;
    this.placeOf[page] = end;
    this.pageAt[end] = page;
    this.words[end >>> 5] |= 1 << end;
    if ((this.end & 31) === 0) this.fill(end >>> 5);
    return distance;
  }

  /** Empties a place. Returns one more than the number of pages after it. */
  private take(place: number): number {
    const { words, tree } = this;
    const word = place >>> 5;
    const bits = words[word];
    let upTo = bitCount(bits & ~(-2 << place));
    for (let node = word; node > 0; node &= node - 1) upTo += tree[node];
    words[word] = bits & ~(1 << place);
    if (word < this.end >>> 5)
      for (let node = word + 1; node < tree.length; node += node & -node) tree[node]--;
    return this.distinct - upTo + 1;
  }

  /** Counts a word that is full from now on; makes room if it was the last. */
  private fill(word: number): void {
    const { words, tree } = this;
    if (word === words.length - 1) {
      this.compact();
      return;
    }
    const count = bitCount(words[word]);
    for (let node = word + 1; node < tree.length; node += node & -node) tree[node] += count;
  }

  /** Moves all pages to the front, in order. O(pageCount), once in at least pageCount requests. */
  private compact(): void {
    const { words, tree, placeOf, pageAt } = this;
    let end = 0;
    for (let place = 0; place < pageAt.length; place++) {
      const page = pageAt[place];
      if (placeOf[page] !== place) continue;
      pageAt[end] = page;
      placeOf[page] = end++;
    }
    this.end = end;
    words.fill(0);
    words.fill(-1, 0, end >>> 5);
    if ((end & 31) !== 0) words[end >>> 5] = ~(-1 << end);
    tree.fill(0);
    for (let node = 1; node < tree.length; node++) {
      if (node <= end >>> 5) tree[node] += 32;
      const above = node + (node & -node);
      if (above < tree.length) tree[above] += tree[node];
    }
  }
}

function bitCount(bits: number): number {
  bits -= (bits >>> 1) & 0x55555555;
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
