import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { refusalOf } from './harness.ts';
import { refusedNames, refusedSpecs } from './refused-specs.ts';
import { openTarget } from './open-target.ts';
import { type ArmTarget, helloWorld } from './target.ts';

// What is here holds for Azure as for the emulator: `npm run conformance:live` asks Azure itself. One group lives through it, from its
// creation to its deletion, so that a run costs next to nothing. What holds for the emulator alone stands in the files beside it.
let target: ArmTarget;
let name: string;

beforeAll(async () => {
  target = await openTarget();
  name = target.claim(`${target.prefix}-group`);
});
afterAll(() => target[Symbol.asyncDispose]());

/** Every group of this run that a list shows, with all that it shows. */
async function listOfRun() {
  const groups = [];
  for await (const group of target.client.containerGroups.listByResourceGroup(target.resourceGroup)) {
    if (group.name?.startsWith(target.prefix) === true) groups.push(group);
  }
  return groups;
}

const namesOfRun = async () => (await listOfRun()).map((group) => group.name);

test('a group that is not there is not found, and its deletion says that there is nothing', async () => {
  const { client, resourceGroup } = target;
  const unfound = await refusalOf(client.containerGroups.get(resourceGroup, name));
  expect(unfound).toMatchObject({ statusCode: 404, code: 'ResourceNotFound' });
  const statuses: number[] = [];
  await client.containerGroups.beginDeleteAndWait(resourceGroup, name, {
    onResponse: ({ status }) => statuses.push(status),
  });
  expect(statuses).toEqual([204]);
});

describe('a spec is refused at once, with the service’s code and nothing created, for', () => {
  test.each(refusedSpecs)('$why', async ({ spec, code, message = '' }) => {
    const { client, resourceGroup, location } = target;
    const refusedName = target.claim(`${target.prefix}-refused`);
    const error = await refusalOf(
      client.containerGroups.beginCreateOrUpdate(resourceGroup, refusedName, helloWorld(location, spec)),
    );
    expect(error).toMatchObject({ statusCode: 400, code });
    expect(error.message).toContain(message);
    expect((await refusalOf(client.containerGroups.get(resourceGroup, refusedName))).statusCode).toBe(404);
  });

  test.each(refusedNames)('$why', async ({ suffix }) => {
    const { client, resourceGroup, location, prefix } = target;
    const create = client.containerGroups.beginCreateOrUpdate(
      resourceGroup,
      `${prefix}${suffix}`,
      helloWorld(location),
    );
    expect(await refusalOf(create)).toMatchObject({ statusCode: 400, code: 'InvalidContainerGroupName' });
    expect(await namesOfRun()).toEqual([]);
  });
});

test('a create answers 201 with an operation, and ends with a running group that has an address', async () => {
  const { client, resourceGroup, location, polling, prefix } = target;
  const puts: { status: number; operation: string | undefined }[] = [];
  const ipAddress = { type: 'Public', ports: [{ port: 80, protocol: 'TCP' }], dnsNameLabel: prefix };
  const spec = helloWorld(location, { ipAddress, tags: { old: '1' } });
  const group = await client.containerGroups.beginCreateOrUpdateAndWait(resourceGroup, name, spec, {
    ...polling,
    onResponse: ({ request, status, headers }) => {
      if (request.method === 'PUT') puts.push({ status, operation: headers.get('azure-asyncoperation') });
    },
  });
  expect(puts.map(({ status }) => status)).toEqual([201]);
  expect(puts[0]?.operation).toMatch(/^https:.*\/locations\/\w+\/operations\//);
  expect(group).toMatchObject({
    name,
    location,
    provisioningState: 'Succeeded',
    ipAddress: {
      ports: [{ port: 80, protocol: 'TCP' }],
      fqdn: `${prefix}.${location}.azurecontainer.io`,
    },
  });
  expect(group.ipAddress?.ip).toMatch(/^\d+(\.\d+){3}$/);
});

test('a group is shown with its instance view, and listed without one', async () => {
  const { client, resourceGroup } = target;
  const shown = await client.containerGroups.get(resourceGroup, name);
  expect(shown.instanceView?.state).toBe('Running');
  const instance = shown.containers[0]?.instanceView;
  expect(instance).toMatchObject({ restartCount: 0, currentState: { state: 'Running' } });
  expect(instance?.events?.map((event) => event.name)).toContain('Started');

  // A list may lag behind (Azure/AKS 1964).
  await expect.poll(namesOfRun).toEqual([name]);
  const [listed] = await listOfRun();
  expect(listed).toMatchObject({ provisioningState: 'Succeeded', ipAddress: { ip: shown.ipAddress?.ip } });
  expect(listed?.instanceView).toBeUndefined();
  expect(listed?.containers[0]?.instanceView).toBeUndefined();
});

test('names are the same in every letter case', async () => {
  const { client, resourceGroup } = target;
  expect((await client.containerGroups.get(resourceGroup.toUpperCase(), name.toUpperCase())).name).toBe(name);
});

test('a patch changes tags and nothing else', async () => {
  const { client, resourceGroup, location } = target;
  const patched = await client.containerGroups.update(resourceGroup, name, { tags: { new: '2' } });
  expect(patched).toMatchObject({ tags: { new: '2' }, location, provisioningState: 'Succeeded' });
  const group = await client.containerGroups.get(resourceGroup, name);
  expect(group.tags).toEqual({ new: '2' });
  expect(group.containers[0]?.instanceView).toMatchObject({ restartCount: 0, currentState: { state: 'Running' } });
});

test('logs have what the container has written, the last lines and with times if asked', async () => {
  const { client, resourceGroup } = target;
  const read = async (options = {}) =>
    (await client.containers.listLogs(resourceGroup, name, 'server', options)).content ?? '';
  await expect.poll(() => read()).toMatch(/listening on .*80/);
  expect(await read({ tail: 1, timestamps: true })).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z [^\n]+\n$/);
  const other = client.containers.listLogs(resourceGroup, name, 'other');
  expect((await refusalOf(other)).statusCode).toBe(404);
});

test('a name and a DNS label that are in use are refused to whoever wants another group of them', async () => {
  const { client, resourceGroup, location, prefix } = target;
  const put = (groupName: string, at: string, overrides: object) =>
    client.containerGroups.beginCreateOrUpdate(resourceGroup, target.claim(groupName), helloWorld(at, overrides));
  const ipAddress = { type: 'Public', ports: [{ port: 80, protocol: 'TCP' }], dnsNameLabel: prefix };
  const policy = put(name, location, { ipAddress, restartPolicy: 'Never' });
  expect(await refusalOf(policy)).toMatchObject({ statusCode: 400, code: 'InvalidContainerGroupUpdate' });
  const elsewhere = put(name, location === 'westus' ? 'eastus' : 'westus', { ipAddress });
  expect(await refusalOf(elsewhere)).toMatchObject({ statusCode: 409, code: 'InvalidResourceLocation' });
  const label = await refusalOf(put(`${prefix}-label`, location, { ipAddress }));
  expect(label.message).toContain(`The DNS name label '${prefix}' in container group '${prefix}-label' not available.`);
});

test('an update with the same resources answers 200, and the group runs again', async () => {
  const { client, resourceGroup, location, polling, prefix } = target;
  const statuses: number[] = [];
  const ipAddress = { type: 'Public', ports: [{ port: 80, protocol: 'TCP' }], dnsNameLabel: prefix };
  const spec = helloWorld(location, { ipAddress, tags: { updated: '3' } });
  const updated = await client.containerGroups.beginCreateOrUpdateAndWait(resourceGroup, name, spec, {
    ...polling,
    onResponse: ({ request, status }) => request.method === 'PUT' && statuses.push(status),
  });
  expect(statuses).toEqual([200]);
  expect(updated).toMatchObject({ provisioningState: 'Succeeded', tags: { updated: '3' } });
});

test('a delete answers with the group, which is gone then; a second one says that there is nothing', async () => {
  const { client, resourceGroup, polling } = target;
  const statuses: number[] = [];
  const onResponse = ({ request, status }: { request: { method: string }; status: number }) =>
    request.method === 'DELETE' && statuses.push(status);
  const deleted = await client.containerGroups.beginDeleteAndWait(resourceGroup, name, { ...polling, onResponse });
  expect(deleted.name).toBe(name);
  await client.containerGroups.beginDeleteAndWait(resourceGroup, name, { ...polling, onResponse });
  expect(statuses).toEqual([200, 204]);
  const unfound = await refusalOf(client.containerGroups.get(resourceGroup, name));
  expect(unfound).toMatchObject({ statusCode: 404, code: 'ResourceNotFound' });
  await expect.poll(namesOfRun).toEqual([]);
});
