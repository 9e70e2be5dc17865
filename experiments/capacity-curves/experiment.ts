/** Hit ratios against the size of the cache, with OPT: see README.md. */
export default {
  trace: [
    '../../../shared/traces/mooncake_conversation.jsonl.gz',
    '../../../shared/traces/mooncake_synthetic.jsonl.gz',
  ],
  policies: [
    'lru',
    'lru-k',
    'arc',
    's3-fifo',
    'sieve',
    'w-tinylfu',
    'discard(lru)',
    'switch(discard(lru),lru)',
  ],
  capacities: [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.4],
  predictions: ['flip:0.1'],
  seeds: 3,
  reduced: { trace: '../../traces/smollm2-135m-cpu.onebit', capacities: [0.01, 0.1], seeds: 1 },
};
