/** The slots of a llama.cpp server over HTTP. */
export class SlotClient {
  private readonly url: URL;

  constructor(upstream: URL) {
    this.url = upstream;
  }

  /** How many slots the server has. @throws Error if it does not say */
  async count(): Promise<number> {
    const response = await fetch(new URL('/props', this.url), { signal: AbortSignal.timeout(PATIENCE) });
    const slots = ((await response.json()) as { total_slots?: unknown }).total_slots;
    if (Number.isSafeInteger(slots) && (slots as number) > 0) return slots as number;
    throw new Error(`/props tells no total_slots (status ${response.status})`);
  }

  /**
   * Saves a slot to a file of the server, restores it from there, or erases it.
   *
   * @throws Error with the server's reason, if it refuses
   */
  async act(action: 'save' | 'restore' | 'erase', slot: number, filename = ''): Promise<void> {
    const response = await fetch(new URL(`/slots/${slot}?action=${action}`, this.url), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ filename }),
      signal: AbortSignal.timeout(PATIENCE),
    });
    const text = await response.text();
    if (!response.ok)
      throw new Error(`${action} of slot ${slot}: status ${response.status}, ${text.slice(0, 200)}`);
  }
}

const PATIENCE = 10_000;
