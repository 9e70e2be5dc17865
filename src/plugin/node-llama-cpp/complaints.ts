/** What is wrong with what a cache was given: told once a kind, with the remedy, and counted ever after. */
export class Complaints {
  /** How often each kind arose. */
  readonly counts = new Map<string, number>();
  private readonly tell: (message: string) => void;

  /** @param tell receives the first complaint of each kind, on one line */
  constructor(tell: (message: string) => void) {
    this.tell = tell;
  }

  add(kind: string, message: string): void {
    const count = (this.counts.get(kind) ?? 0) + 1;
    this.counts.set(kind, count);
    if (count === 1) this.tell(`onebit: ${message}`);
  }
}
