/** The subscription of every emulator under test. */
export const SUBSCRIPTION_ID = '11111111-2222-3333-4444-555555555555';
