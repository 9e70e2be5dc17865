import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import {
  formatPolicy,
  type PolicyDescription,
  parsePolicy,
  splitPolicies,
} from '../../src/policies/description.ts';
import { Failure } from '../../src/support/failure.ts';
import { hold } from '../arbitraries.ts';

const names = fc.stringMatching(/^[a-z][a-z0-9-]{0,11}$/);
const parameters = fc.dictionary(
  names,
  fc.oneof(fc.integer({ min: -1000, max: 1000 }), fc.constantFrom(0.5, 2.25)),
  {
    maxKeys: 3,
    noNullPrototype: true,
  },
);

/** Descriptions at most `depth` deep. */
function nested(depth: number): fc.Arbitrary<PolicyDescription> {
  const policies = depth === 0 ? fc.constant([]) : fc.array(nested(depth - 1), { maxLength: 3 });
  return fc.record({ name: names, policies, parameters }, { noNullPrototype: true });
}

const descriptions = nested(2);

t.test('what is written is read back the same', async () => {
  hold(
    fc.property(descriptions, (description) =>
      assert.deepEqual(parsePolicy(formatPolicy(description)), description),
    ),
  );
});

t.test('blanks make no difference, nor does the order of parameters', async () => {
  hold(
    fc.property(descriptions, (description) => {
      const text = formatPolicy(description);
      const spaced = ` ${text.replace(/[(),=]/g, ' $& ')} `;
      assert.equal(formatPolicy(parsePolicy(spaced)), text);
      const { parameters, policies } = description;
      const turned = Object.fromEntries(Object.entries(parameters).reverse());
      assert.equal(formatPolicy({ name: description.name, policies, parameters: turned }), text);
    }),
  );
});

t.test('a list of policies is split at the commas outside brackets', async () => {
  hold(
    fc.property(fc.array(descriptions, { minLength: 1, maxLength: 4 }), (list) => {
      const texts = list.map(formatPolicy);
      assert.deepEqual(splitPolicies(texts.join(', ')), texts);
    }),
  );
});

t.test('any text is either read or refused in one line that names the position', async () => {
  const pieces = fc.constantFrom('lru', 'discard', 'margin', '(', ')', ',', '=', '7', '-1', ' ', '“', '%');
  const garbled = fc.oneof(
    fc.string(),
    fc.array(pieces, { size: 'max', maxLength: 12 }).map((parts) => parts.join('')),
  );
  hold(
    fc.property(garbled, (text) => {
      try {
        parsePolicy(text);
      } catch (error) {
        assert(error instanceof Failure);
        assert.match(error.message, /, character \d+: expected .+, found /s);
      }
    }),
  );
});

t.test('the position is that of the first character that makes no sense', async (t) => {
  for (const [text, position] of [
    ['', 1],
    ['lru)', 4],
    ['lru lru', 5],
    ['switch(lru,,lru)', 12],
    ['switch(lru, lru, margin=x)', 25],
    ['guard(lru', 10],
    ['7', 1],
  ] as const) {
    t.throws(() => parsePolicy(text), { message: `character ${position}:` }, text);
  }
});
