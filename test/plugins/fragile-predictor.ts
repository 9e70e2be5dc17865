/** A predictor that does wrong what its settings name in place of a model. */
import { parentPort, workerData } from 'node:worker_threads';

const { model } = workerData as { model: string };
if (model === 'throws at start') throw new Error('made to fail');
parentPort?.on('message', ({ kind, id }) => {
  if (kind !== 'ask') return;
  if (model === 'throws') throw new Error('made to fail');
  if (model === 'hangs') for (;;);
  if (model === 'says nonsense') parentPort?.postMessage({ kind: 'answer', id: -1 });
  if (model === 'answers every other' && id % 2 === 1)
    parentPort?.postMessage({
      kind: 'answer',
      id,
      hashes: [],
      textBytes: 0,
      inputTokens: 0,
      untouched: 'no prompt',
    });
});
parentPort?.postMessage({ kind: 'loaded', model });
