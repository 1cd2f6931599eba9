import { describe, expect, test } from 'vitest';
import type { ContainerGroupSpec, EnvironmentVariable } from '../../../../src/domain/spec/container-group-spec.ts';
import { injectEnvironment } from '../../../../src/domain/spec/injected-environment.ts';

const URL = { name: 'ACI_SET_SESSIONS_URL', secureValue: 'https://example.com/report' };

function container(name: string, environmentVariables?: EnvironmentVariable[]) {
  const resources = { requests: { cpu: 1, memoryInGB: 1 } };
  return { name, image: 'nginx', resources, ...(environmentVariables === undefined ? {} : { environmentVariables }) };
}

function specOf(...containers: ContainerGroupSpec['containers']): ContainerGroupSpec {
  return { location: 'westeurope', osType: 'Linux', containers };
}

describe('injected variables', () => {
  test('go into every container', () => {
    expect(injectEnvironment(specOf(container('one'), container('two', [])), [URL])).toEqual(
      specOf(container('one', [URL]), container('two', [URL])),
    );
  });

  test('give way to one that the spec sets itself', () => {
    const own = { name: 'ACI_SET_SESSIONS_URL', value: 'mine' };
    const added = { name: 'RESOURCE_GROUP', value: 'games' };
    expect(injectEnvironment(specOf(container('one', [own])), [URL, added])).toEqual(
      specOf(container('one', [own, added])),
    );
  });

  test('leave the spec that they were given as it was', () => {
    const spec = specOf(container('one', []));
    injectEnvironment(spec, [URL]);
    expect(spec).toEqual(specOf(container('one', [])));
  });
});
