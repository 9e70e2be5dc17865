import type { CommandModule } from 'yargs';
import type { CostModel } from '../kvcache/cost-model.ts';
import { replayTable } from '../report/replay.ts';
import { writeReplayPage } from '../report/replay-page.ts';
import { formatPredictions } from '../simulator/predictions.ts';
import { checkPauses } from '../simulator/replay/clients.ts';
import { compareReplays, type ReplayComparison } from '../simulator/replay/compare-replays.ts';
import { featureRows } from '../simulator/replay/request-bits.ts';
import { workload } from '../simulator/replay/workload.ts';
import type { ReplayRecord } from '../simulator/result.ts';
import { embeddedTrace } from '../traces/embedded-trace.ts';
import { readTrace } from '../traces/read-trace.ts';
import { checkSessions, commandLine } from './arguments.ts';
import { learnedBits } from './learned-bits.ts';
import { progressBar } from './progress.ts';
import { planReplay, type ReplayArguments, replayOptions } from './replay-options.ts';
import { parseTier } from './tier-option.ts';

/** Room of one cache where none is asked for: a large engine's, but less than a tenth of what the trace asks for. */
const CACHE_TOKENS = 3e6;
const CACHE_SHARE = 0.1;

/** lru, belady, t-lru and rlt run beside whatever is asked for. */
const REFERENCES = 4;

/** Cache sizes of the figures, as multiples of the size asked for. */
const FIGURE_SIZES = [0.25, 0.5, 1, 2, 4];

export const replay: CommandModule<object, ReplayArguments> = {
  command: 'replay [trace]',
  describe: 'a KV cache under a trace’s arrival times: hit ratios, tokens saved, time to first token',
  builder: replayOptions,
  handler: async (given) => {
    const { policies, sources, cost, notes: measured } = planReplay(given);
    const sessions = given.sessions === undefined ? {} : { sessions: checkSessions(given.sessions) };
    const trace = given.trace === undefined ? embeddedTrace() : readTrace(given.trace, sessions);
    if (given.closedLoop) checkPauses(trace);
    const work = workload(trace, given.blockTokens);
    const tokens =
      given.cacheTokens ?? Math.min(CACHE_TOKENS, CACHE_SHARE * work.accesses.pageCount * work.blockTokens);
    const capacity = Math.max(1, Math.floor(tokens / work.blockTokens));
    const { seed, workers } = given;
    const tiers = [given.tier ?? []].flat().map((text) => parseTier(text, cost.device, work.blockTokens));
    const { prepare, learned, evaluatedFrom, notes } = await learnedBits(sources, trace, {
      capacities: [capacity * workers],
      seeds: [seed],
      trainFraction: given.trainFraction,
      accesses: { sequence: work.accesses, rows: featureRows(work) },
    });
    await prepare(sources.map((source) => ({ predictions: formatPredictions(source), seed })));
    const comparison: ReplayComparison = {
      workload: work,
      cost,
      policies,
      sources,
      learned: (predictions) => learned(capacity * workers, seed, predictions),
      capacity,
      tiers,
      writeThrough: given.writeThrough,
      workers,
      router: given.router,
      closedLoop: given.closedLoop,
      swap: given.preemption === 'swap',
      seed,
      measuredFrom: trace.firstBlock.indexOf(evaluatedFrom),
      target: given.target,
    };
    const records: ReplayRecord[] = [];
    const bar = progressBar('replaying');
    const runs = policies.reduce(
      (sum, { needs }) => sum + (needs === 'nothing' ? 1 : sources.length),
      REFERENCES,
    );
    for (const record of compareReplays(comparison)) {
      records.push(record);
      bar.update(Math.min(1, records.length / runs), `${record.policy}, ${record.predictions}`);
      if (given.json) console.log(JSON.stringify(record));
    }
    bar.stop();
    const said = [...notes, ...measured, ...memoryNote(cost, capacity * work.blockTokens)];
    if (!given.json) console.log([replayTable(records), ...said].join('\n'));
    if (given.out === undefined) return;
    const capacityRecords = FIGURE_SIZES.flatMap((size) =>
      size === 1
        ? records
        : [...compareReplays({ ...comparison, capacity: Math.max(1, Math.floor(size * capacity)) })],
    );
    await writeReplayPage(given.out, { command: commandLine(), records, capacityRecords, notes: said });
  },
};

/** Says so where a cache is larger than the memory that the weights leave. */
function memoryNote(cost: CostModel, tokens: number): string[] {
  const most = cost.concurrency(1);
  if (tokens <= most) return [];
  return [
    `${cost.device.name} has memory for ${most.toLocaleString('en')} tokens beside the weights of ${cost.geometry.name}, less ` +
      'than these caches hold.',
  ];
}
