/** The plug-in for node-llama-cpp: which conversation keeps its sequence. Loads neither the engine nor TensorFlow.js. */
export { conversationTrace } from './conversation-trace.ts';
export type { EngineContext, EngineSequence } from './engine.ts';
export type { SessionMetrics } from './metrics.ts';
export { SessionCache } from './session-cache.ts';
export type { AcquireOptions, SessionLease, Source } from './session-lease.ts';
export { DEFAULT_POLICY, type DiskSettings, type SessionCacheSettings } from './settings.ts';
