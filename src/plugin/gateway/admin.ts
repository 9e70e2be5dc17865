import type { Server } from 'node:http';
import type { Gateway } from './gateway.ts';
import { listenOwn, respond } from './own-server.ts';

/**
 * The gateway's own endpoints, on a port of their own, so that the engine keeps every path of its own:
 * `GET /health`, `GET /metrics`, and `POST /off` (the kill switch), `/on`, `/reload`, `/restart`.
 *
 * @throws Failure where it cannot listen
 */
export function listenAdmin(gateway: Gateway, host: string, port: number): Promise<Server> {
  return listenOwn({
    host,
    port,
    options: '--admin-host or --admin-port',
    registry: gateway.metrics.registry,
    more: {
      paths: `GET /health, POST ${Object.keys(ACTIONS).join(', ')}`,
      answer: async ({ method }, path, response) => {
        if (method === 'POST' && path in ACTIONS) await ACTIONS[path](gateway);
        else if (method !== 'GET' || path !== '/health') return false;
        respond(response, gateway.isDraining ? 503 : 200, health(gateway));
        return true;
      },
    },
  });
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
