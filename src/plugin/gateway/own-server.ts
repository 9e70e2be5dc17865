import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';
import { Failure } from '../../support/failure.ts';

/** Answers a request for a path, or returns `false` where there is nothing of that kind. */
type Answer = (
  request: IncomingMessage,
  path: string,
  response: ServerResponse,
) => boolean | Promise<boolean>;

export interface OwnServer {
  readonly host: string;
  readonly port: number;
  /** The options that name them, for who has to choose others. */
  readonly options: string;
  readonly registry: Registry;
  /** What it answers beside `GET /metrics`; in words, and the answers. */
  readonly more?: { readonly paths: string; readonly answer: Answer };
}

/**
 * A server for the operator: `GET /metrics`, for Prometheus, and what a service has beside it. Nothing for browsers.
 *
 * @throws Failure where it cannot listen
 */
export async function listenOwn(settings: OwnServer): Promise<Server> {
  const { host, port, options } = settings;
  const server = createServer((request, response) => {
    answer(settings, request, response).catch((error: Error) =>
      respond(response, 500, { error: error.message }),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(new Failure(`${host}:${port}: cannot listen (${error.code}); choose another ${options}`)),
    );
    server.listen(port, host, resolve);
  });
  return server;
}

/** The port that a server listens on. */
export function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

async function answer(
  { registry, more }: OwnServer,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  request.resume();
  const path = (request.url ?? '').split('?', 1)[0];
  // A page in a browser on this machine must not switch anything.
  if (request.headers.origin !== undefined) return respond(response, 403, { error: 'not for browsers' });
  if (request.method === 'GET' && path === '/metrics') {
    response.setHeader('content-type', registry.contentType);
    response.end(await registry.metrics());
    return;
  }
  if (await more?.answer(request, path, response)) return;
  respond(response, 404, { error: `GET /metrics${more === undefined ? '' : `, ${more.paths}`}` });
}

/** Answers with a line of JSON, unless an answer has begun. */
export function respond(response: ServerResponse, status: number, body: object): void {
  if (response.headersSent) return;
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(`${JSON.stringify(body)}\n`);
}
