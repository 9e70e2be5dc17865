/** How far a certificate reaches, and what is refused. */
import t from 'tap';
import { formatRational } from '../../src/support/rational.ts';
import { certify, type Frontier } from '../../src/verify/certificate/certify.ts';

const corners = ({ vertices }: Frontier) => vertices.map(({ point }) => point.map(formatRational).join(' '));

t.test('with a page to spare the certificate holds for any number of pages', async (t) => {
  for (const name of ['lru', 'discard(lru)', 'flush-when-all-0s']) {
    t.equal(certify(name, 2, 3).anyPages, false, name);
    const enough = certify(name, 2, 4);
    t.equal(enough.anyPages, true, name);
    t.strictSame(corners(certify(name, 2, 7).everyRival), corners(enough.everyRival), name);
    t.equal(certify(name, 2, 7).everyRival.graph.target.length, enough.everyRival.graph.target.length, name);
  }
  t.equal(certify('mark0', 2, 5).anyPages, true);
  t.equal(certify('mark-and-predict', 2, 6).anyPages, true);
});

t.test('a name that stands for an expression is certified like it, inside others too', async (t) => {
  for (const [name, other] of [
    ['equitable', 'online-min'],
    ['discard(equitable)', 'discard(online-min)'],
  ])
    t.strictSame(corners(certify(name, 2, 4).everyRival), corners(certify(other, 2, 4).everyRival), name);
});

t.test('what cannot be certified is refused with one line', async (t) => {
  const refusals: [string, number, number, RegExp][] = [
    ['lru', 0, 3, /^--k: must be a positive integer/],
    ['lru', 2.5, 4, /^--k/],
    ['lru', Number.NaN, 4, /^--k/],
    ['lru', 3, 3, /^--pages: must be an integer above --k and at most 64, for example 5$/],
    ['lru', 3, 65, /^--pages/],
    ['belady', 3, 5, /belady has no finite model/],
    ['random', 3, 5, /infinitely many values\), so it cannot be certified; choose one of lru, /],
    ['switch(lru,fifo)', 2, 4, /\(the account of what it saved has no bound\), so it cannot be certified/],
    ['lro', 3, 5, /did you mean lru/],
    ['discard(lru)', 40, 44, /about .* positions, .* GiB of memory, where 3 GiB is the most/],
    [
      'guard(discard(lru))',
      3,
      5,
      /^guard.* on 5 pages: more than 3,000 distributions .*, perhaps without end; take /,
    ],
    ['lru', 1000, 1002, /^--k: must be below 64/],
  ];
  for (const [name, k, pages, expected] of refusals) {
    t.throws(() => certify(name, k, pages), { name: 'Failure', message: expected }, `${name} ${k} ${pages}`);
  }
});
