/** What every chance in a test run comes from, unless the test pins its own. No name with `ACI_`: the app refuses settings it does not know. */
export const testSeed = Number(process.env['TEST_SEED'] ?? 1);
