/** Miss counts at four capacities on two public traces and one made here: no change of code may move them unnoticed. */
import t from 'tap';
import { Cache } from '../../src/paging/cache.ts';
import { Sieve } from '../../src/policies/classical/sieve.ts';
import { findPolicy } from '../../src/policies/find-policy.ts';
import { simulate } from '../../src/simulator/simulate.ts';
import type { IndexSet } from '../../src/support/index-set.ts';
import { readTrace } from '../../src/traces/read-trace.ts';
import { zipfSequence } from '../../src/traces/zipf.ts';
import { missing, sharedTrace } from '../traces/shared-traces.ts';

const CAPACITIES = [1000, 2000, 5000, 10_000];

/** Misses at these capacities, by trace and policy; coins with seed 1. */
const MISSES: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>> = {
  conversation: {
    fifo: [275_941, 273_331, 257_720, 234_688],
    lru: [275_669, 273_013, 256_660, 227_579],
    clock: [275_616, 272_859, 255_996, 226_670],
    sieve: [274_629, 271_509, 261_874, 250_487],
    lfu: [274_629, 271_509, 261_874, 250_487],
    's3-fifo': [272_459, 266_398, 248_615, 232_110],
    arc: [273_225, 267_877, 255_723, 224_295],
    'two-queue': [272_886, 267_436, 256_299, 235_162],
    slru: [274_921, 273_735, 267_641, 255_682],
    'w-tinylfu': [270_563, 262_870, 251_420, 243_477],
    'lru-k': [267_019, 256_565, 240_896, 226_356],
    lirs: [272_781, 266_746, 246_294, 232_344],
    lecar: [275_669, 272_852, 256_255, 227_303],
    gdsf: [275_616, 271_973, 254_490, 224_889],
    lhd: [273_353, 272_844, 253_875, 228_580],
    hyperbolic: [275_628, 272_763, 255_425, 226_823],
  },
  synthetic: {
    fifo: [112_280, 104_457, 89_490, 73_244],
    lru: [111_827, 104_336, 87_859, 70_263],
    clock: [111_308, 103_900, 87_651, 69_155],
    sieve: [116_992, 110_239, 97_828, 78_275],
    lfu: [116_992, 110_239, 97_828, 78_275],
    's3-fifo': [111_354, 104_104, 87_141, 71_081],
    arc: [110_502, 104_115, 86_825, 68_786],
    'two-queue': [111_407, 104_433, 87_738, 70_746],
    slru: [115_133, 106_862, 91_583, 75_725],
    'w-tinylfu': [113_612, 108_568, 95_267, 81_975],
    'lru-k': [110_950, 104_315, 85_819, 68_195],
    lirs: [111_404, 104_178, 87_581, 69_696],
    lecar: [111_976, 104_391, 87_929, 69_566],
    gdsf: [111_480, 103_935, 88_160, 69_495],
    lhd: [111_692, 104_640, 88_813, 70_338],
    hyperbolic: [111_166, 104_072, 88_210, 69_016],
  },
  zipf: {
    fifo: [430_140, 388_546, 296_789, 183_992],
    lru: [422_247, 377_000, 279_948, 166_460],
    clock: [418_280, 371_858, 274_656, 163_401],
    sieve: [379_582, 336_349, 250_475, 151_148],
    lfu: [384_350, 339_509, 251_524, 151_878],
    's3-fifo': [375_528, 332_918, 251_959, 154_031],
    arc: [382_139, 340_990, 262_196, 165_418],
    'two-queue': [385_041, 343_406, 261_415, 166_938],
    slru: [378_816, 334_315, 248_119, 151_599],
    'w-tinylfu': [371_989, 327_005, 240_533, 146_993],
    'lru-k': [391_416, 347_142, 258_066, 155_736],
    lirs: [381_731, 340_718, 259_272, 156_798],
    lecar: [422_197, 376_857, 279_360, 163_873],
    gdsf: [396_419, 346_351, 250_313, 148_862],
    lhd: [415_962, 369_729, 273_470, 163_328],
    hyperbolic: [414_048, 365_606, 266_247, 155_673],
  },
};

/** Long enough for sieve's hand to go round several times at every capacity, which the public traces are not. */
const zipf = () => zipfSequence(500_000, 20_000, 0.6, 1);

const FILES: Readonly<Record<string, string>> = {
  conversation: 'mooncake_conversation.jsonl.gz',
  synthetic: 'mooncake_synthetic.jsonl.gz',
};

/** Sieve that notes how its hand moves: how often past the newest page, and how often past pages that stay. */
class WatchedSieve extends Sieve {
  wraps = 0;
  /** Victims that the hand had spared in at least three rounds. */
  longSpared = 0;
  private readonly loadedAt: Float64Array;
  private readonly loadedIn: Float64Array;
  private latest = -1;
  private now = 0;

  constructor(capacity: number) {
    super(capacity);
    this.loadedAt = new Float64Array(capacity);
    this.loadedIn = new Float64Array(capacity);
  }

  override load(slot: number): void {
    this.loadedAt[slot] = this.now++;
    this.loadedIn[slot] = this.wraps;
    super.load(slot);
  }

  override victim(page: number, prediction: number, protectedSlots: IndexSet): number {
    const slot = super.victim(page, prediction, protectedSlots);
    // Victims of one round are ever newer.
    if (this.loadedAt[slot] < this.latest) this.wraps++;
    this.latest = this.loadedAt[slot];
    if (this.wraps - this.loadedIn[slot] > 3) this.longSpared++;
    return slot;
  }
}

for (const [trace, expected] of Object.entries(MISSES)) {
  const file = FILES[trace];
  const skip = file === undefined ? {} : missing(file);
  t.test(`misses on the ${trace} trace are as ever`, skip, async (t) => {
    const sequence = file === undefined ? zipf() : readTrace(sharedTrace(file)).blocks;
    for (const [name, misses] of Object.entries(expected)) {
      const policy = findPolicy(name);
      const found = CAPACITIES.map((capacity) => simulate({ sequence, policy, capacity, seed: 1 }));
      t.strictSame(found, misses, name);
    }
  });
}

t.test('on the Zipf trace the hand of sieve wraps, and spares pages again and again', async (t) => {
  const sequence = zipf();
  for (const capacity of CAPACITIES) {
    const sieve = new WatchedSieve(capacity);
    new Cache(capacity, sequence.pageCount, sieve).serve(sequence);
    t.ok(sieve.wraps >= 2, `${capacity}: ${sieve.wraps} wraps`);
    if (capacity <= 5000)
      t.ok(sieve.longSpared > 0, `${capacity}: ${sieve.longSpared} victims spared thrice`);
  }
});
