/** The catalog's deterministic policies as rules on marks; each says the same as the policy's own file. */
import { letLeave, type Rules } from './policy-model.ts';
import { RankedPages } from './ranked-pages.ts';

/** src/policies/classical/lru.ts: the mark is the rank in the order of last requests, 1 the oldest. */
export function lruRules(capacity: number): Rules {
  const recency = new RankedPages(0, capacity);
  return {
    ...fifoRules(capacity),
    hit: (marks, page) => {
      recency.remove(marks, page);
      recency.append(marks, page);
    },
  };
}

/** src/policies/classical/fifo.ts: the mark is the rank in the order of loads, 1 the oldest. */
export function fifoRules(capacity: number): Rules {
  const queue = new RankedPages(0, capacity);
  return {
    usesBits: false,
    largestMark: capacity,
    hit: () => {},
    load: (marks, page) => queue.append(marks, page),
    victim: (marks, isProtected) => queue.firstOutside(marks, isProtected),
    remove: (marks, page) => queue.remove(marks, page),
  };
}

/**
 * src/policies/classical/clock.ts: marks 1 … k are the ranks from the hand on, those above k the same for referenced pages. Slots are
 * filled in ascending order and the new page takes the victim's, so the hand comes to it last.
 */
export function clockRules(capacity: number): Rules {
  const rank = (mark: number) => (mark > capacity ? mark - capacity : mark);
  const closeGap = (marks: number[]) => {
    for (let page = 0; page < marks.length; page++) if (marks[page] > 0) marks[page]--;
  };
  return {
    usesBits: false,
    largestMark: 2 * capacity,
    hit: (marks, page) => {
      marks[page] = rank(marks[page]) + capacity;
    },
    load: (marks, page) => {
      marks[page] = marks.filter((mark) => mark > 0).length + 1;
    },
    victim: (marks) => {
      for (;;) {
        const page = marks.findIndex((mark) => mark > 0 && rank(mark) === 1);
        if (marks[page] === 1) return page;
        closeGap(marks);
        marks[page] = capacity;
      }
    },
    remove: (marks, page) => {
      marks[page] = 0;
      closeGap(marks);
    },
  };
}

/**
 * src/policies/classical/sieve.ts: the mark is the rank in the order of loads, 1 the oldest, plus k for a visited page, plus 2k for the
 * page under the hand. No page is under it when the hand starts again at the oldest.
 */
export function sieveRules(capacity: number): Rules {
  const visit = capacity;
  const hand = 2 * capacity;
  const rankOf = (mark: number) => ((mark - 1) % capacity) + 1;
  const isVisited = (mark: number) => (mark - 1) % hand >= visit;
  const pageAt = (marks: readonly number[], rank: number) =>
    marks.findIndex((mark) => mark > 0 && rankOf(mark) === rank);
  return {
    usesBits: false,
    largestMark: 4 * capacity,
    hit: (marks, page) => {
      if (!isVisited(marks[page])) marks[page] += visit;
    },
    load: (marks, page) => {
      marks[page] = marks.filter((mark) => mark > 0).length + 1;
    },
    victim: (marks) => {
      let page = marks.findIndex((mark) => mark > hand);
      if (page >= 0) marks[page] -= hand;
      else page = pageAt(marks, 1);
      while (isVisited(marks[page])) {
        marks[page] -= visit;
        page = pageAt(marks, (marks[page] % capacity) + 1);
      }
      marks[page] += hand;
      return page;
    },
    remove: (marks, page) => {
      const next = marks[page] > hand ? pageAt(marks, rankOf(marks[page]) + 1) : -1;
      if (next >= 0) marks[next] += hand;
      const rank = rankOf(marks[page]);
      marks[page] = 0;
      marks.forEach((mark, other) => {
        if (mark > 0 && rankOf(mark) > rank) marks[other]--;
      });
    },
  };
}

/** src/policies/classical/flush.ts: ranks of recency, for those staying and those leaving. */
export function flushRules(capacity: number): Rules {
  const staying = new RankedPages(0, capacity);
  const leaving = new RankedPages(capacity, capacity);
  return {
    usesBits: false,
    largestMark: 2 * capacity,
    hit: (marks, page) => {
      staying.remove(marks, page);
      staying.append(marks, page);
    },
    load: (marks, page) => staying.append(marks, page),
    victim: (marks) => {
      for (let page = staying.first(marks); page >= 0; page = staying.first(marks)) {
        staying.remove(marks, page);
        leaving.append(marks, page);
      }
      return leaving.first(marks);
    },
    leaving: (marks) => leaving.first(marks),
    remove: (marks, page) => (staying.has(marks[page]) ? staying : leaving).remove(marks, page),
  };
}

/**
 * src/policies/augmented/flush-when-all-0s.ts. The pages to keep need no order, since they leave together: mark 1, or 2
 * while a flush takes them out; the discarded ones are ranked by recency.
 */
export function flushWhenAll0sRules(capacity: number): Rules {
  const keep = 1;
  const leaving = 2;
  const discarded = new RankedPages(2, capacity);
  const load = (marks: number[], page: number, bit: number) => {
    if (bit === 1) discarded.append(marks, page);
    else marks[page] = keep;
  };
  const remove = (marks: number[], page: number) => {
    if (discarded.has(marks[page])) discarded.remove(marks, page);
    else marks[page] = 0;
  };
  return {
    usesBits: true,
    largestMark: 2 + capacity,
    hit: (marks, page, bit) => {
      remove(marks, page);
      load(marks, page, bit);
    },
    load,
    victim: (marks) => {
      const page = discarded.first(marks);
      if (page >= 0) return page;
      for (let other = 0; other < marks.length; other++) if (marks[other] === keep) marks[other] = leaving;
      return marks.indexOf(leaving);
    },
    leaving: (marks) => marks.indexOf(leaving),
    remove,
  };
}

/** src/policies/augmented/discard.ts: departed pages are ranked above the marks of the wrapped rules. */
export function discardRules(capacity: number, inner: Rules): Rules {
  const departed = new RankedPages(inner.largestMark, capacity);
  const depart = (marks: number[], page: number) => {
    inner.remove(marks, page);
    departed.append(marks, page);
  };
  const letDepart = (marks: number[], page: number, bit: number) => {
    letLeave(inner, marks, depart);
    if (bit === 1) depart(marks, page);
  };
  const load = (marks: number[], page: number, bit: number) => {
    inner.load(marks, page, 0);
    letDepart(marks, page, bit);
  };
  return {
    usesBits: true,
    largestMark: inner.largestMark + capacity,
    hit: (marks, page, bit) => {
      if (departed.has(marks[page])) {
        departed.remove(marks, page);
        load(marks, page, bit);
      } else {
        inner.hit(marks, page, 0);
        letDepart(marks, page, bit);
      }
    },
    load,
    victim: (marks, isProtected) => {
      const page = departed.firstOutside(marks, isProtected);
      return page >= 0 ? page : inner.victim(marks, isProtected);
    },
    remove: (marks, page) => (departed.has(marks[page]) ? departed : inner).remove(marks, page),
  };
}
