/**
 * RobustFtP (Antoniadis, Coester, Eliáš, Polak and Simon, *Online metric algorithms with untrusted predictions*, ICML 2020,
 * arXiv 2003.02144): the randomised combination of Marker and follow-the-prediction. At most (1 + ε) times the better of the two
 * in expectation, plus a constant: consistency 1 + ε, robustness (1 + ε)·(2H_k − 1). O(log k) a request.
 *
 * The paper leaves ε open: here ½, as in the published experiments.
 */
import type { PolicyDefinition } from '../../paging/definition.ts';
import { switchByWeights } from './weighted-switch.ts';

const EPSILON = 0.5;

/** @param marker, followThePrediction the definitions of the two policies it combines */
export const robustFtp = (
  marker: PolicyDefinition,
  followThePrediction: PolicyDefinition,
): PolicyDefinition => ({
  summary: 'follows marker or the prediction at random, with weights that fall with each fault',
  reference: 'Antoniadis et al., ICML 2020, arXiv 2003.02144',
  needs: () => 'next arrival',
  randomised: true,
  create: (run) =>
    switchByWeights(run, [marker.create(run, [], {}), followThePrediction.create(run, [], {})], EPSILON),
});
