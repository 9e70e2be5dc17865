import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import { IndexSet } from '../../src/support/index-set.ts';
import { LinkedLists } from '../../src/support/linked-lists.ts';
import { hold } from '../arbitraries.ts';

const SIZE = 8;
const LISTS = 3;

function setOf(indices: Iterable<number>): IndexSet {
  const set = new IndexSet(SIZE);
  for (const index of indices) set.add(index);
  return set;
}

function contents(lists: LinkedLists, list: number): number[] {
  const found: number[] = [];
  for (let index = lists.first(list); index >= 0 && found.length <= SIZE; index = lists.after(index))
    found.push(index);
  return found;
}

const operation = fc.record({
  name: fc.constantFrom('move', 'move', 'move', 'remove', 'moveAll', 'empty'),
  list: fc.nat({ max: LISTS - 1 }),
  index: fc.nat({ max: SIZE - 1 }),
  excluded: fc.subarray([0, 1, 2, 3, 4, 5, 6, 7]),
});
type Operation = typeof operation extends fc.Arbitrary<infer Value> ? Value : never;

/** Does the same to the lists and to the arrays that model them. */
function apply(
  { name, list, index, excluded }: Operation,
  lists: LinkedLists,
  model: number[][],
): number[][] {
  const without = model.map((members) => members.filter((member) => member !== index));
  const held = model.some((members) => members.includes(index));
  if (name === 'move') {
    if (held) lists.moveToEnd(list, index);
    else lists.append(list, index);
    without[list].push(index);
    return without;
  }
  if (name === 'remove') {
    if (held) lists.remove(index);
    return without;
  }
  const next = model.map((members) => [...members]);
  if (name === 'empty') {
    lists.empty(list);
    next[list] = [];
  } else {
    const to = (list + 1) % LISTS;
    lists.moveAllOutside(setOf(excluded), list, to);
    next[to].push(...next[list].filter((member) => !excluded.includes(member)));
    next[list] = next[list].filter((member) => excluded.includes(member));
  }
  return next;
}

t.test('after any operations the lists hold what arrays hold, in the same order', async () => {
  hold(
    fc.property(fc.array(operation, { size: 'max', maxLength: 40 }), (operations) => {
      const lists = new LinkedLists(SIZE, LISTS);
      let model: number[][] = Array.from({ length: LISTS }, () => []);
      for (const step of operations) {
        model = apply(step, lists, model);
        for (let list = 0; list < LISTS; list++) {
          assert.deepEqual(contents(lists, list), model[list]);
          assert.equal(lists.first(list), model[list][0] ?? -1);
          const outside = model[list].find((member) => !step.excluded.includes(member)) ?? -1;
          assert.equal(lists.firstOutside(list, setOf(step.excluded)), outside);
        }
      }
    }),
  );
});

t.test('insertAfter puts an integer right behind another, and replace in its place', async () => {
  const order = fc.uniqueArray(fc.nat({ max: SIZE - 1 }), { minLength: 2, maxLength: SIZE });
  hold(
    fc.property(order, fc.nat(), fc.boolean(), ([newcomer, ...members], number, replacing) => {
      const lists = new LinkedLists(SIZE, 1);
      for (const member of members) lists.append(0, member);
      const place = number % members.length;
      if (replacing) lists.replace(members[place], newcomer);
      else lists.insertAfter(members[place], newcomer);
      const expected = [...members];
      if (replacing) expected[place] = newcomer;
      else expected.splice(place + 1, 0, newcomer);
      assert.deepEqual(contents(lists, 0), expected);
      assert.equal(lists.holdExactly(setOf(expected)), true);
    }),
  );
});

t.test('holdExactly tells whether the lists hold a set exactly', async () => {
  const slots = fc.subarray([0, 1, 2, 3, 4, 5, 6, 7]);
  hold(
    fc.property(slots, slots, (held, asked) => {
      const lists = new LinkedLists(SIZE, LISTS);
      for (const index of held) lists.append(index % LISTS, index);
      assert.equal(lists.holdExactly(setOf(held)), true);
      assert.equal(lists.holdExactly(setOf(asked)), held.join() === asked.join());
    }),
  );
});

t.test('lists that are extended stay as they are, and new integers and lists can be used', async () => {
  const slots = fc.subarray([0, 1, 2, 3, 4, 5, 6, 7]);
  hold(
    fc.property(slots, fc.nat({ max: 3 }), fc.nat({ max: 3 }), (held, integers, more) => {
      const lists = new LinkedLists(SIZE, LISTS);
      const model: number[][] = Array.from({ length: LISTS + more }, () => []);
      const append = (list: number, index: number) => {
        lists.append(list, index);
        model[list].push(index);
      };
      // All before the last list, so that it stays empty.
      for (const index of held) append(index % (LISTS - 1), index);
      lists.extend(SIZE + integers, LISTS + more);
      for (let index = SIZE; index < SIZE + integers; index++) append(index % (LISTS + more), index);
      for (const [list, members] of model.entries()) {
        const found: number[] = [];
        for (let index = lists.first(list); index >= 0; index = lists.after(index)) found.push(index);
        assert.deepEqual(found, members);
      }
      const list = model.findIndex((members) => members.length > 0);
      if (list < 0) return;
      lists.remove(model[list][0]);
      assert.equal(lists.first(list), model[list][1] ?? -1);
    }),
  );
});
