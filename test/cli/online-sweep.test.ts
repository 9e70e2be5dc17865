import * as tfl from '@tensorflow/tfjs-layers';
import t from 'tap';
import { sweepTrace } from '../../src/cli/sweep-trace.ts';
import { checkExperiment } from '../../src/simulator/experiment.ts';
import type { FailedCell, ResultRecord } from '../../src/simulator/result.ts';
import { origin } from '../../src/store/origin.ts';
import { queryStore } from '../../src/store/query.ts';
import { ResultStore } from '../../src/store/result-store.ts';

const experiment = checkExperiment(
  {
    requests: 300,
    trainFraction: 0.2,
    policies: ['discard(lru)'],
    capacities: [100],
    predictions: ['train', 'online'],
  },
  'experiment.json',
);
const folder = t.testdir();

/** Sweeps with a store, and counts the steps of gradient. */
async function swept() {
  const { prototype } = tfl.Sequential;
  const { trainOnBatch } = prototype;
  const store = new ResultStore(folder, origin('onebit sweep'));
  const records: (ResultRecord | FailedCell)[] = [];
  let steps = 0;
  prototype.trainOnBatch = function (this: tfl.Sequential, ...batch) {
    steps++;
    return trainOnBatch.apply(this, batch);
  };
  const { remembered } = await sweepTrace(undefined, experiment, {
    workers: 1,
    store: { cells: store, folder, resume: true },
    elsewhere: undefined,
    signal: new AbortController().signal,
    onRecord: (record) => records.push(record),
    onFinished: () => {},
  });
  prototype.trainOnBatch = trainOnBatch;
  const found = queryStore(store.all(), { predictions: ['online:any.onebit'] });
  store.close();
  return { records, steps, remembered, found };
}

t.test('a resumed sweep learns nothing again, and its cells are found', async (t) => {
  const first = await swept();
  t.ok(first.steps > 0);
  t.equal(first.remembered, 0);
  const [still, online] = first.records.slice(2).filter((record) => 'faults' in record);
  t.match([still, online], [{ predictions: 'train' }, { predictions: 'online' }]);
  t.equal(online.evaluatedFrom, still.evaluatedFrom);
  t.not(online.faults, still.faults);
  t.match(first.found, [{ predictions: 'online', faults: online.faults }]);
  const again = await swept();
  t.strictSame(again.records, first.records);
  t.equal(again.remembered, 4);
  t.equal(again.steps, 0);
});
