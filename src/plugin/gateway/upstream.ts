import { Agent, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { Agent as SecureAgent, request as secureRequest } from 'node:https';
import { forwardedHeaders } from './headers.ts';
import type { Body } from './request-body.ts';

/** How an exchange with the engine ended. */
export interface Outcome {
  /** Of the response; 502 where the engine gave none, 0 where the client left before. */
  readonly status: number;
  /** What was wrong with the engine, if anything. */
  readonly failure?: string;
}

/** The engine: requests go to it and responses come back byte for byte, as they arrive. */
export class Upstream {
  readonly url: URL;
  private readonly agent: Agent | SecureAgent;
  private readonly send: typeof httpRequest;

  constructor(url: URL) {
    this.url = url;
    const secure = url.protocol === 'https:';
    this.agent = secure ? new SecureAgent({ keepAlive: true }) : new Agent({ keepAlive: true });
    this.send = secure ? secureRequest : httpRequest;
  }

  /**
   * Forwards a request and its response. When the client leaves, the engine's request is ended; when the engine ends a response
   * early, so is the client's, since that is what the engine said.
   *
   * @param observe sees each chunk of the response's body
   */
  exchange(
    request: IncomingMessage,
    body: Body,
    response: ServerResponse,
    observe: (chunk: Buffer) => void,
  ): Promise<Outcome> {
    // The client may have left while its request waited.
    if (response.destroyed) return Promise.resolve({ status: 0 });
    return new Promise((resolve) => this.attempt(request, body, response, observe, resolve, true));
  }

  close(): void {
    this.agent.destroy();
  }

  private attempt(
    request: IncomingMessage,
    body: Body,
    response: ServerResponse,
    observe: (chunk: Buffer) => void,
    resolve: (outcome: Outcome) => void,
    mayRepeat: boolean,
  ): void {
    const outgoing = this.send({
      protocol: this.url.protocol,
      hostname: this.url.hostname.replace(/^\[|\]$/g, ''),
      port: this.url.port,
      method: request.method ?? 'GET',
      path: this.url.pathname.replace(/\/$/, '') + (request.url ?? '/'),
      headers: this.headers(request, body),
      agent: this.agent,
    });
    const leave = () => outgoing.destroy();
    response.once('close', leave);
    let answered = false;
    outgoing.on('response', (incoming) => {
      answered = true;
      relay(incoming, response, observe).then((outcome) => {
        response.off('close', leave);
        resolve(outcome);
      });
    });
    outgoing.on('error', (error: NodeJS.ErrnoException) => {
      if (answered) return;
      response.off('close', leave);
      if (response.destroyed) return resolve({ status: 0 });
      // The engine closed an idle connection while the request was on its way: nothing of it was answered.
      if (mayRepeat && outgoing.reusedSocket && error.code === 'ECONNRESET')
        return this.attempt(request, body, response, observe, resolve, false);
      refuse(
        response,
        502,
        `the engine at ${this.url.origin} gave no response (${error.code ?? error.message})`,
      );
      resolve({ status: 502, failure: error.code ?? error.message });
    });
    // Corked by Node.js, so that headers and pieces go out together.
    for (const piece of body.pieces) outgoing.write(piece);
    outgoing.end();
  }

  private headers(request: IncomingMessage, body: Body): string[] {
    const headers = forwardedHeaders(request.rawHeaders, ['host', 'content-length', 'expect']);
    headers.push('Host', this.url.host);
    const hasBody = 'content-length' in request.headers || 'transfer-encoding' in request.headers;
    if (hasBody) headers.push('Content-Length', `${body.length}`);
    return headers;
  }
}

function relay(
  incoming: IncomingMessage,
  response: ServerResponse,
  observe: (chunk: Buffer) => void,
): Promise<Outcome> {
  return new Promise((resolve) => {
    const status = incoming.statusCode ?? 502;
    response.sendDate = false;
    response.writeHead(status, incoming.statusMessage ?? '', forwardedHeaders(incoming.rawHeaders));
    // The first event of a stream may be long in coming.
    response.flushHeaders();
    incoming.on('data', observe);
    incoming.on('error', () => {});
    incoming.pipe(response);
    incoming.on('close', () => {
      if (incoming.complete) return;
      const left = response.destroyed;
      response.destroy();
      resolve(left ? { status: 0 } : { status, failure: 'it ended its response early' });
    });
    response.on('close', () => resolve({ status: response.writableFinished ? status : 0 }));
  });
}

/** Answers in the engine's stead, in the form of OpenAI's errors. */
export function refuse(response: ServerResponse, status: number, message: string): void {
  if (response.headersSent || response.destroyed) return;
  const body = JSON.stringify({
    error: { message: `onebit: ${message}`, type: 'gateway_error', code: status },
  });
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}
