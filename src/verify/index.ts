/** `onebit/verify`: the laws that every policy must obey, for a test file of one's own. */
export { laws, type PolicyLaw } from './laws-of.ts';
