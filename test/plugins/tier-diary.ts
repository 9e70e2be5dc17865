/** What vLLM asked of the policy in its offload tier (`plugins/python/tests/whole/diary.py`), and what should have been answered. */

/** A chunk and the tokens up to its end. */
type Placed = readonly [chunk: string, end: number];

export type Entry =
  | readonly ['insert', chunk: string, pinned: boolean]
  | readonly ['remove' | 'mark_evictable' | 'mark_non_evictable', chunk: string]
  | readonly ['touch' | 'on_request_finished', chunks: readonly Placed[], fields: Fields]
  | readonly ['evict', count: number, spared: readonly string[], victims: readonly string[] | null];

/** A request's `kv_transfer_params`. */
export type Fields = Readonly<Record<string, number>> | null;

/**
 * `discard(lru)` in its plainest form: what is safe to discard leaves first, the least recently used of it before the others.
 *
 * @returns a line for every answer that was another, and how many chunks that were safe to discard left
 */
export function audit(diary: readonly Entry[]): { wrong: string[]; discarded: number } {
  /** Least recently used first, each with its bit. */
  const order = new Map<string, boolean>();
  const pinned = new Set<string>();
  const wrong: string[] = [];
  let discarded = 0;
  for (const [line, entry] of diary.entries()) {
    switch (entry[0]) {
      case 'insert':
        order.set(entry[1], false);
        if (entry[2]) pinned.add(entry[1]);
        break;
      case 'remove':
        order.delete(entry[1]);
        pinned.delete(entry[1]);
        break;
      case 'mark_evictable':
        pinned.delete(entry[1]);
        break;
      case 'mark_non_evictable':
        pinned.add(entry[1]);
        break;
      case 'evict': {
        const [, count, spared, answer] = entry;
        const may = [...order].filter(([chunk]) => !pinned.has(chunk) && !spared.includes(chunk));
        const victims = [...may.filter(([, bit]) => bit), ...may.filter(([, bit]) => !bit)].slice(0, count);
        const expected = victims.length < count ? null : victims.map(([chunk]) => chunk);
        if (JSON.stringify(expected) !== JSON.stringify(answer))
          wrong.push(`${line}: ${answer}, not ${expected}`);
        for (const chunk of answer ?? []) {
          if (order.get(chunk)) discarded++;
          order.delete(chunk);
        }
        break;
      }
      default:
        // Tail first, for the head of a prefix to leave last.
        for (const [chunk, end] of [...entry[1]].reverse())
          if (order.delete(chunk)) order.set(chunk, isDiscarded(end, entry[2]));
    }
  }
  return { wrong, discarded };
}

function isDiscarded(end: number, fields: Fields): boolean {
  const keep = fields?.['onebit.keep_tokens'];
  return keep === undefined ? fields?.['onebit.discard'] === 1 : end > keep;
}
