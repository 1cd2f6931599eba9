import { containerGroupDeploymentNotReady, containerLogNotAvailable, containerNotFound } from '../wire/aci-errors.ts';
import type { AciProvider } from '../aci-provider.ts';
import type { LogLine } from '../containers/container-log.ts';
import { invalidRequestContent, resourceNotFound } from '../wire/arm-errors.ts';
import { type ArmReply, errorReply } from '../wire/arm-reply.ts';
import { type ArmRequest, parameterOf } from '../wire/arm-request.ts';
import type { ContainerState } from './container-group.ts';
import type { ContainerBody } from '../wire/container-group-body.ts';

/** Shows what a container has written: a simulated one writes a few lines when it starts and one when it ends. */
export function listContainerLogs(provider: AciProvider, request: ArmRequest): ArmReply {
  const resourceGroup = parameterOf(request, 'resourceGroup');
  const name = parameterOf(request, 'name');
  const container = parameterOf(request, 'container');
  const group = provider.groups.find(resourceGroup, name);
  if (!group) return errorReply(resourceNotFound(resourceGroup, name));
  const containers = group.properties.containers ?? [];
  const index = containers.findIndex((body) => body.name === container.toLowerCase());
  const body = containers[index];
  if (!body) return errorReply(containerNotFound(container, group.name));
  const options = readOptions(request.url.searchParams);
  if (!options) {
    return errorReply(invalidRequestContent("'tail' must be a positive integer, 'timestamps' true or false"));
  }

  const instance = group.instances[index];
  if (!instance?.currentState) return errorReply(containerGroupDeploymentNotReady(group.name));
  const state = instance.currentState.state === 'Waiting' ? instance.previousState : instance.currentState;
  if (!state || state.state === 'Waiting') return errorReply(containerLogNotAvailable(container, group.name));
  const lines = provider.containers.linesOf(group, index) ?? writeLines(body, state);
  const shown = options.tail === undefined ? lines : lines.slice(-options.tail);
  const content = shown.map(({ atMs, text }) =>
    options.timestamps ? `${new Date(atMs).toISOString()} ${text}\n` : `${text}\n`,
  );
  return { status: 200, body: { content: content.join('') } };
}

function readOptions(query: URLSearchParams): { tail: number | undefined; timestamps: boolean } | undefined {
  const tail = query.get('tail');
  const timestamps = query.get('timestamps')?.toLowerCase() ?? 'false';
  if (tail !== null && !/^[1-9]\d{0,8}$/.test(tail)) return undefined;
  if (timestamps !== 'true' && timestamps !== 'false') return undefined;
  return { tail: tail === null ? undefined : Number(tail), timestamps: timestamps === 'true' };
}

function writeLines(body: ContainerBody, state: Exclude<ContainerState, { state: 'Waiting' }>): LogLine[] {
  const { startMs } = state;
  const lines: LogLine[] = [
    { atMs: startMs, text: `${body.name ?? ''} starting (simulated ${body.properties?.image ?? ''})` },
    { atMs: startMs, text: `environment: ${(body.properties?.environmentVariables ?? []).length} variables` },
    ...(body.properties?.ports ?? []).map(({ port, protocol = 'TCP' }) => ({
      atMs: startMs,
      text: `listening on 0.0.0.0:${port}/${protocol.toLowerCase()}`,
    })),
    { atMs: startMs, text: 'ready' },
  ];
  if (state.state === 'Terminated') {
    lines.push({ atMs: state.finishMs, text: `ended with exit code ${state.exitCode}` });
  }
  return lines;
}
