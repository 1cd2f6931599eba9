import { defineConfig } from 'vitest/config';
import { AZURE_PATIENCE_MS } from '../../patience.ts';

/** What the emulator answers as Azure does, asked of Azure: `npm run conformance:live`. */
export default defineConfig({
  test: {
    include: ['test/conformance/arm/as-azure.test.ts'],
    reporters: ['verbose'],
    testTimeout: AZURE_PATIENCE_MS,
    hookTimeout: AZURE_PATIENCE_MS,
    expect: { poll: { timeout: AZURE_PATIENCE_MS, interval: 5_000 } },
  },
});
