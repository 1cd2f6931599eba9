import { HttpRequest } from '@azure/functions';
import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import {
  createRequestSchema,
  deleteRequestSchema,
  detailsRequestSchema,
  setSessionsRequestSchema,
  setStateRequestSchema,
} from '../../../../src/contracts/http-api.ts';
import { checkContainerGroupSpec } from '../../../../src/domain/spec/check-container-group-spec.ts';
import { parseRequest, toApiRequest } from '../../../../src/triggers/http/api-request.ts';
import { parseReport } from '../../../../src/triggers/http/session-reports.ts';
import { createFakeDurableClient } from '../../durable/fake-durable-client.ts';

/*
 * Requests of the shapes that the project of 2018 sends in its Postman collections, its DEMOS.md, its template and its tests
 * (github.com/dgkanatsios/AzureContainerInstancesManagement), as text: some of their fields' names have no quotation marks.
 */

/** A game server with its ports over UDP, as every one of these requests has them. */
function udpServer({ name, ports, more = '' }: { name: string; ports: number[]; more?: string }): string {
  const list = ports.map((port) => `{ "protocol": "udp", "port": ${port} }`).join(',');
  return `{
    "resourceGroup": "teeworlds", "containerGroupName": "${name}",
    "containerGroup" : {
      "location": "westeurope",
      "containers": [{
        "name": "${name}", "image": "studio/game-server",
        "environmentVariables": [{ "name":"SERVER_NAME", "value":"Azure-1" }],
        "resources": { "requests": { "memoryInGB": 0.5, "cpu": 0.5 } },
        "ports": [${list}]
      }],
      "ipAddress": { "ports": [${list}], "type": "Public"${more === '' ? '' : `, ${more}`} },
      "osType": "Linux"
    }
  }`;
}

const onFileShare = `{
  "resourceGroup": "acimanagement", "containerGroupName": "openarenaserver1",
  "containerGroup" : {
    "location": "westeurope",
    "containers": [{
      "name": "openarenaserver1", "image": "studio/arena",
      "environmentVariables": [{ "name":"OA_STARTMAP", "value":"dm4ish" }, { "name":"OA_PORT", "value":"27960" }],
      "resources": { "requests": { "memoryInGB": 0.5, "cpu": 1 } },
      "ports": [{ "protocol": "udp", "port": 27950 }, { "protocol": "udp", "port": 27960 }],
      "volumeMounts": [{ "name":"openarenadatavolume", "mountPath": "/data", "readOnly": false }]
    }],
    "ipAddress": {
      "ports": [{ "protocol": "udp", "port": 27950 }, { "protocol": "udp", "port": 27960 }],
      "type": "Public", "dnsNameLabel": "customDNSName"
    },
    "osType": "Linux",
    "volumes": [{
      "name": "openarenadatavolume",
      "azureFile": {
        "shareName": "openarenadata", "storageAccountName": "CHANGE ME", "storageAccountKey": "account key ending in=="
      }
    }]
  }
}`;

/** Its tests write a body as JavaScript does. */
const overTcp = `{
  resourceGroup: "acitest123", containerGroupName: "cigroup",
  containerGroup: {
    location: "eastus",
    containers: [{
      name: "ciname", image: "studio/simpleapp", resources: { requests: { memoryInGB: 0.5, cpu: 1 } },
      ports: [{ protocol: "TCP", port: 80 }]
    }],
    ipAddress: { ports: [{ protocol: "TCP", port: 80 }], type: "Public" },
    osType: "Linux"
  }
}`;

/** As the API's functions read and parse it; throws the problem that a caller would get. */
async function take<Schema extends z.ZodType>(schema: Schema, text: string): Promise<z.infer<Schema>> {
  const request = new HttpRequest({
    method: 'POST',
    url: 'https://games.example.com/api/ACICreate',
    headers: { 'content-type': 'application/json' },
    body: { string: text },
  });
  return parseRequest(schema, await toApiRequest(request, createFakeDurableClient(), '7').json());
}

describe('a request of the 2018 project is taken', () => {
  test.each([
    { about: 'one port', text: udpServer({ name: 'teeserver2', ports: [8303] }) },
    {
      about: 'a DNS label in capitals',
      text: udpServer({ name: 'teeserver1', ports: [8303], more: '"dnsNameLabel": "customDNSName"' }),
    },
    { about: 'line ends of Windows', text: udpServer({ name: 'teeserver2', ports: [8303] }).replaceAll('\n', '\r\n') },
    { about: 'a file share', text: onFileShare },
  ])('by ACICreate, with $about', async ({ text }) => {
    const { containerGroup } = await take(createRequestSchema, text);
    expect(checkContainerGroupSpec(containerGroup, 'containerGroup')).toEqual([]);
    expect(containerGroup.ipAddress?.ports.map(({ protocol }) => protocol)).toContain('UDP');
    expect(containerGroup.containers[0]?.ports?.map(({ protocol }) => protocol)).toContain('UDP');
    expect(containerGroup.ipAddress?.dnsNameLabel ?? 'customdnsname').toBe('customdnsname');
  });

  test('by ACICreate, written as JavaScript', async () => {
    const { containerGroup } = await take(createRequestSchema, overTcp);
    expect(checkContainerGroupSpec(containerGroup, 'containerGroup')).toEqual([]);
  });

  test('by ACIDelete, ACIDetails and ACISetState, without quotation marks around the names', async () => {
    const id = '{\r\n    resourceGroup: "teeworlds",\r\n    containerGroupName: "teeserver1"';
    const parsed = { resourceGroup: 'teeworlds', containerGroupName: 'teeserver1' };
    expect(await take(deleteRequestSchema, `${id}\r\n}`)).toEqual(parsed);
    expect(await take(detailsRequestSchema, `${id}}`)).toEqual(parsed);
    expect(await take(detailsRequestSchema, `${id},\r\n type:"logs",\r\n containerName: "teeserver1"\r\n}`)).toEqual({
      ...parsed,
      type: 'logs',
      containerName: 'teeserver1',
    });
    expect(await take(setStateRequestSchema, `${id}, state:"MarkedForDeletion"}`)).toEqual({
      ...parsed,
      state: 'MarkedForDeletion',
    });
  });

  test.each(['5', '"5"', '"0"'])('by ACISetSessions, with the count %s', async (count) => {
    const text = `[{ "resourceGroup": "teeworlds", "containerGroupName": "teeserver1", "activeSessions": ${count} }]`;
    const body = await take(setSessionsRequestSchema, text);
    expect([body].flat().map(parseReport)).toEqual([
      {
        report: {
          resourceGroup: 'teeworlds',
          containerGroupName: 'teeserver1',
          activeSessions: Number(count.replaceAll('"', '')),
        },
      },
    ]);
  });

  test.each(['""', '"three"', '"-1"', '"1.5"', '"1000001"', '" 5"', '"0x5"'])(
    'but for counts that are none: %s',
    async (count) => {
      const text = `{ "resourceGroup": "teeworlds", "containerGroupName": "teeserver1", "activeSessions": ${count} }`;
      expect(parseReport(await take(setSessionsRequestSchema, text))).toMatchObject({
        violations: [{ field: 'activeSessions' }],
      });
    },
  );
});
