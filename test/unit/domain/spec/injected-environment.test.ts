import { describe, expect, test } from 'vitest';
import { injectEnvironment } from '../../../../src/domain/spec/injected-environment.ts';

const URL = { name: 'ACI_SET_SESSIONS_URL', secureValue: 'https://example.com/report' };

describe('injected variables', () => {
  test('go into every container', () => {
    const spec = { location: 'westeurope', containers: [{ name: 'one' }, { name: 'two', environmentVariables: [] }] };
    expect(injectEnvironment(spec, [URL])).toEqual({
      location: 'westeurope',
      containers: [
        { name: 'one', environmentVariables: [URL] },
        { name: 'two', environmentVariables: [URL] },
      ],
    });
  });

  test('give way to one that the spec sets itself', () => {
    const own = { name: 'ACI_SET_SESSIONS_URL', value: 'mine' };
    const { containers } = injectEnvironment({ containers: [{ environmentVariables: [own] }] }, [
      URL,
      { name: 'RESOURCE_GROUP', value: 'games' },
    ]);
    expect(containers[0]?.environmentVariables).toEqual([own, { name: 'RESOURCE_GROUP', value: 'games' }]);
  });

  test('leave the spec that they were given as it was', () => {
    const spec = { containers: [{ name: 'one', environmentVariables: [] }] };
    injectEnvironment(spec, [URL]);
    expect(spec).toEqual({ containers: [{ name: 'one', environmentVariables: [] }] });
  });
});
