/** Evicting at once what a bit says to discard, or only when room is needed: see README.md. */
export default {
  trace: '../../../shared/traces/mooncake_conversation.jsonl.gz',
  policies: ['lru', 'mark0', 'lazy-mark0', 'flush-when-all-0s', 'lazy-flush-when-all-0s'],
  capacities: [1000, 5000, 10000],
  predictions: ['perfect', 'flip:0.01', 'flip:0.1', 'flip:0.3', 'inverted'],
  seeds: 5,
  reduced: {
    trace: '../../traces/smollm2-135m-cpu.onebit',
    capacities: [0.025],
    predictions: ['perfect', 'flip:0.1'],
    seeds: 2,
  },
};
