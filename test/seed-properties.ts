import fc from 'fast-check';
import { testSeed } from './seed.ts';

// Without a seed of the run's own, every run looks at other cases; one that fails prints its seed.
if (process.env['TEST_SEED'] !== undefined) {
  fc.configureGlobal({ seed: testSeed });
}
