export type Fields = Readonly<Record<string, string | number | boolean | null | undefined>>;

/**
 * The gateway's own log: one JSON object a line, without anything of prompts or answers. A complaint is written once, with its
 * remedy; the metrics count how often it came.
 */
export class EventLog {
  private readonly write: (line: string) => void;
  private readonly counted: (complaint: string) => void;
  private readonly told = new Set<string>();

  /**
   * @param write takes a line without its end
   * @param counted told of every complaint
   */
  constructor(write: (line: string) => void, counted: (complaint: string) => void) {
    this.write = write;
    this.counted = counted;
  }

  info(event: string, fields: Fields = {}): void {
    this.line('info', event, fields);
  }

  /**
   * @param complaint its kind; written at its first time only
   * @param remedy what to do about it
   */
  complain(complaint: string, remedy: string, fields: Fields = {}): void {
    this.counted(complaint);
    if (this.told.has(complaint)) return;
    this.told.add(complaint);
    this.line('warning', complaint, { ...fields, remedy });
  }

  /** What went wrong is mended: the next complaint of the kind is written again. */
  mended(complaint: string): void {
    this.told.delete(complaint);
  }

  private line(level: string, event: string, fields: Fields): void {
    this.write(JSON.stringify({ time: new Date().toISOString(), level, event, ...fields }));
  }
}
