interface WithEnvironment {
  environmentVariables?: { name: string; value?: string; secureValue?: string }[];
}

interface SpecWithContainers<C extends WithEnvironment> {
  containers: C[];
}

/**
 * The spec with variables added to every container, as the 2018 project did (ACI_SET_SESSIONS_URL, RESOURCE_GROUP,
 * CONTAINER_GROUP_NAME); a variable that the spec itself sets wins.
 */
export function injectEnvironment<C extends WithEnvironment, S extends SpecWithContainers<C>>(
  spec: S,
  variables: readonly { name: string; value?: string; secureValue?: string }[],
): S {
  const containers = spec.containers.map((container) => {
    const own = container.environmentVariables ?? [];
    const added = variables.filter(({ name }) => !own.some((variable) => variable.name === name));
    return { ...container, environmentVariables: [...own, ...added] };
  });
  return { ...spec, containers };
}
