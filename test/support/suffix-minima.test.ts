import fc from 'fast-check';
import t from 'tap';
import { SuffixMinima } from '../../src/support/suffix-minima.ts';
import { hold } from '../arbitraries.ts';

t.test('a suffix is lowered exactly if all its numbers are positive, also after clearing', async () => {
  const operation = fc.record({ append: fc.boolean(), number: fc.nat({ max: 5 }), clear: fc.boolean() });
  hold(
    fc.property(fc.array(operation, { maxLength: 60 }), (operations) => {
      const minima = new SuffixMinima(60);
      let numbers: number[] = [];
      for (const { append, number, clear } of operations) {
        if (clear && number === 0) {
          minima.clear();
          numbers = [];
        } else if (append || numbers.length === 0) {
          minima.append(number);
          numbers.push(number);
        } else {
          const start = Math.max(0, numbers.length - 1 - 2 * number);
          const positive = numbers.slice(start).every((value) => value > 0);
          if (minima.lower(start) !== positive) return false;
          if (positive) numbers = numbers.map((value, i) => (i < start ? value : value - 1));
        }
      }
      return true;
    }),
  );
});
