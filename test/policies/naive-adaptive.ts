/** Policies with a memory written a second time, from their papers, with plain arrays and maps. */
import type { Random } from '../../src/support/random.ts';
import { type Naive, share, take } from './naive-queues.ts';

/** The cases I to IV of the paper, one after the other. */
export function naiveArc(c: number): Naive {
  const [t1, t2, b1, b2]: number[][] = [[], [], [], []];
  let p = 0;
  const replace = (inB2: boolean) => {
    const fromT1 = t1.length > 0 && (t1.length > p || (inB2 && t1.length === p) || t2.length === 0);
    if (fromT1) b1.push(t1.shift() as number);
    else b2.push(t2.shift() as number);
  };
  return (page) => {
    if (take(t1, page) || take(t2, page)) t2.push(page);
    else if (b1.includes(page)) {
      p = Math.min(c, p + Math.max(1, b2.length / b1.length));
      replace(false);
      take(b1, page);
      t2.push(page);
    } else if (b2.includes(page)) {
      p = Math.max(0, p - Math.max(1, b1.length / b2.length));
      replace(true);
      take(b2, page);
      t2.push(page);
    } else {
      const total = t1.length + t2.length + b1.length + b2.length;
      if (t1.length + b1.length === c) {
        if (t1.length < c) {
          b1.shift();
          replace(false);
        } else t1.shift();
      } else if (total >= c) {
        if (total === 2 * c) b2.shift();
        replace(false);
      }
      t1.push(page);
    }
    return [...t1, ...t2];
  };
}

export function naiveWTinyLfu(capacity: number, windowPart = 0.01, protectedPart = 0.8, sample = 10): Naive {
  const [window, probation, kept]: number[][] = [[], [], []];
  const windowSize = share(capacity, windowPart);
  const mainSize = capacity - windowSize;
  const keptSize = Math.min(mainSize, share(mainSize, protectedPart));
  const counts = new Map<number, number>();
  const count = (page: number) => counts.get(page) ?? 0;
  let made = 0;
  const enterMain = (page: number) => {
    (probation.length < mainSize - keptSize || kept.length >= keptSize ? probation : kept).push(page);
  };
  const makeRoom = () => {
    const [candidate] = window;
    const rivals = probation.length > 0 ? probation : kept;
    if (rivals.length > 0 && count(candidate) > count(rivals[0])) rivals.shift();
    else window.shift();
  };
  const miss = (page: number) => {
    if (window.length + probation.length + kept.length === capacity) makeRoom();
    window.push(page);
    if (window.length > windowSize) enterMain(window.shift() as number);
  };
  return (page) => {
    if (take(window, page)) window.push(page);
    else if (take(kept, page)) kept.push(page);
    else if (take(probation, page)) {
      kept.push(page);
      if (kept.length > keptSize) probation.push(kept.shift() as number);
    } else miss(page);
    counts.set(page, Math.min(15, count(page) + 1));
    if (++made >= Math.max(2, sample * capacity)) {
      made = Math.floor(made / 2);
      for (const [counted, number] of counts) counts.set(counted, Math.floor(number / 2));
    }
    return [...window, ...probation, ...kept];
  };
}

export function naiveLruK(capacity: number, k = 2): Naive {
  const residents = new Set<number>();
  const history = new Map<number, number[]>();
  let step = 0;
  const before = (a: number, b: number) => {
    const [first, second] = [history.get(a) as number[], history.get(b) as number[]];
    const kth = (first.at(-k) ?? -1) - (second.at(-k) ?? -1);
    return kth || (first.at(-1) as number) - (second.at(-1) as number);
  };
  return (page) => {
    if (!residents.has(page) && residents.size === capacity) residents.delete([...residents].sort(before)[0]);
    residents.add(page);
    history.set(page, [...(history.get(page) ?? []), step++]);
    return [...residents];
  };
}

export function naiveLirs(capacity: number, hir = 0.01, bound = 2): Naive {
  const lirSize = capacity - share(capacity, hir);
  const stackSize = Math.floor(capacity * bound);
  // Pages; the top of the stack is at its end.
  const [stack, queue, left]: number[][] = [[], [], []];
  const lir = new Set<number>();
  const prune = () => {
    while (stack.length > 0 && !lir.has(stack[0])) take(left, stack.shift() as number);
  };
  const rise = (page: number) => {
    take(stack, page);
    stack.push(page);
  };
  const becomeLir = (page: number) => {
    lir.add(page);
    if (lir.size <= lirSize) return;
    prune();
    const bottom = stack[0];
    lir.delete(bottom);
    queue.push(bottom);
    prune();
  };
  const miss = (page: number) => {
    if (lir.size + queue.length === capacity) {
      const victim = queue.shift() as number;
      if (stack.includes(victim)) left.push(victim);
    }
    const remembered = take(left, page);
    rise(page);
    if (remembered || lir.size < lirSize) becomeLir(page);
    else queue.push(page);
  };
  return (page) => {
    if (lir.has(page)) {
      rise(page);
      prune();
    } else if (queue.includes(page)) {
      const inStack = stack.includes(page);
      take(queue, page);
      rise(page);
      if (inStack) becomeLir(page);
      else queue.push(page);
    } else miss(page);
    while (stack.length > stackSize && left.length > 0) take(stack, left.shift() as number);
    return [...lir, ...queue];
  };
}

export function naiveLeCaR(capacity: number, random: Random, rate = 0.45, discount = 0.005): Naive {
  // Least recently used first, with frequency and the step at which it was reached.
  const residents = new Map<number, { frequency: number; reached: number }>();
  let memory: { page: number; byLru: boolean; step: number }[] = [];
  const weights = { lru: 0.5, lfu: 0.5 };
  let step = 0;
  const learn = (page: number) => {
    const regretted = memory.find((eviction) => eviction.page === page);
    if (!regretted) return;
    memory = memory.filter((eviction) => eviction !== regretted);
    const regret = discount ** ((step - regretted.step) / capacity);
    weights[regretted.byLru ? 'lru' : 'lfu'] *= Math.exp(-rate * regret);
    const sum = weights.lru + weights.lfu + 2e-10;
    weights.lru = (weights.lru + 1e-10) / sum;
    weights.lfu = (weights.lfu + 1e-10) / sum;
  };
  const evict = () => {
    const byLru = random.below(2 ** 32) / 2 ** 32 < weights.lru;
    const [[leastFrequent]] = [...residents].sort(
      ([, a], [, b]) => a.frequency - b.frequency || a.reached - b.reached,
    );
    const victim = byLru ? [...residents.keys()][0] : leastFrequent;
    residents.delete(victim);
    memory = [...memory, { page: victim, byLru, step }].slice(-capacity);
  };
  return (page) => {
    const frequency = (residents.get(page)?.frequency ?? 0) + 1;
    if (frequency === 1) learn(page);
    if (frequency === 1 && residents.size === capacity) evict();
    residents.delete(page);
    residents.set(page, { frequency, reached: step++ });
    return [...residents.keys()];
  };
}

/** Pages by slot: the first free one is filled, later a page takes the slot of its victim. Ties go to the lowest slot. */
export function naiveGdsf(capacity: number): Naive {
  const slots: { page: number; frequency: number; value: number }[] = [];
  let age = 0;
  return (page) => {
    let resident = slots.find((slot) => slot.page === page);
    if (resident === undefined) {
      resident = { page, frequency: 0, value: 0 };
      if (slots.length < capacity) slots.push(resident);
      else {
        age = Math.min(...slots.map(({ value }) => value));
        slots[slots.findIndex(({ value }) => value === age)] = resident;
      }
    }
    resident.value = age + ++resident.frequency;
    return slots.map((slot) => slot.page);
  };
}

/** Remembers every event with its weight and works densities out from the definition. */
export function naiveLhd(capacity: number, random: Random, samples = 32, period = 10): Naive {
  interface Resident {
    page: number;
    at: number;
    waits: number[];
  }
  // In the order that drawing from a set by index sees: a page that leaves gives its place to the last one.
  const residents: Resident[] = [];
  let events: { group: number; step: number; isHit: boolean; weight: number }[] = [];
  let known: typeof events | undefined;
  let now = 0;
  const stepOf = (age: number) => Math.min(255, Math.floor(8 * Math.log2(Math.max(1, age))));
  const groupOf = ({ waits }: Resident) =>
    waits.length < 2 ? 0 : Math.min(32, 1 + Math.floor(Math.log2(waits[0] + waits[1])));
  const worked = new Map<number, number>();
  const density = (resident: Resident) => {
    const key = 256 * groupOf(resident) + stepOf(now - resident.at);
    if (!worked.has(key)) worked.set(key, workOut(groupOf(resident), stepOf(now - resident.at)));
    return worked.get(key) as number;
  };
  const workOut = (group: number, step: number) => {
    if (known === undefined) return 1 / (1 + step);
    const later = known.filter((event) => event.group === group && event.step >= step);
    const hits = later.reduce((sum, event) => sum + (event.isHit ? event.weight : 0), 0);
    // An event at some step has spent all steps from this one up to its own.
    const time = later.reduce(
      (sum, event) => sum + event.weight * (2 ** ((event.step + 1) / 8) - 2 ** (step / 8)),
      0,
    );
    return time > 0 ? hits / time : 0;
  };
  const happen = (resident: Resident, isHit: boolean) =>
    events.push({ group: groupOf(resident), step: stepOf(now - resident.at), isHit, weight: 1 });
  return (page) => {
    let resident = residents.find((other) => other.page === page);
    if (resident !== undefined) {
      happen(resident, true);
      resident.waits = [now - resident.at, ...resident.waits].slice(0, 2);
    } else {
      if (residents.length === capacity) {
        const drawn = Array.from({ length: samples }, () => residents[random.below(capacity)]);
        const least = drawn.reduce((best, other) => (density(other) < density(best) - 1e-12 ? other : best));
        happen(least, false);
        residents[residents.indexOf(least)] = residents[capacity - 1];
        residents.pop();
      }
      resident = { page, at: 0, waits: [] };
      residents.push(resident);
    }
    resident.at = now++;
    if (now % (period * capacity) === 0) {
      worked.clear();
      known = events;
      events = events.map((event) => ({ ...event, weight: 0.9 * event.weight }));
    }
    return residents.map((other) => other.page);
  };
}

export function naiveHyperbolic(capacity: number, random: Random, sample = 64): Naive {
  let residents: { page: number; requests: number; loaded: number }[] = [];
  let step = 0;
  const rate = ({ requests, loaded }: (typeof residents)[0]) => requests / (step - loaded);
  const evict = () => {
    const drawn =
      residents.length > sample
        ? Array.from({ length: sample }, () => residents[random.below(residents.length)])
        : [...residents];
    const [victim] = drawn.sort((a, b) => rate(a) - rate(b) || a.loaded - b.loaded);
    // The last one takes the place of the one that leaves, so that coins mean the same pages.
    const last = residents[residents.length - 1];
    residents = residents.slice(0, -1).map((resident) => (resident === victim ? last : resident));
  };
  return (page) => {
    const present = residents.find((resident) => resident.page === page);
    if (present) present.requests++;
    else {
      if (residents.length === capacity) evict();
      residents.push({ page, requests: 1, loaded: step });
    }
    step++;
    return residents.map((resident) => resident.page);
  };
}
