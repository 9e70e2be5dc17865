import assert from 'node:assert/strict';
import { join } from 'node:path';
import fc from 'fast-check';
import t from 'tap';
import { CostModel } from '../../src/kvcache/cost-model.ts';
import { findDevice } from '../../src/kvcache/device.ts';
import { findGeometry, GEOMETRIES } from '../../src/kvcache/geometry.ts';
import { fitPromptTimes, type PromptTime, readPromptTimes } from '../../src/kvcache/prompt-times.ts';
import { hold } from '../arbitraries.ts';

const prompts = fc.uniqueArray(
  fc.record({ tokens: fc.integer({ min: 1, max: 100_000 }), cached: fc.nat({ max: 100_000 }) }),
  { minLength: 3, maxLength: 40, selector: ({ tokens }) => tokens },
);

t.test('what a model says of prompts is found again from its times', async () => {
  const property = fc.property(
    fc.constantFrom(...GEOMETRIES),
    prompts,
    fc.double({ min: 1e9, max: 1e15, noNaN: true }),
    // Shares of the shortest prompt: a constant too small to be seen is not found.
    fc.double({ min: 0.01, max: 10, noNaN: true }),
    (geometry, lengths, operations, share) => {
      const device = findDevice('8xa100-80gb');
      const bare = new CostModel(geometry, device, 1, { operations, overhead: 0 });
      const shortest = Math.min(
        ...lengths.map(({ tokens, cached }) => bare.firstTokenSeconds(tokens, cached)),
      );
      const overhead = share * shortest;
      const model = new CostModel(geometry, device, 1, { operations, overhead });
      const times = lengths.map(({ tokens, cached }) => ({
        tokens,
        cached,
        seconds: model.firstTokenSeconds(tokens, cached),
      }));
      const fit = fitPromptTimes(geometry, times);
      assert(Math.abs(fit.operations / operations - 1) < 1e-3, `${fit.operations}, not ${operations}`);
      assert(Math.abs(fit.overhead / overhead - 1) < 1e-2, `${fit.overhead}, not ${overhead}`);
    },
  );
  hold(property);
});

t.test('what a prompt costs besides its tokens is paid once, however much of it is reused', async (t) => {
  const [geometry, device] = [findGeometry('smollm2-135m'), findDevice('a100-80gb')];
  const model = new CostModel(geometry, device, 0.5, { operations: 1e11, overhead: 2 });
  const peak = new CostModel(geometry, device, 0.5);
  t.equal(model.firstTokenSeconds(100) - model.prefillSeconds(100), 2);
  t.equal(peak.firstTokenSeconds(100), peak.prefillSeconds(100));
  t.equal(model.prefillSeconds(100) / peak.prefillSeconds(100), (0.5 * device.operations) / 1e11);
  t.equal(model.decodeSeconds(100), peak.decodeSeconds(100));
});

t.test('prompts of one length, and times that do not grow, tell no speed', async (t) => {
  const geometry = findGeometry('smollm2-135m');
  const refused = (times: PromptTime[]) =>
    t.throws(() => fitPromptTimes(geometry, times), {
      name: 'Failure',
      message: /tell no speed: .+; measure /,
    });
  refused([]);
  refused([{ tokens: 5, cached: 0, seconds: 1 }]);
  refused([1, 2, 3].map((seconds) => ({ tokens: 50, cached: 10, seconds })));
  refused([1, 2, 3].map((i) => ({ tokens: 100 * i, cached: 0, seconds: 1 / i })));
});

t.test('a table is read by the names of its columns, and refused with the line that is wrong', async (t) => {
  const folder = t.testdir({
    'good.csv': 'seconds,prompt,name,cached,coldSeconds\n1.5,100,a,32,\r\n0.5,40,b,16,2\n',
    'head.csv': 'prompt,cached\n1,2\n',
    'word.csv': 'prompt,cached,seconds\n10,0,1\n10,0,soon\n',
    'all.csv': 'prompt,cached,seconds\n10,10,1\n',
    'short.csv': 'prompt,cached,seconds\n10,0',
  });
  t.strictSame(readPromptTimes(join(folder, 'good.csv')), [
    { tokens: 68, cached: 32, seconds: 1.5 },
    { tokens: 24, cached: 16, seconds: 0.5 },
    { tokens: 40, cached: 0, seconds: 2 },
  ]);
  const refused = (name: string, message: RegExp) =>
    t.throws(() => readPromptTimes(join(folder, name)), { name: 'Failure', message });
  refused('head.csv', /head.csv:1: no column “seconds”; the table needs /);
  refused('word.csv', /word.csv:3: “10,0,soon” is no prompt .+; correct /);
  refused('all.csv', /all.csv:2: /);
  refused('short.csv', /short.csv:2: /);
  refused('none.csv', /none.csv: cannot be read \(ENOENT\); give /);
});

t.test(
  'fitted to every other prompt of the recording, the model tells the times of the others',
  async (t) => {
    const times = readPromptTimes('traces/smollm2-135m-cpu.csv');
    const geometry = findGeometry('smollm2-135m');
    const fit = fitPromptTimes(
      geometry,
      times.filter((_, i) => i % 2 === 0),
    );
    const model = new CostModel(geometry, findDevice('a100-80gb'), 1, fit);
    const errors = times
      .filter((_, i) => i % 2 === 1)
      .map(({ tokens, cached, seconds }) => Math.abs(model.firstTokenSeconds(tokens, cached) / seconds - 1))
      .sort((a, b) => a - b);
    t.ok(errors[errors.length >> 1] < 0.12, `median error ${errors[errors.length >> 1]}`);
  },
);
