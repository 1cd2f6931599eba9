import { describe, expect, test } from 'vitest';
import { describeEndpointChange, isSameEndpoint } from '../../../../src/domain/group/endpoint-change.ts';

const udp = { port: 7777, protocol: 'UDP' as const };
const tcp = { port: 7777, protocol: 'TCP' as const };

describe('an endpoint', () => {
  test.each([
    ['the same', { publicIP: '20.0.0.1', ports: [udp] }, true],
    ['another IP', { publicIP: '20.0.0.2', ports: [udp] }, false],
    ['a name', { publicIP: '20.0.0.1', fqdn: 'game.example.com', ports: [udp] }, false],
    ['another protocol', { publicIP: '20.0.0.1', ports: [tcp] }, false],
    ['one more port', { publicIP: '20.0.0.1', ports: [udp, tcp] }, false],
  ])('with %s leads to the same place: %s', (_, other, expected) => {
    expect(isSameEndpoint({ publicIP: '20.0.0.1', ports: [udp] }, other)).toBe(expected);
  });

  test('with its ports in another order leads to the same place', () => {
    expect(isSameEndpoint({ ports: [udp, tcp] }, { ports: [tcp, udp] })).toBe(true);
  });

  test('is another than none', () => {
    expect(isSameEndpoint(undefined, { publicIP: '20.0.0.1', ports: [] })).toBe(false);
    expect(describeEndpointChange(undefined, { publicIP: '20.0.0.1', ports: [udp] })).toBe(
      'none → 20.0.0.1, none → 7777/UDP',
    );
  });

  test('tells what changed, and nothing else', () => {
    const before = { publicIP: '20.0.0.1', fqdn: 'a.example.com', ports: [udp] };
    expect(describeEndpointChange(before, { ...before, publicIP: '20.0.0.2' })).toBe('20.0.0.1 → 20.0.0.2');
    expect(describeEndpointChange(before, { publicIP: '20.0.0.1', ports: [] })).toBe(
      'a.example.com → none, 7777/UDP → none',
    );
  });
});
