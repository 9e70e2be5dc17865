/** The same properties as in every run of the tests, with a million commands. */
process.env.KVCACHE_COMMANDS = '1000000';
await import('../kvcache/block-manager-model.test.ts');
