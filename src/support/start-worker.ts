import { Worker, type WorkerOptions } from 'node:worker_threads';

/**
 * Starts a thread. Sources that run uncompiled, as in tests, need the loader that compiles them in every thread.
 *
 * @param module a `.js` or `.ts` module
 */
export function startWorker(module: URL, options: WorkerOptions): Worker {
  if (!module.pathname.endsWith('.ts')) return new Worker(module, options);
  const loader = JSON.stringify(import.meta.resolve('tsx/esm/api'));
  const code = `import(${loader}).then(({ register }) => { register(); return import(${JSON.stringify(module)}); })`;
  return new Worker(code, { ...options, eval: true });
}
