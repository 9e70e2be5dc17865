/** What `onebit replay` is told, and what is wrong with it. */
import type { ArgumentsCamelCase, Argv } from 'yargs';
import { CostModel } from '../kvcache/cost-model.ts';
import { findDevice } from '../kvcache/device.ts';
import { findGeometry } from '../kvcache/geometry.ts';
import { fitPromptTimes, readPromptTimes } from '../kvcache/prompt-times.ts';
import type { CatalogPolicy } from '../paging/definition.ts';
import { splitPolicies } from '../policies/description.ts';
import { findPolicy } from '../policies/find-policy.ts';
import {
  checkPredictions,
  type PredictionSource,
  parseSources,
  takesBits,
  withInverted,
} from '../simulator/predictions.ts';
import { makeRouter, ROUTERS } from '../simulator/replay/router.ts';
import { Failure } from '../support/failure.ts';
import { checkSeed, SEED, SESSIONS, TRAIN_FRACTION } from './arguments.ts';

export interface ReplayArguments {
  trace: string | undefined;
  policy: string;
  predictions: string;
  'cache-tokens': number | undefined;
  'block-tokens': number | undefined;
  tier: string | string[] | undefined;
  'write-through': boolean;
  workers: number;
  router: string;
  'closed-loop': boolean;
  sessions: number | undefined;
  model: string;
  device: string;
  utilisation: number;
  'prompt-times': string | undefined;
  target: number;
  preemption: string;
  'train-fraction': number;
  seed: number;
  json: boolean;
  out: string | undefined;
}

export function replayOptions(yargs: Argv<object>): Argv<ReplayArguments> {
  return yargs
    .positional('trace', { type: 'string', describe: 'trace file; the embedded trace if absent' })
    .option('policy', {
      type: 'string',
      default: 'discard(lru),switch(discard(lru),lru)',
      describe: 'policies beside lru, belady, t-lru and rlt; those with bits run on inverted ones too',
    })
    .option('predictions', {
      type: 'string',
      default: 'perfect',
      describe:
        'perfect, inverted, random, flip:P, flip-requests:P, bursts:P, model:FILE, train, online or online:FILE; several with commas',
    })
    .option('cache-tokens', {
      type: 'number',
      describe:
        'size of each worker’s cache; three million, or a tenth of the distinct blocks if that is less',
    })
    .option('block-tokens', { type: 'number', describe: 'tokens in a block; found in the trace if absent' })
    .option('tier', {
      type: 'string',
      describe:
        'NAME:TOKENS below each cache: host, disk, remote; then policy=, bandwidth=, latency=, ratio= and error= of a codec. Repeat it, fastest first',
    })
    .option('write-through', {
      type: 'boolean',
      default: false,
      describe: 'write blocks to the first tier when they are computed, not when they leave',
    })
    .option('workers', { type: 'number', default: 1, describe: 'engines with a cache each' })
    .option('router', { type: 'string', default: 'sticky', describe: ROUTERS.join(', ') })
    .option('closed-loop', {
      type: 'boolean',
      default: false,
      describe: 'clients wait for their answers and then pause as in the trace',
    })
    .option('sessions', SESSIONS)
    .option('model', { type: 'string', default: 'llama-3.1-8b', describe: 'geometry of the model' })
    .option('device', { type: 'string', default: '8xh100-80gb', describe: 'what a worker runs on' })
    .option('utilisation', { type: 'number', default: 0.5, describe: 'share of the peak that is reached' })
    .option('prompt-times', {
      type: 'string',
      describe: 'table of measured prompts (prompt, cached, seconds) that tells what reading them costs',
    })
    .option('target', { type: 'number', default: 0.5, describe: 'seconds to the first token' })
    .option('preemption', { type: 'string', default: 'recompute', describe: 'recompute or swap' })
    .option('train-fraction', TRAIN_FRACTION)
    .option('seed', SEED)
    .option('json', { type: 'boolean', default: false, describe: 'JSON Lines on standard output' })
    .option('out', { type: 'string', describe: 'folder for a page with figures' })
    .example('$0 replay', 'the embedded trace on one worker')
    .example('$0 replay conversation.jsonl.gz --workers 4 --router sticky', 'the gain after sticky routing')
    .example(
      '$0 replay conversation.jsonl.gz --predictions perfect,train --out page',
      'a trained bit, and a page',
    )
    .example(
      '$0 replay conversation.jsonl.gz --tier host:2e7 --tier disk:2e8,ratio=0.25',
      'tiers below the device',
    )
    .example('$0 replay --model smollm2-135m --prompt-times times.csv', 'at the speed that was measured')
    .example('$0 replay agents.jsonl.gz --closed-loop --workers 4', 'agents that wait for their answers');
}

/** What is to be run, as far as it can be told before the trace is read. */
export interface ReplayPlan {
  readonly policies: readonly CatalogPolicy[];
  readonly sources: readonly PredictionSource[];
  readonly cost: CostModel;
  /** What the costs were fitted to, where they were measured. */
  readonly notes: readonly string[];
}

/** @throws Failure for the first option that cannot be, before anything long begins */
export function planReplay(given: ArgumentsCamelCase<ReplayArguments>): ReplayPlan {
  const policies = splitPolicies(given.policy).map(findPolicy);
  const sources = parseSources(given.predictions);
  for (const source of sources) checkPredictions(source, policies);
  checkBitsAlone(policies.filter((policy) => policy.needs !== 'nothing' && !takesBits(policy)));
  checkSeed(given.seed);
  makeRouter(given.router);
  for (const option of ['cache-tokens', 'block-tokens', 'workers'] as const)
    if (given[option] !== undefined) checkNumber(option, given[option], 1);
  checkNumber('target', given.target, Number.MIN_VALUE);
  if (!Number.isInteger(given.workers))
    throw new Failure(`--workers: ${given.workers} is not a whole number; give for example 4`);
  if (given.preemption !== 'recompute' && given.preemption !== 'swap')
    throw new Failure(`--preemption: “${given.preemption}” is neither recompute nor swap`);
  return { policies, sources: withInverted(sources), ...costs(given) };
}

/** From the peak of a device, or for prompts from what was measured, with a note that says so. */
function costs(given: ArgumentsCamelCase<ReplayArguments>): Pick<ReplayPlan, 'cost' | 'notes'> {
  const [geometry, device] = [findGeometry(given.model), findDevice(given.device)];
  if (given.promptTimes === undefined)
    return { cost: new CostModel(geometry, device, given.utilisation), notes: [] };
  const times = readPromptTimes(given.promptTimes);
  const fit = fitPromptTimes(geometry, times);
  const note =
    `Reading a prompt: ${(1000 * fit.overhead).toFixed(1)} ms, and ${(fit.operations / 1e12).toPrecision(3)} teraflops; ` +
    `fitted to ${times.length.toLocaleString('en')} times in ${given.promptTimes}. Writing: ${device.name}.`;
  return { cost: new CostModel(geometry, device, given.utilisation, fit), notes: [note] };
}

/** @param others policies that take predictions other than bits */
function checkBitsAlone([first]: readonly CatalogPolicy[]): void {
  if (first !== undefined)
    throw new Failure(`${first.name} needs ${first.needs}s, which a replay does not make; leave it out`);
}

function checkNumber(option: string, value: number, least: number): void {
  if (!(value >= least) || !Number.isFinite(value))
    throw new Failure(`--${option}: must be a number ${least === 1 ? 'of at least 1' : 'above 0'}`);
}
