import test from 'node:test';
import { laws } from 'onebit/verify';
import { policy } from './policy.ts';

for (const law of laws(policy)) test(`${law.name}: ${law.statement}`, () => law.check());
