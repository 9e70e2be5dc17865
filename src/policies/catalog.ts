/** The single list from names to policies. Adding a policy: its file, one line here, its test. */
import type { PolicyDefinition } from '../paging/definition.ts';
import { adaptiveQuery } from './augmented/adaptive-query.ts';
import { boundedSwitch } from './augmented/bounded-switch.ts';
import { discard } from './augmented/discard.ts';
import { followerAndRobust } from './augmented/f-and-r.ts';
import { flushWhenAll0s } from './augmented/flush-when-all-0s.ts';
import { followThePrediction } from './augmented/follow-the-prediction.ts';
import { guard } from './augmented/guard.ts';
import { lMarker } from './augmented/l-marker.ts';
import { lNonMarker } from './augmented/l-non-marker.ts';
import { laru } from './augmented/laru.ts';
import { markAndPredict } from './augmented/mark-and-predict.ts';
import { mark0 } from './augmented/mark0.ts';
import { predictiveMarker } from './augmented/predictive-marker.ts';
import { robustFtp } from './augmented/robust-ftp.ts';
import { switchBetween } from './augmented/trust.ts';
import { trustAndDoubt } from './augmented/trust-and-doubt.ts';
import { weightedSwitch } from './augmented/weighted-switch.ts';
import { arc } from './classical/arc.ts';
import { belady } from './classical/belady.ts';
import { clock } from './classical/clock.ts';
import { fifo } from './classical/fifo.ts';
import { flush } from './classical/flush.ts';
import { gdsf } from './classical/gdsf.ts';
import { hyperbolic } from './classical/hyperbolic.ts';
import { leCaR } from './classical/lecar.ts';
import { lfu } from './classical/lfu.ts';
import { lhd } from './classical/lhd.ts';
import { lirs } from './classical/lirs.ts';
import { lru } from './classical/lru.ts';
import { lruK } from './classical/lru-k.ts';
import { marker } from './classical/marker.ts';
import { onlineMin } from './classical/online-min.ts';
import { randomReplacement } from './classical/random.ts';
import { s3Fifo } from './classical/s3-fifo.ts';
import { sieve } from './classical/sieve.ts';
import { slru } from './classical/slru.ts';
import { twoQueue } from './classical/two-queue.ts';
import { wTinyLfu } from './classical/w-tinylfu.ts';

export const CATALOG: Readonly<Record<string, PolicyDefinition>> = {
  fifo,
  lru,
  clock,
  random: randomReplacement,
  marker,
  flush,
  'online-min': onlineMin,
  sieve,
  lfu,
  's3-fifo': s3Fifo,
  arc,
  'two-queue': twoQueue,
  slru,
  'w-tinylfu': wTinyLfu,
  'lru-k': lruK,
  lirs,
  lecar: leCaR,
  gdsf,
  lhd,
  hyperbolic,
  belady,
  'flush-when-all-0s': flushWhenAll0s,
  mark0: mark0(marker),
  'mark-and-predict': markAndPredict,
  discard,
  switch: switchBetween,
  guard,
  'follow-the-prediction': followThePrediction,
  'predictive-marker': predictiveMarker,
  'l-marker': lMarker,
  'l-non-marker': lNonMarker(marker),
  'robust-ftp': robustFtp(marker, followThePrediction),
  'trust-and-doubt': trustAndDoubt,
  'f-and-r': followerAndRobust,
  'adaptive-query': adaptiveQuery,
  laru,
  'bounded-switch': boundedSwitch,
  'weighted-switch': weightedSwitch,
};

/** Names that stand for an expression. */
export const ALIASES: Readonly<Record<string, string>> = {
  'lazy-flush-when-all-0s': 'discard(flush)',
  'lazy-mark0': 'discard(marker)',
  'blind-oracle': 'follow-the-prediction',
  'blind-oracle-lru': 'bounded-switch(follow-the-prediction,lru)',
  'blind-oracle-marker': 'weighted-switch(follow-the-prediction,marker)',
  'blind-oracle-equitable': 'weighted-switch(follow-the-prediction,equitable)',
  // Equitable (Achlioptas, Chrobak and Noga 2000) draws its cache page by page, each uniform among those that an optimal
  // cache can still take. So does online-min by its order of pages: both hold every cache equally often.
  equitable: 'online-min',
};
