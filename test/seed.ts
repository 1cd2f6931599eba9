/** What every chance in a test run comes from, unless the test pins its own: `ACI_TEST_SEED`, default 1. */
export const testSeed = Number(process.env['ACI_TEST_SEED'] ?? 1);
