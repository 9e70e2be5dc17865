/** src/policies/augmented/guard.ts around a policy without coins that never empties slots early. */
import { beliefModel } from './belief-model.ts';
import type { PolicyModel, Rules } from './policy-model.ts';

/** What guard knows of a page; marks are four times the wrapped policy's mark plus this. */
const PLAIN = 0;
const UNVISITED = 1;
const GUARDED = 2;
const EVICTED = 3;
const FLAGS = 4;

/**
 * @param capacity k
 * @param rules of the wrapped policy
 */
export function guardModel(capacity: number, rules: Rules): PolicyModel {
  return beliefModel(rules.usesBits ? 'discard bit' : 'nothing', (marks, page, bit) => {
    const wrapped = marks.map((mark) => Math.floor(mark / FLAGS));
    let flags = marks.map((mark) => mark % FLAGS);
    const after = (hit: boolean) => ({ marks: wrapped.map((mark, i) => mark * FLAGS + flags[i]), hit });
    if (wrapped[page] > 0) {
      if (flags[page] === UNVISITED) flags[page] = PLAIN;
      rules.hit(wrapped, page, bit);
      return [after(true)];
    }
    if (wrapped.filter((mark) => mark > 0).length < capacity) {
      rules.load(wrapped, page, bit);
      return [after(false)];
    }
    if (!flags.includes(UNVISITED)) flags = wrapped.map((mark) => (mark > 0 ? UNVISITED : PLAIN));
    const mustGuard = flags[page] === EVICTED;
    const victims = mustGuard
      ? flags.flatMap((flag, other) => (flag === UNVISITED ? [other] : []))
      : [rules.victim(wrapped, (other) => flags[other] === GUARDED)];
    return victims.map((victim) => {
      const next = [...wrapped];
      rules.remove(next, victim);
      rules.load(next, page, bit);
      const flagOf = (other: number) => {
        if (other === page) return mustGuard ? GUARDED : PLAIN;
        return other === victim ? EVICTED : flags[other];
      };
      return { marks: next.map((mark, other) => mark * FLAGS + flagOf(other)), hit: false };
    });
  });
}
