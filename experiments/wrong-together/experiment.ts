/** Bits that are wrong one by one, and the bits of whole requests: see README.md. */
export default {
  trace: '../../../shared/traces/mooncake_conversation.jsonl.gz',
  policies: ['lru', 'lazy-mark0', 'discard(lru)', 'switch(discard(lru),lru)'],
  capacities: [1000, 5000, 10000],
  predictions: ['perfect', 'inverted'].concat(
    ['flip:0.05', 'flip:0.1', 'flip:0.2', 'flip:0.3'],
    ['flip-requests:0.05', 'flip-requests:0.1', 'flip-requests:0.2', 'flip-requests:0.3'],
  ),
  seeds: 5,
  reduced: {
    trace: '../../traces/smollm2-135m-cpu.onebit',
    capacities: [0.025],
    predictions: ['flip:0.1', 'flip-requests:0.1'],
    seeds: 2,
  },
};
