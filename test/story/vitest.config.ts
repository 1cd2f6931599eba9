import { defineConfig } from 'vitest/config';
import { TEST_PATIENCE_MS } from '../patience.ts';

/** The story on a stack that is running already: `npm run story`. */
export default defineConfig({ test: { include: ['test/story/*.test.ts'], testTimeout: TEST_PATIENCE_MS } });
