/** Queue policies written a second time, from their papers, with plain arrays: what the fast versions are checked against. */

/** Serves a request and returns the pages in the cache after it. */
export type Naive = (page: number) => readonly number[];

/** Slots for a share of the cache. */
export const share = (capacity: number, part: number) => Math.max(1, Math.floor(capacity * part));

/** Takes a page out of an array, and tells whether it was there. */
export function take(pages: number[], page: number): boolean {
  const at = pages.indexOf(page);
  if (at >= 0) pages.splice(at, 1);
  return at >= 0;
}

export function naiveSieve(capacity: number): Naive {
  // Oldest first; the hand is an index.
  const queue: { page: number; visited: boolean }[] = [];
  let hand = 0;
  return (page) => {
    const present = queue.find((resident) => resident.page === page);
    if (present) present.visited = true;
    else {
      if (queue.length === capacity) {
        while (queue[hand % capacity].visited) queue[hand++ % capacity].visited = false;
        hand %= capacity;
        queue.splice(hand, 1);
        // The hand now is at the next newer page; past the newest it returns to the oldest.
        if (hand === queue.length) hand = 0;
      }
      queue.push({ page, visited: false });
    }
    return queue.map((resident) => resident.page);
  };
}

export function naiveLfu(capacity: number): Naive {
  const residents = new Map<number, { frequency: number; reached: number }>();
  let step = 0;
  return (page) => {
    const frequency = (residents.get(page)?.frequency ?? 0) + 1;
    if (frequency === 1 && residents.size === capacity) {
      const [[victim]] = [...residents].sort(
        ([, a], [, b]) => a.frequency - b.frequency || a.reached - b.reached,
      );
      residents.delete(victim);
    }
    residents.set(page, { frequency, reached: step++ });
    return [...residents.keys()];
  };
}

export function naiveS3Fifo(capacity: number, small = 0.1, ghost = 0.9, promote = 2): Naive {
  const smallQueue: number[] = [];
  const mainQueue: number[] = [];
  const ghosts: number[] = [];
  const hits = new Map<number, number>();
  const ghostSize = Math.floor(capacity * ghost);
  const evictMain = () => {
    for (;;) {
      const page = mainQueue.shift() as number;
      const left = Math.min(3, hits.get(page) ?? 0);
      if (left === 0) return;
      hits.set(page, left - 1);
      mainQueue.push(page);
    }
  };
  /** Whether a page left, rather than all of them moving to the main queue. */
  const evictSmall = () => {
    while (smallQueue.length > 0) {
      const page = smallQueue.shift() as number;
      if ((hits.get(page) ?? 0) < promote) {
        if (ghosts.length === ghostSize) ghosts.shift();
        if (ghostSize > 0) ghosts.push(page);
        return true;
      }
      hits.set(page, 0);
      mainQueue.push(page);
    }
    return false;
  };
  return (page) => {
    if (smallQueue.includes(page) || mainQueue.includes(page)) hits.set(page, (hits.get(page) ?? 0) + 1);
    else {
      const remembered = take(ghosts, page);
      if (smallQueue.length + mainQueue.length === capacity) {
        if (mainQueue.length > capacity - share(capacity, small) || !evictSmall()) evictMain();
      }
      (remembered ? mainQueue : smallQueue).push(page);
      hits.set(page, 0);
    }
    return [...smallQueue, ...mainQueue];
  };
}

export function naiveTwoQueue(capacity: number, inPart = 0.25, outPart = 0.5): Naive {
  const first: number[] = [];
  const main: number[] = [];
  const out: number[] = [];
  const outSize = Math.floor(capacity * outPart);
  return (page) => {
    if (take(main, page)) main.push(page);
    else if (!first.includes(page)) {
      const remembered = take(out, page);
      if (first.length + main.length === capacity) {
        if (first.length > share(capacity, inPart) || main.length === 0) {
          if (out.length === outSize) out.shift();
          const evicted = first.shift() as number;
          if (outSize > 0) out.push(evicted);
        } else main.shift();
      }
      (remembered ? main : first).push(page);
    }
    return [...first, ...main];
  };
}

export function naiveSlru(capacity: number, wanted = 4): Naive {
  const count = Math.min(wanted, capacity);
  const size = Math.floor(capacity / count);
  const sizes = Array.from({ length: count }, (_, i) => (i === 0 ? capacity - size * (count - 1) : size));
  const segments: number[][] = sizes.map(() => []);
  return (page) => {
    const at = segments.findIndex((segment) => segment.includes(page));
    if (at >= 0) {
      take(segments[at], page);
      segments[Math.min(at + 1, count - 1)].push(page);
      for (let i = count - 1; i > 0; i--) {
        while (segments[i].length > sizes[i]) segments[i - 1].push(segments[i].shift() as number);
      }
    } else {
      if (segments.flat().length === capacity) segments.find((segment) => segment.length > 0)?.shift();
      (segments.find((segment, i) => segment.length < sizes[i]) ?? segments[0]).push(page);
    }
    return segments.flat();
  };
}
