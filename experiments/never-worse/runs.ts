/**
 * The switch with bits of every kind, on traces of KV caches and of block I/O: see README.md and that of gap-closed.
 *
 *     npx tsx experiments/never-worse/runs.ts [folder of traces]
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Bits,
  discardLabels,
  findPolicy,
  flipBits,
  flipBursts,
  flipRequests,
  type Model,
  readTrace,
  SeededRandom,
  type ServingTrace,
  simulate,
} from '../../src/index.ts';
import { Scoring } from '../gap-closed/cells.ts';
import { unjudged } from '../generalisation/traces.ts';

const [folder = '../shared/traces'] = process.argv.slice(2);
const RECORDED = new URL('../../traces/', import.meta.url).pathname;
const BLOCK_IO = [150, 500, 1500, 5000, 10_000, 20_000];
const TRACES = [
  {
    name: 'conversation',
    path: join(folder, 'mooncake_conversation.jsonl.gz'),
    serving: true,
    capacities: [1000, 2000, 5000, 10_000],
  },
  {
    name: 'synthetic',
    path: join(folder, 'mooncake_synthetic.jsonl.gz'),
    serving: true,
    capacities: [500, 1000, 2000, 5000, 10_000],
  },
  {
    name: 'cpu',
    path: join(RECORDED, 'smollm2-135m-cpu.onebit'),
    serving: true,
    capacities: [100, 200, 500, 1000, 2000],
  },
  {
    name: 'gpu',
    path: join(RECORDED, 'smollm2-135m-gpu.onebit'),
    serving: true,
    capacities: [200, 750, 2250, 7500, 15_000],
  },
  { name: 'cloudphysics', path: join(folder, 'cloudPhysicsIO.csv.gz'), serving: false, capacities: BLOCK_IO },
  {
    name: 'tencent',
    path: join(folder, 'tencentBlock.ns1326.sample.csv.gz'),
    serving: false,
    capacities: BLOCK_IO,
  },
];

type Kind = 'wrong' | 'good' | 'in turn' | 'other model';
type Given = { readonly predictions: Bits; readonly late?: Uint32Array };

/** Bits made from the true ones. */
function madeBits(trace: ServingTrace, serving: boolean, capacity: number): [Kind, string, Given][] {
  const labels = discardLabels(trace.blocks, capacity);
  const accesses = labels.length;
  const random = () => new SeededRandom(7);
  const wrongWhere = (wrong: (i: number) => boolean) => labels.map((bit, i) => (wrong(i) ? 1 - bit : bit));
  const made: [Kind, string, Bits][] = [
    ['wrong', 'inverted', wrongWhere(() => true)],
    ['wrong', 'nine tenths flipped', flipBits(labels, 0.9, random())],
    ['wrong', 'half flipped', flipBits(labels, 0.5, random())],
    ['wrong', 'half flipped in bursts', flipBursts(labels, 0.5, 100, random())],
    ['good', 'perfect', labels],
    ...[0.1, 0.2, 0.3].map((p): [Kind, string, Bits] => [
      'good',
      `${p} flipped`,
      flipBits(labels, p, random()),
    ]),
    ['in turn', 'perfect, then inverted', wrongWhere((i) => i >= accesses / 2)],
    ['in turn', 'inverted, then perfect', wrongWhere((i) => i < accesses / 2)],
    ...[3000, 9000, 27_000].map((stretch): [Kind, string, Bits] => [
      'in turn',
      `every ${stretch}`,
      wrongWhere((i) => Math.floor(i / stretch) % 2 === 1),
    ]),
  ];
  if (serving) {
    made.push([
      'wrong',
      'half of the requests flipped',
      flipRequests(labels, trace.firstBlock, 0.5, random()),
    ]);
    made.push([
      'good',
      'a fifth of the requests flipped',
      flipRequests(labels, trace.firstBlock, 0.2, random()),
    ]);
  }
  return made.map(([kind, what, predictions]) => [kind, what, { predictions }]);
}

const present = TRACES.filter(({ path }) => existsSync(path)).map((entry) => ({
  ...entry,
  scoring: new Scoring(readTrace(entry.path)),
}));
for (const { path } of TRACES)
  if (!existsSync(path)) console.log(`skipped: ${path} is missing; give the folder of the traces`);

const models = new Map<string, Model>();
for (const { name, serving, capacities, scoring } of present)
  if (serving) models.set(name, unjudged(await scoring.train(capacities, 1)));

/** The least ratio of hits of each kind, and where it was. */
const worst = new Map<string, { ratio: number; where: string; runs: number }>();
function note(what: string, ratio: number, where: string): void {
  const known = worst.get(what) ?? { ratio: Number.POSITIVE_INFINITY, where, runs: 0 };
  worst.set(what, { ...(ratio < known.ratio ? { ratio, where } : known), runs: known.runs + 1 });
}

/** Hits of a policy over the whole trace and over its last 40%. */
function hits(
  { blocks }: ServingTrace,
  policy: string,
  capacity: number,
  given: object = {},
): [number, number] {
  const accesses = blocks.pages.length;
  const run = { sequence: blocks, policy: findPolicy(policy), capacity, seed: 1, ...given };
  const late = Math.floor(0.6 * accesses);
  return [accesses - simulate(run), accesses - late - simulate({ ...run, from: late })];
}

for (const { name, serving, capacities, scoring } of present) {
  const { trace } = scoring;
  const bitsOf = new Map(serving ? [...models].map(([owner, model]) => [owner, scoring.bits(model)]) : []);
  for (const capacity of capacities) {
    const all = madeBits(trace, serving, capacity);
    for (const [owner, bits] of bitsOf) {
      const given = { predictions: new Uint8Array(trace.blocks.pages.length), late: bits(capacity) };
      all.push([owner === name ? 'good' : 'other model', `model of ${owner}`, given]);
    }
    const lru = hits(trace, 'lru', capacity);
    for (const [kind, what, given] of all) {
      const blind = hits(trace, 'discard(lru)', capacity, given);
      const switched = hits(trace, 'switch(discard(lru),lru)', capacity, given);
      const where = `${name} ${capacity}, ${what}`;
      console.log(`${where}: hits of lru ${lru[0]}, discard(lru) ${blind[0]}, switch ${switched[0]}`);
      for (const [i, part] of ['whole', 'last 40%'].entries()) {
        const group = `${serving ? 'KV caches' : 'block I/O'}, ${part}, ${kind}`;
        if (kind !== 'good') note(`${group}: of lru`, switched[i] / lru[i], where);
        if ((kind === 'good' || kind === 'other model') && blind[i] >= lru[i])
          note(`${group}: of discard(lru)`, switched[i] / blind[i], where);
      }
    }
  }
}
console.log();
for (const [what, { ratio, where, runs }] of worst)
  console.log(`${what} at least ${ratio.toFixed(3)} of the hits in ${runs} runs (${where})`);
