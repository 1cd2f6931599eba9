import { expect, test } from 'vitest';
import { noFaults } from '../../../local/arm/faults/faults.ts';
import { openAzure, readAzureSettings } from './azure.ts';
import { FAST_POLLING, openArmHarness } from './harness.ts';
import { SUBSCRIPTION_ID } from './subscription.ts';
import { helloWorld } from './target.ts';

const HOUR_MS = 3_600_000;

/** The name of a group of a run that began some time ago. */
const nameOf = (agoMs: number) => `aci-conformance-${(Date.now() - agoMs).toString(36)}-abcdef-group`;

test('a run against Azure removes what a killed one has left and what it makes itself, and touches nothing else', async () => {
  await using harness = await openArmHarness();
  const { containerGroups } = harness.client;
  const others = [nameOf(HOUR_MS), 'aci-conformance-of-mine', 'game-1'].toSorted();
  for (const name of [...others, nameOf(3 * HOUR_MS), nameOf(48 * HOUR_MS)]) {
    await containerGroups.beginCreateOrUpdateAndWait('games', name, helloWorld('eastus'), FAST_POLLING);
  }
  const namesInArm = async () => {
    const names: string[] = [];
    for await (const { name = '' } of containerGroups.listByResourceGroup('games')) names.push(name);
    return names.toSorted();
  };
  const read = readAzureSettings({
    AZURE_LIVE: '1',
    AZURE_SUBSCRIPTION_ID: SUBSCRIPTION_ID,
    AZURE_LIVE_RESOURCE_GROUP: 'games',
    AZURE_LIVE_ENDPOINT: harness.arm.endpoint,
  });
  if (!read.ok) throw new Error(read.missing);
  {
    await using azure = await openAzure(read.settings);
    expect(await namesInArm()).toEqual(others);
    expect(azure.location).toBe('eastus');
    expect(azure.prefix).toMatch(/^aci-conformance-[\da-z]{8,9}-[\da-f]{6}$/);
    const name = azure.claim(`${azure.prefix}-group`);
    await azure.client.containerGroups.beginCreateOrUpdateAndWait('games', name, helloWorld('eastus'), FAST_POLLING);
    azure.claim(`${azure.prefix}-never-made`);
    azure.claim(`${azure.prefix}-Impossible`);
    expect(await namesInArm()).toContain(name);
  }
  expect(await namesInArm()).toEqual(others);
});

test('a run against Azure that can’t remove what it made says what is left', async () => {
  await using harness = await openArmHarness();
  const settings = { subscriptionId: SUBSCRIPTION_ID, resourceGroup: 'games', location: 'eastus' };
  const azure = await openAzure({ ...settings, endpoint: harness.arm.endpoint });
  const name = azure.claim(`${azure.prefix}-group`);
  await azure.client.containerGroups.beginCreateOrUpdateAndWait('games', name, helloWorld('eastus'), FAST_POLLING);
  harness.arm.setFaults({
    ...noFaults,
    arm: {
      ...noFaults.arm,
      failNext: [
        { operation: 'DELETE', status: 409, code: 'Conflict', message: 'No.', afterEffect: false, times: Infinity },
      ],
    },
  });
  await expect(azure[Symbol.asyncDispose]()).rejects.toThrow(
    `Delete these of the resource group games yourself: ${name}.`,
  );
});

test('without a subscription a run against Azure says what is missing', () => {
  expect(readAzureSettings({})).toEqual({
    ok: false,
    missing: [
      'Nothing was run. Azure needs a subscription, and these in the environment:',
      '  AZURE_LIVE: the figure 1, since Azure costs something',
      '  AZURE_SUBSCRIPTION_ID: the id of a subscription, a GUID',
      '  AZURE_LIVE_RESOURCE_GROUP: the name of a resource group in which you may create and delete container groups',
    ].join('\n'),
  });
  const given = { AZURE_LIVE: '1', AZURE_LIVE_RESOURCE_GROUP: 'games', AZURE_SUBSCRIPTION_ID: 'mine' };
  expect(readAzureSettings(given)).toEqual({
    ok: false,
    missing: expect.stringMatching(/^Nothing was run\..*:\n {2}AZURE_SUBSCRIPTION_ID: [^\n]*$/) as unknown,
  });
});
