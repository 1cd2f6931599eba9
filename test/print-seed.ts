import { beforeEach, onTestFailed } from 'vitest';
import { testSeed } from './seed.ts';

let isPrinted = false;

/** A failing test says once in its file how to see the same chances again. */
beforeEach(() => {
  onTestFailed(() => {
    if (!isPrinted) {
      process.stderr.write(`The seed of this run was ${testSeed}: TEST_SEED=${testSeed} repeats it.\n`);
    }
    isPrinted = true;
  });
});
