/** A stand-in for the engine: sequences that hold tokens, count them, and write them to files. The real one is in test/slow. */
import { readFileSync, writeFileSync } from 'node:fs';
import type { EngineContext, EngineSequence } from '../../../src/plugin/node-llama-cpp/index.ts';

export class StandInSequence implements EngineSequence {
  disposed = false;
  contextTokens: number[] = [];
  private readonly context: StandInContext;
  private input = 0;
  private output = 0;

  constructor(context: StandInContext) {
    this.context = context;
  }

  get nextTokenIndex(): number {
    return this.contextTokens.length;
  }

  readonly tokenMeter = {
    getState: () => ({ usedInputTokens: this.input, usedOutputTokens: this.output }),
  };

  /** Computes tokens, and the successor of the last one. */
  evaluate(tokens: readonly number[]): void {
    this.contextTokens.push(...tokens);
    this.input += tokens.length - 1;
    this.output++;
  }

  async eraseContextTokenRanges([{ start, end }]: { start: number; end: number }[]): Promise<void> {
    await this.step();
    this.contextTokens.splice(start, end - start);
  }

  async saveStateToFile(path: string): Promise<{ fileSize: number }> {
    await this.step();
    const text = JSON.stringify(this.contextTokens);
    writeFileSync(path, text);
    return { fileSize: text.length };
  }

  async loadStateFromFile(path: string): Promise<void> {
    await this.step();
    this.contextTokens = JSON.parse(readFileSync(path, 'utf8'));
  }

  async dispose(): Promise<void> {
    if (this.disposed) return;
    this.disposed = true;
    this.context.sequencesLeft++;
  }

  /** The engine works elsewhere, and sometimes fails. */
  private async step(): Promise<void> {
    await Promise.resolve();
    if (this.disposed) throw new Error('used after it was disposed');
    if (this.context.fails()) throw new Error('out of memory');
  }
}

export class StandInContext implements EngineContext<StandInSequence> {
  readonly kvCacheKeyType = 1;
  readonly kvCacheValueType = 1;
  readonly model = { llama: { llamaCppRelease: { release: 'stand-in' } } };
  sequencesLeft: number;
  readonly fails: () => boolean;

  constructor(sequences: number, fails = () => false) {
    this.sequencesLeft = sequences;
    this.fails = fails;
  }

  getSequence(): StandInSequence {
    if (this.sequencesLeft === 0) throw new Error('No sequences left');
    this.sequencesLeft--;
    return new StandInSequence(this);
  }
}
