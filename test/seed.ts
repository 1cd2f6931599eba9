/**
 * What every chance in a test run comes from, unless the test pins its own: `TEST_SEED`, default 1 (the app refuses settings that begin with
 * `ACI_` and that it does not know). */
export const testSeed = Number(process.env['TEST_SEED'] ?? 1);
