/** Certificates: exact constants, and worst cycles that the catalog's policies really suffer. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import t, { type Test } from 'tap';
import { optimalFaults } from '../../src/paging/belady.ts';
import { discardLabels, phaseLabels } from '../../src/paging/labels.ts';
import { predictionError } from '../../src/paging/prediction-error.ts';
import { findPolicy } from '../../src/policies/find-policy.ts';
import { simulate } from '../../src/simulator/simulate.ts';
import { formatRational, rational, toNumber } from '../../src/support/rational.ts';
import { certificateRecord, type InstanceRecord } from '../../src/verify/certificate/certificate-record.ts';
import { certify, type Frontier } from '../../src/verify/certificate/certify.ts';
import { scoreAgainstLfd } from '../../src/verify/certificate/lfd-score.ts';
import { formatHalfSpace } from '../../src/verify/certificate/polyhedron.ts';
import { repeat, unroll } from '../../src/verify/certificate/unroll.ts';
import { worstInstance } from '../../src/verify/certificate/worst-instance.ts';
import { expectedFaults } from '../../src/verify/expected-faults.ts';
import { hold, instances } from '../arbitraries.ts';

const constraints = ({ faces }: Frontier) => faces.map(formatHalfSpace).sort();
const corners = ({ vertices }: Frontier) => vertices.map(({ point }) => point.map(formatRational).join(' '));

/** The vertices for every rival, which must be those against LFD. */
function frontierOf(t: Test, name: string, k: number, pages: number): string[] {
  const { everyRival, lfd } = certify(name, k, pages);
  if (lfd === undefined) t.fail('the game against LFD is too large');
  else
    t.strictSame(
      corners(lfd),
      corners(everyRival),
      `${name}, k = ${k}, ${pages} pages: LFD is the worst rival`,
    );
  return corners(everyRival);
}

const CLASSICAL = ['lru', 'fifo', 'flush'];
const ONE_BIT = ['flush-when-all-0s', 'lazy-flush-when-all-0s', 'discard(lru)', 'discard(fifo)'];

t.test('lru, fifo and flush are exactly k-competitive', async (t) => {
  for (const name of CLASSICAL) {
    for (const k of [1, 2, 3, 4]) {
      for (const pages of [k + 1, k + 2]) {
        const { everyRival } = certify(name, k, pages);
        t.strictSame(constraints(everyRival), [`α ≥ ${k}`], `${name}, k = ${k}, ${pages} pages`);
        t.strictSame(corners(everyRival), [`${k} 0 0`]);
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
      [4, 6],
      [5, 6],
    ]) {
      t.strictSame(
        frontierOf(t, name, k, pages),
        [`1 ${k - 1} 1`, `${k} 0 1`],
        `${name}, k = ${k}, ${pages} pages`,
      );
      t.strictSame(constraints(certify(name, k, pages).everyRival), [`α + β ≥ ${k}`, 'α ≥ 1', 'γ ≥ 1']);
    }
  }
});

t.test('marker is exactly (2H_k − 1)-competitive in expectation on k + 2 pages', async (t) => {
  for (const [k, ratio] of [
    [2, '2'],
    [3, '8/3'],
    [4, '19/6'],
  ] as const) {
    t.strictSame(frontierOf(t, 'marker', k, k + 2), [`${ratio} 0 0`], `k = ${k}`);
  }
});

t.test('the frontier of mark0, eager and lazy, is α + β = 2H_k − 1 for γ ≥ 1', async (t) => {
  for (const name of ['mark0', 'discard(marker)']) {
    t.strictSame(frontierOf(t, name, 2, 4), ['1 1 1', '2 0 1'], name);
    t.strictSame(frontierOf(t, name, 3, 5), ['1 5/3 1', '8/3 0 1'], name);
  }
  t.strictSame(frontierOf(t, 'mark0', 4, 6), ['1 13/6 1', '19/6 0 1']);
});

t.test('online-min is exactly H_k-competitive in expectation', async (t) => {
  for (const [k, ratio] of [
    [2, '3/2'],
    [3, '11/6'],
    [4, '25/12'],
    [5, '137/60'],
  ] as const) {
    for (const pages of [k + 1, k + 2, k + 3])
      t.strictSame(frontierOf(t, 'online-min', k, pages), [`${ratio} 0 0`], `k = ${k}, ${pages} pages`);
  }
});

t.test('the frontier of discard(online-min) is α + β = H_k for γ ≥ 1', async (t) => {
  for (const [k, pages, beta, ratio] of [
    [2, 5, '1/2', '3/2'],
    [3, 6, '5/6', '11/6'],
    [4, 6, '13/12', '25/12'],
  ] as const) {
    t.strictSame(frontierOf(t, 'discard(online-min)', k, pages), [`1 ${beta} 1`, `${ratio} 0 1`], `k = ${k}`);
  }
});

t.test('clock, which loads pages unreferenced, is exactly (2k − 1)-competitive', async (t) => {
  for (const k of [2, 3, 4]) {
    for (const pages of [k + 1, k + 2])
      t.strictSame(frontierOf(t, 'clock', k, pages), [`${2 * k - 1} 0 0`], `k = ${k}, ${pages} pages`);
  }
});

t.test('sieve is exactly 3-competitive for k = 2, and not competitive beyond', async (t) => {
  t.strictSame(frontierOf(t, 'sieve', 2, 4), ['3 0 0']);
  t.equal(certificateRecord(certify('sieve', 3, 4)).competitive, false);
  for (const k of [3, 4, 7]) {
    const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);
    const start = [...numbers(0, k - 1), ...numbers(0, k - 3), k];
    const rounds = Array.from({ length: 300 }, (_, i) => k - 2 + (i % 3));
    const sequence = { pages: Uint32Array.from([...start, ...rounds]), pageCount: k + 1 };
    const faults = simulate({
      sequence,
      policy: findPolicy('sieve'),
      capacity: k,
      seed: 1,
      from: start.length,
    });
    t.equal(faults, 300, `k = ${k}: every request is a fault`);
    t.ok(optimalFaults(sequence, k) <= k + 3, 'and none of them of the optimum');
  }
});

t.test('mark-and-predict has consistency 2 and robustness 2(H_⌈k/2⌉ + H_⌊k/2⌋) − 2', async (t) => {
  t.strictSame(frontierOf(t, 'mark-and-predict', 2, 4), ['2 0 0']);
  t.strictSame(frontierOf(t, 'mark-and-predict', 3, 6), [
    '2 1/2 2/3',
    '13/6 1/3 1/2',
    '7/3 1/6 1/2',
    '8/3 0 1/3',
    '8/3 1/3 0',
    '3 0 0',
  ]);
  for (const [k, consistent, robust] of [
    [4, '2 5/6 3/4', '4 0 0'],
    [5, '2 13/12 4/5', '14/3 0 0'],
  ] as const) {
    const vertices = frontierOf(t, 'mark-and-predict', k, 2 * k);
    t.strictSame([vertices[0], vertices.at(-1)], [consistent, robust], `k = ${k}`);
  }
});

t.test('guard around discard(lru) is 2-robust for k = 2, and loses its consistency 1', async (t) => {
  t.strictSame(frontierOf(t, 'guard(lru)', 2, 4), ['2 0 0']);
  t.strictSame(frontierOf(t, 'guard(lru)', 3, 5), ['3 0 0']);
  const { everyRival, lfd } = certify('guard(discard(lru))', 2, 3);
  t.strictSame(corners(everyRival), ['2 0 0']);
  t.strictSame(corners(lfd as Frontier), ['1 1 1', '2 0 0'], 'LFD is not its worst rival');
  t.strictSame(frontierOf(t, 'guard(discard(lru))', 2, 4), ['2 0 0']);
});

t.test('every constraint against LFD is attained by the policy of the catalog', async (t) => {
  for (const [name, k, pages] of [
    ...[...CLASSICAL, ...ONE_BIT].map((name) => [name, 3, 5] as const),
    ['mark0', 3, 5],
    ['discard(marker)', 3, 5],
    ['discard(online-min)', 3, 5],
    ['mark-and-predict', 3, 6],
    ['clock', 3, 5],
    ['guard(discard(lru))', 2, 4],
  ] as const) {
    for (const { constraint, againstLfd } of certificateRecord(certify(name, k, pages)).lfd?.faces ?? []) {
      t.equal(againstLfd.attained, true, `${name}, k = ${k}: ${constraint}`);
      t.equal(againstLfd.constraint, constraint);
    }
  }
});

t.test('the policy of the catalog pays on an unrolled worst cycle what the certificate says', async (t) => {
  for (const name of [...CLASSICAL, ...ONE_BIT]) {
    const certificate = certify(name, 3, 5);
    const { graph, faces } = certificate.everyRival;
    for (const face of faces) {
      const unrolled = unroll(graph, face.cycles[0]);
      const score = scoreAgainstLfd(certificate, 5, unrolled);
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
      if (certificate.model.needs === 'nothing') continue;
      t.equal(score.eta0, long.eta0 - short.eta0, name);
      t.equal(score.eta1, long.eta1 - short.eta1, name);
    }
  }
});

t.test('what is certified against LFD holds on random sequences, with its additive constant', async () => {
  const certified = new Map<string, Frontier>();
  const deterministic = [...CLASSICAL, ...ONE_BIT, 'clock'];
  for (const name of [...deterministic, 'online-min', 'mark-and-predict', 'mark0', 'discard(online-min)']) {
    const length = deterministic.includes(name) ? 80 : 14;
    hold(
      fc.property(instances({ length, capacity: 3, extra: 2 }), ({ sequence, capacity, bits }) => {
        const key = `${name} ${capacity} ${sequence.pageCount}`;
        const frontier = certified.get(key) ?? certify(name, capacity, sequence.pageCount).lfd;
        assert(frontier !== undefined, key);
        certified.set(key, frontier);
        const policy = findPolicy(name);
        const faults = expectedFaults(policy, capacity, sequence, bits);
        const labels = (policy.needs === 'phase bit' ? phaseLabels : discardLabels)(sequence, capacity);
        const { eta0, eta1 } = predictionError(bits, labels);
        for (const { point, additive } of frontier.vertices) {
          const [alpha, beta, gamma] = point.map(toNumber);
          const bound =
            alpha * optimalFaults(sequence, capacity) + beta * eta0 + gamma * eta1 + toNumber(additive);
          assert(faults <= bound + 1e-9, `${key}: ${faults} faults, bound ${bound}`);
        }
      }),
      200,
    );
  }
});

t.test('a worst cycle replayed from its instance costs what the certificate says', async (t) => {
  for (const [name, k] of [
    ['lru', 3],
    ['lazy-flush-when-all-0s', 3],
    ['clock', 2],
  ] as const) {
    const certificate = certify(name, k, k + 2);
    const record = certificateRecord(certificate);
    for (const { instance, cycle, againstLfd } of record.lfd?.faces ?? []) {
      const { pages, capacity, predictions, seed } = JSON.parse(JSON.stringify(instance)) as InstanceRecord;
      t.equal(predictions.length, pages.length);
      const sequence = { pages: Uint32Array.from(pages), pageCount: k + 2 };
      // The first half of the repetitions brings LFD into its rhythm.
      const from = pages.length - (againstLfd.repetitions / 2) * cycle.length;
      const bits = Uint8Array.from(predictions);
      const faults = simulate({
        sequence,
        policy: findPolicy(name),
        capacity,
        predictions: bits,
        seed,
        from,
      });
      t.equal(2 * faults, Number(againstLfd.faults), `${name}: ${againstLfd.constraint}`);
    }
    const worst = worstInstance(record);
    const sequence = { pages: Uint32Array.from(worst.pages), pageCount: k + 2 };
    const predictions = Uint8Array.from(worst.predictions);
    const faults = simulate({
      sequence,
      policy: findPolicy(name),
      capacity: k,
      predictions,
      seed: worst.seed,
    });
    const ratio = faults / optimalFaults(sequence, k);
    const robustness = toNumber(certificate.everyRival.vertices.at(-1)?.point[0] ?? rational(0));
    assert(Math.abs(ratio - robustness) < 0.1, `${name}: ${ratio}, certified ${robustness}`);
  }
});
