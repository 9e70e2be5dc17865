/** The gap that trained bits close, as a sweep; run.ts beside it measures more: see README.md. */
export default {
  trace: [
    '../../../shared/traces/mooncake_conversation.jsonl.gz',
    '../../../shared/traces/mooncake_synthetic.jsonl.gz',
  ],
  policies: ['lru', 'lru-k', 'arc', 'discard(lru)', 'switch(discard(lru),lru)'],
  capacities: [1000, 5000, 10000],
  predictions: ['train'],
  seeds: 5,
  reduced: { trace: '../../traces/smollm2-135m-cpu.onebit', requests: 1500, capacities: [0.025], seeds: 1 },
};
