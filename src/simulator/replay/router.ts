import { Failure } from '../../support/failure.ts';
import type { Worker } from './worker.ts';

/** Chooses the worker that serves a request. */
export type Router = (workers: readonly Worker[], request: RoutedRequest) => Worker;

export interface RoutedRequest {
  readonly request: number;
  readonly session: number;
  readonly path: Uint32Array;
}

export const ROUTERS = ['round-robin', 'least-loaded', 'sticky', 'longest-prefix'] as const;

/**
 * Makes a router. `round-robin`: in turn; `least-loaded`: fewest tokens waiting and running; `sticky`: all requests of a
 * conversation where its first one went, which goes to the worker that was given the fewest blocks so far, and so does not
 * depend on what the caches hold; `longest-prefix`: where most of the path is
 * resident, among equals the least loaded.
 *
 * @throws Failure for another name
 */
export function makeRouter(name: string): Router {
  switch (name) {
    case 'round-robin':
      return (workers, { request }) => workers[request % workers.length];
    case 'least-loaded':
      return leastLoaded;
    case 'sticky':
      return sticky();
    case 'longest-prefix':
      return (workers, { path }) => {
        const matched = workers.map(({ cache }) => cache.device.match(path));
        const longest = Math.max(...matched);
        return leastLoaded(workers.filter((_, i) => matched[i] === longest));
      };
    default:
      throw new Failure(`unknown router “${name}”; use ${ROUTERS.join(', ')}`);
  }
}

function leastLoaded(workers: readonly Worker[]): Worker {
  return workers.reduce((least, worker) => (worker.load < least.load ? worker : least));
}

function sticky(): Router {
  const homes = new Map<number, Worker>();
  const given = new Map<Worker, number>();
  return (workers, { session, path }) => {
    const least = (a: Worker, b: Worker) => ((given.get(b) ?? 0) < (given.get(a) ?? 0) ? b : a);
    const home = homes.get(session) ?? workers.reduce(least);
    homes.set(session, home);
    given.set(home, (given.get(home) ?? 0) + path.length + 1);
    return home;
  };
}
