/** An engine that speaks OpenAI's protocol and has the slots of a llama.cpp server, but computes nothing. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly string[];
  readonly body: string;
}

/** What a request asks the engine to do wrong, in its header `x-fault`. */
export type Fault = 'none' | 'silent' | 'cut' | 'busy';

export class FakeEngine {
  readonly received: Received[] = [];
  /** What each slot holds, as `POST /slots/N` was told. */
  readonly slotActions: string[] = [];
  readonly slots: number;
  /** Milliseconds before a response and between the events of a stream. */
  pause = 0;
  canSave = true;
  /** The most prompts that were under way at the same time. */
  mostAtOnce = 0;
  private underWay = 0;
  private readonly server: Server;

  constructor(slots = 2) {
    this.slots = slots;
    this.server = createServer((request, response) => this.serve(request, response));
  }

  async listen(port = 0): Promise<URL> {
    await new Promise<void>((resolve) => this.server.listen(port, '127.0.0.1', resolve));
    return new URL(`http://127.0.0.1:${(this.server.address() as AddressInfo).port}`);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** Bodies of the prompts that came, parsed. */
  get prompts(): Record<string, unknown>[] {
    return this.received
      .filter(({ method, url }) => method === 'POST' && url.startsWith('/v1/'))
      .map(({ body }) => JSON.parse(body));
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += chunk;
    const { method = '', url = '', rawHeaders } = request;
    this.received.push({ method, url, headers: rawHeaders, body });
    const fault = (request.headers['x-fault'] ?? 'none') as Fault;
    if (fault === 'silent') return void request.socket.destroy();
    if (fault === 'busy') return json(response, 429, { error: { message: 'too many' } });
    const [path, query] = url.split('?');
    if (path === '/props') return json(response, 200, { total_slots: this.slots });
    if (path.startsWith('/slots/')) return this.act(response, path.slice(7), query, body);
    if (!path.startsWith('/v1/chat') || method !== 'POST')
      return json(response, 200, { path, length: body.length });
    let parsed: Record<string, unknown>;
    try {
      parsed = JSON.parse(body);
    } catch {
      return json(response, 400, { error: { message: 'not JSON' } });
    }
    this.mostAtOnce = Math.max(this.mostAtOnce, ++this.underWay);
    response.once('close', () => this.underWay--);
    if (this.pause > 0) await sleep(this.pause);
    await this.complete(response, parsed, fault === 'cut');
  }

  private act(response: ServerResponse, slot: string, query: string, body: string): undefined {
    const action = query.replace('action=', '');
    if (!this.canSave && action !== 'erase')
      return json(response, 501, { error: { message: 'no --slot-save-path' } });
    this.slotActions.push(`${action} ${slot}${action === 'erase' ? '' : ` ${JSON.parse(body).filename}`}`);
    return json(response, 200, { id_slot: Number(slot) });
  }

  private async complete(
    response: ServerResponse,
    body: Record<string, unknown>,
    cut: boolean,
  ): Promise<void> {
    const words = answerOf(body);
    const usage = { prompt_tokens: JSON.stringify(body.messages).length, completion_tokens: words.length };
    if (body.stream !== true) {
      const message = { role: 'assistant', content: words.join(' ') };
      return json(response, 200, { choices: [{ message }], usage }, cut);
    }
    response.writeHead(200, { 'content-type': 'text/event-stream', 'x-engine': 'fake' });
    for (const word of words) {
      const event = `data: ${JSON.stringify({ choices: [{ delta: { content: word } }] })}\n\n`;
      if (cut) return void response.write(event, () => setTimeout(() => response.destroy(), 5));
      response.write(event);
      if (this.pause > 0) await sleep(this.pause);
    }
    response.end(`data: ${JSON.stringify({ choices: [], usage })}\n\ndata: [DONE]\n\n`);
  }
}

/** The words that the engine answers with, which tell the prompt they answer. */
export function answerOf(body: Record<string, unknown>): string[] {
  const messages = body.messages as { content: string }[];
  return ['to', `${messages.at(-1)?.content.slice(-12)}`, 'I', 'say', 'nothing'];
}

function json(response: ServerResponse, status: number, value: object, cut = false): undefined {
  const text = JSON.stringify(value);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
  });
  if (cut) response.write(text.slice(0, text.length >> 1), () => response.destroy());
  else response.end(text);
}

function sleep(milliseconds: number): Promise<void> {
  // The end of a test does not wait for it.
  return new Promise((resolve) => setTimeout(resolve, milliseconds).unref());
}
