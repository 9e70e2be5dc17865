import { readFileSync } from 'node:fs';
import t from 'tap';
import { featuresOf, Logistic } from '../../experiments/attention-paging/learn.ts';
import { measure } from '../../experiments/attention-paging/measure.ts';
import { keptByPolicy, keptByRule, roomOf } from '../../experiments/attention-paging/residency.ts';
import { heavyHitters, optimum, sinksAndWindow } from '../../experiments/attention-paging/rules.ts';
import { requestsOf, type Sequence, sequencesOf } from '../../experiments/attention-paging/sequences.ts';
import { findPolicy, readAttention, SeededRandom } from '../../src/index.ts';

/** A sequence whose blocks come and go: each has its own chance of being looked at. */
function sequence(seed: number, prompt = 9, count = 40): Sequence {
  const random = new SeededRandom(seed);
  const chance = Array.from({ length: 20 }, () => random.uniform() ** 2);
  const steps = Array.from({ length: count }, (_, j) => {
    const mass = Float64Array.from({ length: prompt + (j >> 3) }, (_, block) =>
      random.uniform() < chance[block] ? random.uniform() : 0.001,
    );
    const sum = mass.reduce((total, value) => total + value, 0);
    return mass.map((value) => value / sum);
  });
  return { steps, blocks: steps[count - 1].length };
}

const sequences = Array.from({ length: 30 }, (_, i) => sequence(i));

t.test('nothing keeps more than the optimum, and whatever fits is kept whole', async (t) => {
  for (const budget of [0.2, 0.5, 1]) {
    const measured = measure(sequences, budget, 0.05);
    const best = measured[measured.length - 1];
    t.equal(best.name, 'optimum');
    for (const { name, kept, loads } of measured) {
      t.ok(kept <= best.kept + 1e-9, `${name} at ${budget}`);
      if (budget === 1) t.strictSame([Math.abs(kept - 1) < 1e-9, loads], [true, 0], name);
    }
  }
});

t.test('perfect bits bring back as few blocks as Belady, inverted ones more than learned ones', async (t) => {
  const measured = measure(sequences, 0.3, 0.05);
  const loads = (part: string) => measured.find(({ name }) => name.includes(part))?.loads ?? Number.NaN;
  t.equal(loads('perfect'), loads('belady'));
  t.ok(loads('belady') <= loads('lru') && loads('belady') <= loads('learned'));
  t.ok(loads('inverted') > loads('learned'));
});

t.test('rules that drop for good bring nothing back', async (t) => {
  for (const rule of [sinksAndWindow, heavyHitters])
    t.equal(keptByRule(sequences[0], roomOf(sequences[0], 0.4), rule).loads, 0);
  t.ok(keptByRule(sequences[0], 4, optimum(sequences[0].steps)).loads > 0);
});

t.test('a policy holds what a step asked for when the next begins', async (t) => {
  const steps = [
    [0.1, 0.6, 0.2, 0.1],
    [0.6, 0.1, 0.1, 0.2],
    [0.2, 0.1, 0.5, 0.1, 0.1],
  ].map((mass) => Float64Array.from(mass));
  const one: Sequence = { steps, blocks: 5 };
  const requests = requestsOf(one, 0.25);
  // The last block is asked for once it is full.
  t.strictSame([...requests.pages], [0, 2, 1, 3, 0, 2]);
  t.strictSame([...requests.step], [0, 0, 0, 1, 1, 2]);
  // Room for two: 2 and 1 in the second step, 3 and 0 in the third, for which 0 is brought back.
  const kept = keptByPolicy(one, requests, 2, findPolicy('lru'));
  t.match(kept, { steps: 2, loads: 1 });
  t.ok(Math.abs(kept.mass - (0.1 + 0.1 + 0.2 + (0.1 + 0.2 + 0.1))) < 1e-9);
});

t.test('features look at no later step', async (t) => {
  const long = sequence(7);
  const short = { ...long, steps: long.steps.slice(0, 25) };
  const rows = featuresOf(short, requestsOf(short, 0.05), 0.05);
  t.strictSame(featuresOf(long, requestsOf(long, 0.05), 0.05).slice(0, rows.length), rows);
});

t.test('a logistic fit finds a boundary that is there', async (t) => {
  const random = new SeededRandom(1);
  const rows = Array.from({ length: 2000 }, () => Float64Array.of(1, random.normal(), random.normal()));
  const labels = rows.map(([, x, y]) => Number(3 * x - y + 1 > 0));
  const model = new Logistic(rows, labels, 1);
  const right = rows.filter((row, i) => Number(model.probability(row) > 0.5) === labels[i]).length;
  t.ok(right > 1900, `${right} of 2000`);
});

t.test('at reduced size every way keeps and brings back as much as recorded', async (t) => {
  const path = 'experiments/attention-paging/expected.json';
  const { leastSteps, share, reduced } = JSON.parse(readFileSync(path, 'utf8'));
  const recorded = sequencesOf(readAttention('traces/smollm2-135m-cpu.attention'), leastSteps);
  const measured = measure(recorded.slice(0, reduced.sequences), reduced.budget, share);
  t.strictSame(
    measured.map(({ name }) => name),
    Object.keys(reduced.rows),
  );
  for (const { name, kept, loads } of measured) {
    t.ok(Math.abs(kept - reduced.rows[name][0]) < 1e-3, `${name}: ${kept}`);
    t.ok(Math.abs(loads - reduced.rows[name][1]) < 1e-2, `${name}: ${loads}`);
  }
});
