import type { CommandModule } from 'yargs';
import { curveFigure, curveTable } from '../report/curve.ts';
import { capacitiesOfChange, curveRecord, curves, spreadCapacities } from '../simulator/curve.ts';
import { embeddedTrace } from '../traces/embedded-trace.ts';
import { readTrace } from '../traces/read-trace.ts';
import { checkSeed, parseCapacities, SEED } from './arguments.ts';
import { checkFigureName, writeFigure } from './figure-file.ts';
import { sampleCurve } from './sample-curve.ts';

const TABLE_CAPACITIES = 20;
/** Enough that the curves look smooth. */
const FIGURE_CAPACITIES = 200;

interface Arguments {
  trace: string | undefined;
  capacity: string | undefined;
  sample: number | undefined;
  seed: number;
  json: boolean;
  out: string | undefined;
}

export const curve: CommandModule<object, Arguments> = {
  command: 'curve [trace]',
  describe: 'exact hit ratios of LRU and OPT at every capacity at once',
  builder: (yargs) =>
    yargs
      .positional('trace', { type: 'string', describe: 'trace file; the embedded trace if absent' })
      .option('capacity', {
        type: 'string',
        describe: 'cache sizes in blocks to print; if absent, about twenty, or with --json all that differ',
      })
      .option('sample', {
        type: 'number',
        describe:
          'estimate LRU alone from samples of at most so many pages; reads a columnar file piece by piece',
      })
      .option('seed', { ...SEED, describe: 'which pages are sampled, an integer ≥ 0' })
      .option('json', { type: 'boolean', default: false, describe: 'JSON Lines on standard output' })
      .option('out', { type: 'string', describe: 'file for a figure of the curves, .svg or .png' })
      .example('$0 curve conversation.jsonl.gz', 'a table')
      .example('$0 curve conversation.jsonl.gz --out curve.svg', 'and a figure')
      .example('$0 curve large.onebit --sample 10000', 'an estimate at bounded memory')
      .example('$0 curve --capacity 1000,5000 --json', 'chosen capacities of the embedded trace'),
  handler: async ({ trace: path, capacity, sample, seed, json, out }) => {
    if (out !== undefined) checkFigureName(out);
    const wanted = capacity === undefined ? undefined : parseCapacities(capacity).sort((a, b) => a - b);
    if (sample !== undefined) {
      checkSeed(seed);
      const [table, figure] = [TABLE_CAPACITIES, FIGURE_CAPACITIES];
      const draw = sampleCurve({ path, limit: sample, seed, capacities: wanted, json, table, figure });
      if (out !== undefined) await writeFigure(out, await draw());
      return;
    }
    const trace = path === undefined ? embeddedTrace() : readTrace(path);
    const both = curves(trace.blocks);
    const records = (capacities: readonly number[]) =>
      capacities.map((capacity) => curveRecord(trace.name, both, capacity));
    if (json)
      for (const record of records(wanted ?? capacitiesOfChange(both))) console.log(JSON.stringify(record));
    else console.log(curveTable(records(wanted ?? spreadCapacities(both, TABLE_CAPACITIES))));
    if (out !== undefined)
      await writeFigure(out, await curveFigure(records(spreadCapacities(both, FIGURE_CAPACITIES))));
  },
};
