import type { ArgumentsCamelCase, CommandModule } from 'yargs';
import { CostModel } from '../kvcache/cost-model.ts';
import { DISK_LINK, findDevice, hostLink } from '../kvcache/device.ts';
import { findGeometry } from '../kvcache/geometry.ts';
import { fitPromptTimes, readPromptTimes } from '../kvcache/prompt-times.ts';
import type { Policy } from '../paging/policy.ts';
import { splitPolicies } from '../policies/description.ts';
import { findPolicy } from '../policies/find-policy.ts';
import { replayTable } from '../report/replay.ts';
import { writeReplayPage } from '../report/replay-page.ts';
import { checkPredictions, parsePredictions, takesBits } from '../simulator/predictions.ts';
import { compareReplays, type ReplayComparison } from '../simulator/replay/compare-replays.ts';
import { featureRows } from '../simulator/replay/request-bits.ts';
import { makeRouter, ROUTERS } from '../simulator/replay/router.ts';
import { workload } from '../simulator/replay/workload.ts';
import type { ReplayRecord } from '../simulator/result.ts';
import { Failure } from '../support/failure.ts';
import { SeededRandom } from '../support/random.ts';
import { embeddedTrace } from '../traces/embedded-trace.ts';
import { readTrace } from '../traces/read-trace.ts';
import { checkSeed, commandLine, SEED, TRAIN_FRACTION } from './arguments.ts';
import { learnedBits } from './learned-bits.ts';

/** Room of one cache where none is asked for: a large engine's, but less than a tenth of what the trace asks for. */
const CACHE_TOKENS = 3e6;
const CACHE_SHARE = 0.1;

/** Cache sizes of the figure, as multiples of the size asked for. */
const FIGURE_SIZES = [0.25, 0.5, 1, 2, 4];

interface Arguments {
  trace: string | undefined;
  policy: string;
  predictions: string;
  'cache-tokens': number | undefined;
  'block-tokens': number | undefined;
  'host-tokens': number;
  'disk-tokens': number;
  workers: number;
  router: string;
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

export const replay: CommandModule<object, Arguments> = {
  command: 'replay [trace]',
  describe: 'a KV cache under a trace’s arrival times: hit ratios, tokens saved, time to first token',
  builder: (yargs) =>
    yargs
      .positional('trace', { type: 'string', describe: 'trace file; the embedded trace if absent' })
      .option('policy', {
        type: 'string',
        default: 'discard(lru),switch(discard(lru),lru)',
        describe: 'policies beside lru, belady, t-lru and rlt; those with bits run on inverted ones too',
      })
      .option('predictions', {
        type: 'string',
        default: 'perfect',
        describe: 'perfect, inverted, random, flip:P, model:FILE or train',
      })
      .option('cache-tokens', {
        type: 'number',
        describe:
          'size of each worker’s cache; three million, or a tenth of the distinct blocks if that is less',
      })
      .option('block-tokens', { type: 'number', describe: 'tokens in a block; found in the trace if absent' })
      .option('host-tokens', { type: 'number', default: 0, describe: 'host memory below each cache' })
      .option('disk-tokens', { type: 'number', default: 0, describe: 'disk below each host memory' })
      .option('workers', { type: 'number', default: 1, describe: 'engines with a cache each' })
      .option('router', { type: 'string', default: 'sticky', describe: ROUTERS.join(', ') })
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
      .example('$0 replay conversation.jsonl.gz --predictions train --out page', 'a trained bit, and a page')
      .example('$0 replay --model smollm2-135m --prompt-times times.csv', 'at the speed that was measured'),
  handler: async (given) => {
    const policies = splitPolicies(given.policy).map(findPolicy);
    const source = parsePredictions(given.predictions);
    checkPredictions(source, policies);
    checkBitsAlone(policies.filter((policy) => policy.needs !== 'nothing' && !takesBits(policy)));
    checkSeed(given.seed);
    makeRouter(given.router);
    for (const option of ['cache-tokens', 'block-tokens', 'workers', 'target'] as const) {
      const value = given[option];
      if (value !== undefined) checkPositive(option, value);
    }
    if (given.preemption !== 'recompute' && given.preemption !== 'swap')
      throw new Failure(`--preemption: “${given.preemption}” is neither recompute nor swap`);
    const { cost, measured } = costModel(given);
    const trace = given.trace === undefined ? embeddedTrace() : readTrace(given.trace);
    const work = workload(trace, given.blockTokens);
    const tokens =
      given.cacheTokens ?? Math.min(CACHE_TOKENS, CACHE_SHARE * work.accesses.pageCount * work.blockTokens);
    const capacity = Math.max(1, Math.floor(tokens / work.blockTokens));
    const workers = Math.ceil(given.workers);
    const tiers = [
      { name: 'host', tokens: given.hostTokens, link: hostLink(cost.device) },
      { name: 'disk', tokens: given.diskTokens, link: DISK_LINK },
    ].flatMap(({ name, tokens, link }) => {
      const capacity = Math.floor(tokens / work.blockTokens);
      return capacity >= 1 ? [{ name, capacity, link, policy: leastRecentlyUsed }] : [];
    });
    const {
      learned,
      evaluatedFrom,
      notes: trained,
    } = await learnedBits([source], trace, {
      capacities: [capacity * workers],
      seeds: [given.seed],
      trainFraction: given.trainFraction,
      accesses: { sequence: work.accesses, rows: featureRows(work) },
    });
    const notes = [...trained, ...measured];
    const comparison: ReplayComparison = {
      workload: work,
      cost,
      policies,
      sources: source.kind === 'inverted' ? [source] : [source, { kind: 'inverted' }],
      ...(learned && { learned: learned(capacity * workers, given.seed) }),
      capacity,
      tiers,
      workers,
      router: given.router,
      swap: given.preemption === 'swap',
      seed: given.seed,
      measuredFrom: trace.firstBlock.indexOf(evaluatedFrom),
      target: given.target,
    };
    const records: ReplayRecord[] = [];
    for (const record of compareReplays(comparison)) {
      records.push(record);
      if (given.json) console.log(JSON.stringify(record));
    }
    if (!given.json) console.log([replayTable(records), ...notes].join('\n'));
    if (given.out === undefined) return;
    const capacityRecords = FIGURE_SIZES.flatMap((size) =>
      size === 1
        ? records
        : [...compareReplays({ ...comparison, capacity: Math.max(1, Math.floor(size * capacity)) })],
    );
    await writeReplayPage(given.out, { command: commandLine(), records, capacityRecords, notes });
  },
};

/** From the peak of a device, or for prompts from what was measured, with a note that says so. */
function costModel(given: ArgumentsCamelCase<Arguments>): { cost: CostModel; measured: readonly string[] } {
  const [geometry, device] = [findGeometry(given.model), findDevice(given.device)];
  if (given.promptTimes === undefined)
    return { cost: new CostModel(geometry, device, given.utilisation), measured: [] };
  const times = readPromptTimes(given.promptTimes);
  const fit = fitPromptTimes(geometry, times);
  const note =
    `Reading a prompt: ${(1000 * fit.overhead).toFixed(1)} ms, and ${(fit.operations / 1e12).toPrecision(3)} teraflops; ` +
    `fitted to ${times.length.toLocaleString('en')} times in ${given.promptTimes}. Writing: ${device.name}.`;
  return { cost: new CostModel(geometry, device, given.utilisation, fit), measured: [note] };
}

/** Tiers below the device are LRU. */
function leastRecentlyUsed(capacity: number, pageCount: number): Policy {
  const sequence = { pages: new Uint32Array(0), pageCount: 0 };
  return findPolicy('lru').create({ capacity, pageCount, sequence, random: new SeededRandom(0) });
}

/** @param others policies that take predictions other than bits */
function checkBitsAlone([first]: readonly { name: string; needs: string }[]): void {
  if (first !== undefined)
    throw new Failure(`${first.name} needs ${first.needs}s, which a replay does not make; leave it out`);
}

function checkPositive(option: string, value: number): void {
  if (!(value >= 1 || (option === 'target' && value > 0)) || !Number.isFinite(value))
    throw new Failure(`--${option}: must be a number ${option === 'target' ? 'above 0' : 'of at least 1'}`);
}
