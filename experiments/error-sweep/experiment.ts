/** What wrong bits cost: see README.md. */
export default {
  trace: '../../../shared/traces/mooncake_conversation.jsonl.gz',
  policies: ['lru', 'lazy-mark0', 'discard(lru)', 'switch(discard(lru),lru)'],
  capacities: [5000],
  predictions: ['perfect', 'inverted'].concat(
    ['flip:0.01', 'flip:0.05', 'flip:0.1', 'flip:0.2', 'flip:0.3', 'flip:0.5', 'flip:0.75'],
    ['bursts:0.01', 'bursts:0.05', 'bursts:0.1', 'bursts:0.2', 'bursts:0.3', 'bursts:0.5', 'bursts:0.75'],
  ),
  seeds: 5,
  reduced: {
    trace: '../../traces/smollm2-135m-cpu.onebit',
    capacities: [0.025],
    predictions: ['perfect', 'flip:0.1', 'bursts:0.1', 'inverted'],
    seeds: 2,
  },
};
