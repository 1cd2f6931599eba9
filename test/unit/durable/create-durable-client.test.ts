import { InvocationContext } from '@azure/functions';
import { expect, test } from 'vitest';
import { durableClientPayload } from '../../../local/host/durable/http/client-binding.ts';
import { durableClientOf, durableClientInput } from '../../../src/durable/create-durable-client.ts';

function invocation(systemKey: string): InvocationContext {
  const origin = 'http://127.0.0.1:7071';
  const binding = durableClientPayload({ hubName: 'hub', origin, systemKey, rpcBaseUrl: `${origin}/durabletask/` });
  const context = new InvocationContext({ options: { extraInputs: [durableClientInput] } });
  context.extraInputs.set(durableClientInput, JSON.parse(binding));
  return context;
}

test('invocations with the same binding share a client', () => {
  expect(durableClientOf(invocation('a'))).toBe(durableClientOf(invocation('a')));
});

test('a renewed key is in the URLs of the next invocation', () => {
  const statusUrl = (key: string): string | undefined =>
    durableClientOf(invocation(key)).managementPayload('instance-1', 'http://127.0.0.1:7071')['statusQueryGetUri'];
  expect(statusUrl('old')).toContain('code=old');
  expect(statusUrl('new')).toContain('code=new');
});

test('the URLs of an instance are below the public one, with its path', () => {
  const urls = durableClientOf(invocation('a')).managementPayload('instance-1', 'https://games.example.com/prod');
  const { id, ...others } = urls;
  expect(id).toBe('instance-1');
  expect(Object.values(others).length).toBeGreaterThan(3);
  for (const url of Object.values(others)) {
    expect(url).toMatch(/^https:\/\/games\.example\.com\/prod\/runtime\/webhooks\/durabletask\//);
  }
});
