/** The thread of the predictor: it can be slow, fail or be killed, and no request is harmed. */
import { parentPort, workerData } from 'node:worker_threads';
import { FEATURE_NAMES } from '../../features/block-features.ts';
import { readModel } from '../../predictors/model.ts';
import type { FromPredictor, PredictorSettings, ToPredictor } from './predictor-messages.ts';
import { PromptPredictor } from './prompt-predictor.ts';

const settings = workerData as PredictorSettings;
const predictor = new PromptPredictor(settings);
const say = (message: FromPredictor) => parentPort?.postMessage(message);

/** A model that cannot be read leaves the present one at work. */
function load(path: string): void {
  try {
    say({ kind: 'loaded', model: path, ...predictor.use(readModel(path, FEATURE_NAMES)) });
  } catch (error) {
    say({ kind: 'failed', failure: (error as Error).message });
  }
}

parentPort?.on('message', (message: ToPredictor) => {
  if (message.kind === 'load') return load(message.model);
  for (const prompt of message.finished) predictor.finish(prompt);
  say(predictor.ask(message));
  predictor.complete();
});
say({ kind: 'started' });
if (settings.model !== undefined) load(settings.model);
