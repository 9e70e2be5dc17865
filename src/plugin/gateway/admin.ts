import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Failure } from '../../support/failure.ts';
import type { Gateway } from './gateway.ts';

/**
 * The gateway's own endpoints, on a port of their own, so that the engine keeps every path of its own:
 * `GET /health`, `GET /metrics`, and `POST /off` (the kill switch), `/on`, `/reload`, `/restart`.
 *
 * @throws Failure where it cannot listen
 */
export async function listenAdmin(gateway: Gateway, host: string, port: number): Promise<Server> {
  const server = createServer((request, response) => {
    answer(gateway, request, response).catch((error: Error) =>
      respond(response, 500, { error: error.message }),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        new Failure(
          `${host}:${port}: cannot listen (${error.code}); choose another --admin-host or --admin-port`,
        ),
      ),
    );
    server.listen(port, host, resolve);
  });
  return server;
}

/** The port that a server listens on. */
export function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

async function answer(gateway: Gateway, request: IncomingMessage, response: ServerResponse): Promise<void> {
  request.resume();
  const path = (request.url ?? '').split('?', 1)[0];
  // A page in a browser on this machine must not switch anything.
  if (request.headers.origin !== undefined) return respond(response, 403, { error: 'not for browsers' });
  if (request.method === 'GET' && path === '/metrics') {
    response.setHeader('content-type', gateway.metrics.registry.contentType);
    response.end(await gateway.metrics.registry.metrics());
    return;
  }
  if (request.method === 'POST') {
    const action = ACTIONS[path];
    if (action === undefined)
      return respond(response, 404, { error: `POST one of ${Object.keys(ACTIONS).join(', ')}` });
    await action(gateway);
  } else if (request.method !== 'GET' || path !== '/health') {
    return respond(response, 404, { error: 'GET /health or /metrics' });
  }
  respond(response, gateway.isDraining ? 503 : 200, health(gateway));
}

const ACTIONS: Readonly<Record<string, (gateway: Gateway) => void | Promise<void>>> = {
  '/off': (gateway) => gateway.switchOff(),
  '/on': (gateway) => gateway.switchOn(),
  '/reload': (gateway) => gateway.reload(),
  '/restart': (gateway) => gateway.predictor?.kill(),
};

/** The gateway is well as long as it forwards; its predictor may be off or starting again. */
function health(gateway: Gateway): object {
  const { predictor } = gateway;
  const state = predictor === undefined ? 'off' : predictor.running ? 'running' : 'starting again';
  return {
    status: gateway.isDraining ? 'draining' : 'ok',
    predictor: state,
    ...(predictor?.modelAtWork ?? { model: null }),
  };
}

function respond(response: ServerResponse, status: number, body: object): void {
  if (response.headersSent) return;
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(`${JSON.stringify(body)}\n`);
}
