/** Whether the switch is ever worse than LRU, whatever the bits: see README.md. */
export default {
  trace: [
    '../../../shared/traces/mooncake_conversation.jsonl.gz',
    '../../../shared/traces/mooncake_synthetic.jsonl.gz',
  ],
  policies: ['lru', 'discard(lru)', 'switch(discard(lru),lru)'],
  capacities: [1000, 5000, 10000],
  predictions: ['random', 'inverted', 'flip:0.5', 'bursts:0.5', 'flip-requests:0.5', 'flip:0.9'],
  seeds: 5,
  reduced: {
    trace: '../../traces/smollm2-135m-cpu.onebit',
    capacities: [0.01, 0.025],
    predictions: ['random', 'inverted'],
    seeds: 2,
  },
};
