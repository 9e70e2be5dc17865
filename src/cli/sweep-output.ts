import { join } from 'node:path';
import { scoredRequests } from '../report/comparison.ts';
import { sweepTable } from '../report/sweep-table.ts';
import type { FailedCell, ResultRecord } from '../simulator/result.ts';
import type { Origin } from '../store/origin.ts';
import { LineFile } from '../support/line-file.ts';
import { writeFile } from '../support/write-file.ts';
import type { SweptTrace } from './sweep-trace.ts';

/** Where the results of a sweep go: to the terminal, and to a file or a folder. */
export class SweepOutput {
  private readonly json: boolean;
  private readonly sink: LineFile | undefined;
  /** Path of the manifest; `undefined` without a folder. */
  private readonly manifest: string | undefined;
  private readonly about: object;
  private readonly traces: SweptTrace[] = [];
  private readonly failures: FailedCell[] = [];
  /** Of the trace that is being swept. */
  private records: ResultRecord[] = [];

  /**
   * @param out a file that ends in .jsonl, or a folder
   * @param json whether standard output takes records alone
   * @param about what the manifest says of the run: where it comes from, and its options
   * @throws Failure if it cannot be written to
   */
  constructor(out: string | undefined, json: boolean, about: Origin & { readonly options: object }) {
    const isFile = out?.endsWith('.jsonl') === true;
    this.json = json;
    this.about = about;
    this.manifest = out === undefined || isFile ? undefined : join(out, 'manifest.json');
    if (out !== undefined) this.sink = new LineFile(isFile ? out : join(out, 'records.jsonl'));
  }

  write(record: ResultRecord | FailedCell): void {
    const line = JSON.stringify(record);
    this.sink?.write(line);
    if (this.json) console.log(line);
    if ('failure' in record) this.failures.push(record);
    else this.records.push(record);
  }

  /** Prints the table of a trace that has been swept. */
  finish(trace: SweptTrace): void {
    const { records, json } = this;
    this.traces.push(trace);
    this.records = [];
    if (json || records.length === 0) return;
    console.log(`${sweepTable(records, process.stdout.columns)}\n`);
    const { remembered, notes } = trace;
    for (const note of [scoredRequests(records[0]), ...notes]) console.log(note);
    if (remembered > 0)
      console.log(`${remembered.toLocaleString('en')} cells were in the store and have not been run again.`);
    console.log();
  }

  /** Tells of failures on standard error, and writes the manifest. */
  close(interrupted: boolean): void {
    this.sink?.close();
    for (const { trace, policy, capacity, predictions, seed, failure } of this.failures) {
      console.error(
        `failed: ${policy} at ${capacity} with predictions ${predictions}, seed ${seed}, on ${trace}: ${failure}`,
      );
    }
    if (interrupted) console.error('interrupted: what is shown had finished');
    if (this.manifest === undefined) return;
    const traces = this.traces.map(({ notes: _, ...trace }) => trace);
    const manifest = { ...this.about, traces, failures: this.failures.length, interrupted };
    writeFile(this.manifest, `${JSON.stringify(manifest, undefined, 2)}\n`);
  }

  get failed(): boolean {
    return this.failures.length > 0;
  }
}
