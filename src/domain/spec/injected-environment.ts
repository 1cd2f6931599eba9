import type { ContainerGroupSpec, EnvironmentVariable } from './container-group-spec.ts';

/** The variable that holds the address at which a container reports, with its token. */
export const REPORT_URL_VARIABLE = 'ACI_SET_SESSIONS_URL';

/**
 * The spec with variables added to every container, as the 2018 project did (ACI_SET_SESSIONS_URL, RESOURCE_GROUP,
 * CONTAINER_GROUP_NAME); a variable that the spec itself sets wins.
 */
export function injectEnvironment(
  spec: ContainerGroupSpec,
  variables: readonly EnvironmentVariable[],
): ContainerGroupSpec {
  const containers = spec.containers.map((container) => {
    const own = container.environmentVariables ?? [];
    const added = variables.filter(({ name }) => !own.some((variable) => variable.name === name));
    return { ...container, environmentVariables: [...own, ...added] };
  });
  return { ...spec, containers };
}
