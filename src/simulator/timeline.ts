/**
 * Which pages were requested how recently: the pages stand on a timeline, each at its latest request (Bennett and Kruskal
 * 1975): a bit a place, and a Fenwick tree over words of 32 places counts the bits before a place. When the timeline is
 * full, the pages move to its front in order, so that it is twice as long as there are pages and never as long as the
 * trace. O(log(pageCount / 32)) an operation, about 13 bytes a page.
 *
 * @example
 * const timeline = new Timeline(2);
 * timeline.request(0); // 0: never requested before
 * timeline.request(1); // 0
 * timeline.request(0); // 2: one page has been requested since
 */
export class Timeline {
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

  /** @param pageCount pages are 0 … pageCount − 1 */
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

  /** Takes a page off, if it is there, as if it had never been requested. */
  forget(page: number): void {
    const place = this.placeOf[page];
    if (place < 0) return;
    this.take(place);
    this.placeOf[page] = -1;
    this.distinct--;
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
