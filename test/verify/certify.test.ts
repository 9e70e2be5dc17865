/** Certificates: exact constants, and worst cycles that the catalog's policies really suffer. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import { optimalFaults } from '../../src/paging/belady.ts';
import { discardLabels } from '../../src/paging/labels.ts';
import { predictionError } from '../../src/paging/prediction-error.ts';
import { findPolicy } from '../../src/policies/find-policy.ts';
import { formatRational, toNumber } from '../../src/support/rational.ts';
import { certificateRecord } from '../../src/verify/certificate/certificate-record.ts';
import { type Certificate, certify } from '../../src/verify/certificate/certify.ts';
import { formatHalfSpace } from '../../src/verify/certificate/polyhedron.ts';
import { repeat, scoreAgainstLfd, unroll } from '../../src/verify/certificate/unroll.ts';
import { expectedFaults } from '../../src/verify/expected-faults.ts';
import { hold, instances } from '../arbitraries.ts';

const constraints = ({ faces }: Certificate) => faces.map(formatHalfSpace).sort();
const corners = ({ vertices }: Certificate) =>
  vertices.map(({ point }) => point.map(formatRational).join(' '));

const CLASSICAL = ['lru', 'fifo', 'flush'];
const ONE_BIT = ['flush-when-all-0s', 'lazy-flush-when-all-0s', 'discard(lru)', 'discard(fifo)'];

t.test('lru, fifo and flush are exactly k-competitive', async (t) => {
  for (const name of CLASSICAL) {
    for (const k of [1, 2, 3, 4]) {
      for (const pages of [k + 1, k + 2]) {
        const certificate = certify(name, k, pages);
        t.strictSame(constraints(certificate), [`α ≥ ${k}`], `${name}, k = ${k}, ${pages} pages`);
        t.strictSame(corners(certificate), [`${k} 0 0`]);
      }
    }
  }
});

t.test('the frontier of the deterministic one-bit policies is α + β = k for γ ≥ 1', async (t) => {
  for (const name of ONE_BIT) {
    for (const [k, pages] of [
      [2, 3],
      [2, 4],
      [3, 5],
    ]) {
      const certificate = certify(name, k, pages);
      t.strictSame(constraints(certificate), [`α + β ≥ ${k}`, 'α ≥ 1', 'γ ≥ 1'], `${name}, k = ${k}`);
      t.strictSame(corners(certificate), [`1 ${k - 1} 1`, `${k} 0 1`], `${name}, k = ${k}, ${pages} pages`);
    }
  }
});

t.test('marker is exactly (2H_k − 1)-competitive in expectation on k + 2 pages', async (t) => {
  for (const [k, ratio] of [
    [2, '2'],
    [3, '8/3'],
    [4, '19/6'],
  ] as const) {
    t.strictSame(corners(certify('marker', k, k + 2)), [`${ratio} 0 0`], `k = ${k}`);
  }
});

t.test('the frontier of mark0, eager and lazy, is α + β = 2H_k − 1 for γ ≥ 1', async (t) => {
  for (const name of ['mark0', 'discard(marker)']) {
    t.strictSame(corners(certify(name, 2, 4)), ['1 1 1', '2 0 1'], name);
    t.strictSame(corners(certify(name, 3, 5)), ['1 5/3 1', '8/3 0 1'], name);
    t.strictSame(corners(certify(name, 4, 6)), ['1 13/6 1', '19/6 0 1'], name);
  }
});

t.test('the policy of the catalog pays on an unrolled worst cycle what the certificate says', async (t) => {
  for (const name of [...CLASSICAL, ...ONE_BIT]) {
    const certificate = certify(name, 3, 5);
    const { graph, faces } = certificate;
    for (const face of faces) {
      const unrolled = unroll(graph, face.cycles[0]);
      const score = scoreAgainstLfd(graph, unrolled);
      const [short, long] = [1, 2].map((times) => {
        const { sequence, bits } = repeat(unrolled, 5, times * score.repetitions);
        return {
          faults: expectedFaults(findPolicy(name), 3, sequence, bits),
          optimum: optimalFaults(sequence, 3),
          ...predictionError(bits, discardLabels(sequence, 3)),
        };
      });
      t.equal(toNumber(score.faults), long.faults - short.faults, name);
      t.equal(score.optimum, long.optimum - short.optimum, name);
      if (!certificate.usesBits) continue;
      t.equal(score.eta0, long.eta0 - short.eta0, name);
      t.equal(score.eta1, long.eta1 - short.eta1, name);
    }
  }
});

t.test('k is attained against LFD itself', async (t) => {
  for (const name of [...CLASSICAL, ...ONE_BIT]) {
    const { faces } = certificateRecord(certify(name, 3, 5));
    const face = faces.find(({ constraint }) => /≥ 3$/.test(constraint));
    t.equal(face?.againstLfd.attained, true, name);
    t.equal(face?.againstLfd.constraint, face?.constraint, name);
  }
});

t.test('what is certified holds on random sequences, with its additive constant', async () => {
  const certified = new Map<string, Certificate>();
  for (const name of [...CLASSICAL, ...ONE_BIT]) {
    hold(
      fc.property(instances({ length: 80, capacity: 3, extra: 2 }), ({ sequence, capacity, bits }) => {
        const key = `${name} ${capacity} ${sequence.pageCount}`;
        const certificate = certified.get(key) ?? certify(name, capacity, sequence.pageCount);
        certified.set(key, certificate);
        const faults = expectedFaults(findPolicy(name), capacity, sequence, bits);
        const { eta0, eta1 } = predictionError(bits, discardLabels(sequence, capacity));
        for (const { point, additive } of certificate.vertices) {
          const [alpha, beta, gamma] = point.map(toNumber);
          const bound =
            alpha * optimalFaults(sequence, capacity) + beta * eta0 + gamma * eta1 + toNumber(additive);
          assert(faults <= bound, `${key}: ${faults} faults, bound ${bound}`);
        }
      }),
      300,
    );
  }
});

t.test('what cannot be certified is refused with one line', async (t) => {
  const refusals: [string, number, number, RegExp][] = [
    ['lru', 0, 3, /^--k: must be a positive integer/],
    ['lru', 2.5, 4, /^--k/],
    ['lru', Number.NaN, 4, /^--k/],
    ['lru', 3, 3, /^--pages: must be an integer above --k and at most 64, for example 5$/],
    ['lru', 3, 65, /^--pages/],
    ['belady', 3, 5, /belady has no finite model/],
    ['lro', 3, 5, /did you mean lru/],
    ['discard(lru)', 40, 44, /about .* positions, .* GiB of memory, where 3 GiB is the most/],
    ['lru', 1000, 1002, /^--k: must be below 64/],
  ];
  for (const [name, k, pages, expected] of refusals) {
    t.throws(() => certify(name, k, pages), { name: 'Failure', message: expected }, `${name} ${k} ${pages}`);
  }
});
