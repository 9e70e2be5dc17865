import { consistency, damage, guarantee, lowerBounds, robustness } from './bounds.ts';
import type { Law } from './law.ts';
import { marking } from './marking.ts';
import { protection } from './protection.ts';
import { causality, coins, inclusion, reproducibility } from './repetition.ts';
import { needlessEvictions, victims } from './structure.ts';

/** Every law, the simplest first. */
export const EVERY_LAW: readonly Law[] = [
  victims,
  needlessEvictions,
  protection,
  marking,
  inclusion,
  causality,
  reproducibility,
  coins,
  guarantee,
  consistency,
  damage,
  robustness,
  lowerBounds,
];
