import type { RequestSequence } from '../../src/paging/request-sequence.ts';

/**
 * Belady's rule as one would write it on a blackboard: an array of resident pages, least recently requested first, and a
 * look ahead at every fault. The victim is the resident page whose next request is farthest; among those that are never
 * requested again the least recently requested. Also the discard labels that this run gives. O(T²·k).
 */
export function naiveBelady(
  { pages }: RequestSequence,
  capacity: number,
): { faults: number; labels: number[]; victims: number[] } {
  const requests = [...pages];
  const labels = requests.map(() => 0);
  const victims: number[] = [];
  let resident: number[] = [];
  let faults = 0;
  requests.forEach((page, i) => {
    if (!resident.includes(page)) {
      faults++;
      if (resident.length === capacity) {
        const distances = resident.map((candidate) => {
          const next = requests.indexOf(candidate, i);
          return next === -1 ? Infinity : next;
        });
        // The first index of the maximum is the least recently requested of those at the same distance.
        const victim = resident[distances.indexOf(Math.max(...distances))];
        labels[requests.lastIndexOf(victim, i)] = 1;
        victims.push(victim);
        resident = resident.filter((other) => other !== victim);
      }
    }
    resident = [...resident.filter((other) => other !== page), page];
  });
  return { faults, labels, victims };
}
