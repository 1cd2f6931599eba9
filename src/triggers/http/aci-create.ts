import type { HttpResponseInit } from '@azure/functions';
import type { z } from 'zod';
import { containerGroupEntity } from '../../contracts/container-group.ts';
import { createRequestSchema, idempotencyKeySchema, waitSecondsSchema } from '../../contracts/http-api.ts';
import { provisionContainerGroup } from '../../contracts/provisioning.ts';
import { checkContainerGroupSpec } from '../../domain/container-group-spec.ts';
import type { Creation } from '../../domain/container-group.ts';
import { groupKey, provisionInstanceId } from '../../domain/group-id.ts';
import { injectEnvironment } from '../../domain/injected-environment.ts';
import { toListItem } from '../../domain/list-item.ts';
import { findSecretFields } from '../../domain/secret-fields.ts';
import { accepted } from './accepted.ts';
import { parseRequest, requireValidId, type ApiRequest } from './api-request.ts';
import { poll } from './poll.ts';
import { Problem, problemResponse, violationProblem } from './problem.ts';
import type { HttpFunction } from './register-http.ts';

type CreateRequest = z.infer<typeof createRequestSchema>;

export interface CreateSettings {
  pollIntervalMs: number;
  provisioningDeadlineMs: number;
  /** Undefined: made from the request's origin. */
  setSessionsUrl?: string;
}

/** ACICreate: checks the spec, starts the provisioning, and answers at once or, with `?wait=`, with the outcome. */
export function aciCreate(settings: CreateSettings): HttpFunction {
  return {
    name: 'ACICreate',
    methods: ['POST'],
    handle: async (request) => {
      const wait = parseRequest(waitSecondsSchema.optional(), request.query['wait'], { root: 'wait' });
      const idempotencyKey = parseRequest(
        idempotencyKeySchema.optional(),
        request.header('idempotency-key') ?? undefined,
        {
          root: 'Idempotency-Key',
        },
      );
      const body = parseCreateRequest(await request.json());
      const requestDigest = await sha256(JSON.stringify(body));
      const creation = { requestDigest, ...(idempotencyKey === undefined ? {} : { idempotencyKey }) };
      await startProvisioning(request, body, creation, settings);
      return wait === undefined ? accepted(request, instanceIdOf(body)) : outcome(request, body, wait * 1_000);
    },
  };
}

function parseCreateRequest(json: unknown): CreateRequest {
  const body = parseRequest(createRequestSchema, json);
  requireValidId(body);
  const violations = checkContainerGroupSpec(body.containerGroup, 'containerGroup');
  if (violations.length > 0) {
    throw violationProblem(violations, 'invalidSpec');
  }
  const [secret] = findSecretFields(body.containerGroup, 'containerGroup');
  if (secret !== undefined) {
    throw violationProblem(
      [{ field: secret, expected: 'no secret: they are not supported yet', code: 'secretsNotSupported' }],
      'invalidSpec',
    );
  }
  return body;
}

/** Starts the provisioning; returns without a word when this very request started it before, throws when another did. */
async function startProvisioning(
  request: ApiRequest,
  body: CreateRequest,
  creation: Creation,
  settings: CreateSettings,
): Promise<void> {
  const { containerGroup, resourceGroup, containerGroupName, maxSessions, labels } = body;
  if (await isRepeated(request, body, creation)) {
    return;
  }
  const incarnation = crypto.randomUUID();
  const spec = injectEnvironment(containerGroup, [
    { name: 'ACI_SET_SESSIONS_URL', value: setSessionsUrl(request, incarnation, settings) },
    { name: 'RESOURCE_GROUP', value: resourceGroup },
    { name: 'CONTAINER_GROUP_NAME', value: containerGroupName },
  ]);
  const started = await request.client.start(provisionContainerGroup, instanceIdOf(body), {
    resourceGroup,
    containerGroupName,
    incarnation,
    spec,
    creation,
    cause: `request ${request.invocationId}`,
    waitPolicy: { pollIntervalMs: settings.pollIntervalMs, deadlineMs: settings.provisioningDeadlineMs },
    ...(maxSessions === undefined ? {} : { maxSessions }),
    ...(labels === undefined ? {} : { labels }),
  });
  if (started === 'alreadyRunning' && !(await isRepeated(request, body, creation))) {
    throw alreadyExists(request, body, { state: 'Creating' });
  }
}

/** Whether this group was created by the same request before; throws when it was by another. */
async function isRepeated(request: ApiRequest, body: CreateRequest, creation: Creation): Promise<boolean> {
  const group = await request.client.read(containerGroupEntity, groupKey(body));
  if (group !== undefined) {
    return isSameCreation(group.creation, creation) || refuse(alreadyExists(request, body, toListItem(group)));
  }
  // The entity appears with the first step of the provisioning, a moment after its start.
  const instance = await request.client.status(provisionContainerGroup, instanceIdOf(body));
  if (instance === undefined || instance.isFinished) {
    return false;
  }
  return (
    isSameCreation(instance.input.creation, creation) || refuse(alreadyExists(request, body, { state: 'Creating' }))
  );
}

function isSameCreation(earlier: Creation, creation: Creation): boolean {
  if (creation.idempotencyKey === undefined || creation.idempotencyKey !== earlier.idempotencyKey) {
    return false;
  }
  if (creation.requestDigest !== earlier.requestDigest) {
    throw new Problem(
      {
        code: 'idempotencyKeyReused',
        message: 'This Idempotency-Key came with another body before. Use a new key for a new request.',
      },
      { field: 'Idempotency-Key', expected: 'a key that was not used for another body' },
    );
  }
  return true;
}

function alreadyExists(request: ApiRequest, body: CreateRequest, group: { state: string }): Problem {
  const message = `The container group exists already and is ${group.state}. It is left as it is.`;
  const statusUrls = request.client.managementPayload(instanceIdOf(body), request.origin);
  return new Problem({ code: 'alreadyExists', message }, { state: group.state, group, statusUrls });
}

async function outcome(request: ApiRequest, body: CreateRequest, timeoutMs: number): Promise<HttpResponseInit> {
  const output = await poll(timeoutMs, async () => {
    const instance = await request.client.status(provisionContainerGroup, instanceIdOf(body));
    return instance?.output;
  });
  if (output === undefined) {
    return accepted(request, instanceIdOf(body));
  }
  return output.ok ? { status: 200, jsonBody: output.group } : problemResponse(output.failure);
}

function setSessionsUrl(request: ApiRequest, incarnation: string, settings: CreateSettings): string {
  const url = new URL(settings.setSessionsUrl ?? `${request.origin}/api/ACISetSessions`);
  url.searchParams.set('incarnation', incarnation);
  return url.toString();
}

function instanceIdOf(body: CreateRequest): string {
  return provisionInstanceId(groupKey(body));
}

async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Buffer.from(digest).toString('hex');
}

function refuse(problem: Problem): never {
  throw problem;
}
