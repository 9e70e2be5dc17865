/** A model of the first 60% as it is and as it keeps learning, as a sweep: see README.md. */
export default {
  trace: [
    '../../../shared/traces/mooncake_conversation.jsonl.gz',
    '../../../shared/traces/mooncake_synthetic.jsonl.gz',
  ],
  policies: [
    'lru-k',
    'arc',
    'clock',
    'hyperbolic',
    'lirs',
    'two-queue',
    's3-fifo',
    'w-tinylfu',
    'discard(lru)',
    'switch(discard(lru),lru)',
  ],
  capacities: [1000, 5000, 10000],
  predictions: ['train', 'online', 'inverted'],
  seeds: 3,
};
