/**
 * The game in which the rival is LFD itself, so that what a cycle costs is what it costs against true labels. LFD's choice
 * depends on the future; here the adversary chooses, and is then held to it: if LFD evicts v, every page that it keeps
 * must be asked before v is asked again. Runs that keep these promises for ever are exactly the runs of LFD, up to the choice
 * among pages that are never asked again, which changes its cost not at all and its labels a bounded number of times.
 *
 * The promises of an eviction of v bind the pages that were in LFD's cache then and have not been asked since. So it
 * suffices to know the order in time of these evictions and of the latest requests: a promise is a number, counted up in
 * the order of evictions, and each page has the *age* of its latest request, the number of promises made before it.
 */
import type { Game, Move, Position } from './game.ts';
import { classesOf } from './game.ts';
import type { PolicyModel } from './policy-model.ts';
import { OUTSIDE, RIVAL_STATES, RivalGame } from './rival-game.ts';

/** What binds each page: promises are numbered from 1. */
interface Promises {
  /** The promise made when LFD evicted the page; 0 for none. */
  readonly promise: number[];
  /** Number of promises made before the page's latest request. */
  readonly age: number[];
  /** Number of promises. */
  count: number;
}

/** Codes are those of the game against every rival, times `size`², plus `size` times the promise, plus the age. */
export class LfdGame implements Game {
  readonly model: PolicyModel;
  readonly capacity: number;
  readonly pageCount: number;
  private readonly rivals: RivalGame;
  private readonly size: number;

  constructor(model: PolicyModel, capacity: number, pageCount: number) {
    this.model = model;
    this.capacity = capacity;
    this.pageCount = pageCount;
    this.rivals = new RivalGame(model, capacity, pageCount);
    // Pages outside LFD's cache, and the one it evicts now before another comes in.
    this.size = pageCount - capacity + 2;
  }

  start(): Position {
    const { codes, shared } = this.rivals.start();
    return { codes: codes.map((code) => code * this.size ** 2), shared };
  }

  moves({ codes, shared }: Position): Move[] {
    const { size, rivals } = this;
    const base = { codes: codes.map((code) => Math.floor(code / size ** 2)), shared };
    const promises: Promises = {
      promise: codes.map((code) => Math.floor(code / size) % size),
      age: codes.map((code) => code % size),
      count: codes.filter((code) => Math.floor(code / size) % size > 0).length,
    };
    const held = base.codes.map((code) => code % RIVAL_STATES !== OUTSIDE);
    const classes = classesOf(codes);
    const free = classes.filter((page) => !isBlocked(promises, held, page));
    return rivals.movesAmong(base, free, classes).map(({ next, evicted, ...move }) => {
      const after = keep(promises, held, move.page, evicted);
      return {
        ...move,
        next: {
          codes: next.codes.map((code, page) => (code * size + after.promise[page]) * size + after.age[page]),
          shared: next.shared,
        },
      };
    });
  }
}

/** Whether `other` must be asked before `page` may be. */
function binds({ promise, age }: Promises, held: readonly boolean[], other: number, page: number): boolean {
  if (other === page || age[other] >= promise[page]) return false;
  return held[other] || promise[other] > promise[page];
}

function isBlocked(promises: Promises, held: readonly boolean[], page: number): boolean {
  return promises.promise[page] > 0 && held.some((_, other) => binds(promises, held, other, page));
}

/** The promises after a request to `page` for which LFD evicts `evicted` (−1 for none); those that bind nobody are forgotten. */
function keep(promises: Promises, held: readonly boolean[], page: number, evicted: number): Promises {
  const after: Promises = {
    promise: [...promises.promise],
    age: [...promises.age],
    count: promises.count,
  };
  const heldAfter = held.map((isHeld, other) => other === page || (isHeld && other !== evicted));
  if (evicted >= 0) after.promise[evicted] = ++after.count;
  // The requested page was not LFD's to keep or evict when it made this promise.
  after.age[page] = after.count;
  if (after.promise[page] > 0) forget(after, page);
  for (let settled = false; !settled; ) {
    const idle = after.promise.findIndex(
      (promise, other) =>
        promise > 0 &&
        !isBlocked(after, heldAfter, other) &&
        !after.promise.some((_, later) => after.promise[later] > 0 && binds(after, heldAfter, other, later)),
    );
    settled = idle < 0;
    if (!settled) forget(after, idle);
  }
  after.promise.forEach((promise, other) => {
    if (promise === 0 && !heldAfter[other]) after.age[other] = 0;
  });
  return after;
}

/** Drops the promise of a page and closes the gap in the numbers. */
function forget(promises: Promises, page: number): void {
  const { promise, age } = promises;
  const gone = promise[page];
  promise[page] = 0;
  promises.count--;
  for (let other = 0; other < promise.length; other++) {
    if (promise[other] > gone) promise[other]--;
    if (age[other] >= gone) age[other]--;
  }
}
