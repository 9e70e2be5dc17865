import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** The counts of a gateway, in the form that Prometheus reads. */
export class GatewayMetrics {
  readonly registry = new Registry();
  readonly requests = this.counter('requests_total', 'Requests, by status of the response', ['code']);
  readonly decisions = this.counter(
    'decisions_total',
    'Prompts, by what the gateway wrote into them or why it left them as they came',
    ['outcome'],
  );
  readonly complaints = this.counter('complaints_total', 'What went wrong, by kind', ['complaint']);
  readonly restarts = this.counter('predictor_restarts_total', 'Starts of the predictor after the first');
  readonly promptTokens = this.counter('prompt_tokens_total', 'Prompt tokens, as the engine reports them');
  readonly cachedTokens = this.counter(
    'cached_tokens_total',
    'Prompt tokens from a cache, as the engine reports them',
  );
  readonly logLines = this.counter('log_lines_total', 'Lines of the access log');
  readonly logLost = this.counter('log_lost_total', 'Prompts that the access log lacks');
  readonly slotOperations = this.counter('slot_operations_total', 'Of a llama.cpp server', ['operation']);
  readonly decisionSeconds = new Histogram({
    name: 'onebit_decision_seconds',
    help: 'From the last byte of a prompt to its forwarding',
    buckets: [0.0001, 0.00025, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.1],
    registers: [this.registry],
  });
  readonly inFlight = this.gauge('requests_in_flight', 'Requests whose response has not ended');
  readonly buffered = this.gauge('buffered_bytes', 'Bytes of request bodies held');
  readonly predictorUp = this.gauge('predictor_up', '1 while the predictor answers');

  readonly modelPays = this.gauge(
    'model_pays',
    '0 where the bits of the model at work saved no faults on held-out requests, so that none are written',
  );

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  private counter(name: string, help: string, labelNames: string[] = []): Counter {
    return new Counter({ name: `onebit_${name}`, help, labelNames, registers: [this.registry] });
  }

  private gauge(name: string, help: string): Gauge {
    return new Gauge({ name: `onebit_${name}`, help, registers: [this.registry] });
  }
}
