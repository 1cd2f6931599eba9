import type { HttpResponseInit } from '@azure/functions';
import type { z } from 'zod';
import { containerGroupEntity } from '../../contracts/container-group.ts';
import { createRequestSchema, idempotencyKeySchema, waitSecondsSchema } from '../../contracts/http-api.ts';
import { provisionContainerGroup } from '../../contracts/provisioning.ts';
import { defined } from '../../domain/defined.ts';
import { checkContainerGroupSpec } from '../../domain/spec/check-container-group-spec.ts';
import type { Creation } from '../../domain/group/container-group.ts';
import { checkCreationPolicy, type CreationPolicy } from '../../domain/spec/creation-policy.ts';
import { groupKey, provisionInstanceId } from '../../domain/group/group-id.ts';
import { injectEnvironment } from '../../domain/spec/injected-environment.ts';
import { toListItem } from '../../domain/group/list-item.ts';
import type { TokenMint } from '../../security/container-token.ts';
import type { sealSpec } from '../../security/sealed-spec.ts';
import type { Sealer } from '../../security/sealing.ts';
import { accepted, statusUrls, type StatusUrlSettings } from './accepted.ts';
import { parseRequest, requireValidId, type ApiRequest } from './api-request.ts';
import { poll } from './poll.ts';
import { Problem, problemResponse, violationProblem } from './problem.ts';
import type { HttpFunction } from './register-http.ts';

type CreateRequest = z.infer<typeof createRequestSchema>;

/** What ACICreate needs to know of the settings. */
export interface CreateSettings extends StatusUrlSettings {
  pollIntervalMs: number;
  provisioningDeadlineMs: number;
  creationPolicy: CreationPolicy;
  /** Where containers report. */
  setSessionsUrl: string;
}

/** What keeps secrets out of histories. */
export interface CreateSecurity {
  sealSpec: typeof sealSpec;
  sealer: Sealer;
  tokens: Pick<TokenMint, 'mint'>;
}

/** ACICreate: checks the spec, starts the provisioning, and answers at once or, with `?wait=`, with the outcome. */
export function aciCreate(settings: CreateSettings, security: CreateSecurity): HttpFunction {
  return {
    name: 'ACICreate',
    methods: ['POST'],
    handle: async (request) => {
      const wait = parseRequest(waitSecondsSchema.optional(), request.query['wait'], { root: 'wait' });
      const idempotencyKey = parseRequest(
        idempotencyKeySchema.optional(),
        request.header('idempotency-key') ?? undefined,
        { root: 'Idempotency-Key' },
      );
      const body = parseCreateRequest(await request.json(), settings.creationPolicy);
      const creating = { request, body, settings, security, idempotencyKey };
      if (!(await isRepeated(creating))) {
        await startProvisioning(creating);
      }
      return wait === undefined ? accepted(request, instanceIdOf(body), settings) : outcome(creating, wait * 1_000);
    },
  };
}

/** One request to create, with what it needs to be carried out. */
interface Creating {
  request: ApiRequest;
  body: CreateRequest;
  settings: CreateSettings;
  security: CreateSecurity;
  idempotencyKey: string | undefined;
}

function parseCreateRequest(json: unknown, creationPolicy: CreationPolicy): CreateRequest {
  const body = parseRequest(createRequestSchema, json);
  requireValidId(body);
  const violations = [
    ...checkContainerGroupSpec(body.containerGroup, 'containerGroup'),
    ...checkCreationPolicy(body, body.containerGroup, creationPolicy),
  ];
  if (violations.length > 0) {
    throw violationProblem(violations, 'invalidSpec');
  }
  return body;
}

async function startProvisioning(creating: Creating): Promise<void> {
  const { request, body, settings, security, idempotencyKey } = creating;
  const { containerGroup, resourceGroup, containerGroupName, maxSessions, labels } = body;
  await requireRoom(request, settings.creationPolicy);
  const incarnation = crypto.randomUUID();
  const { token, digest: tokenDigest } = security.tokens.mint({ groupKey: groupKey(body), incarnation, generation: 1 });
  const spec = injectEnvironment(containerGroup, [
    { name: 'ACI_SET_SESSIONS_URL', secureValue: reportUrl(body, token, settings) },
    { name: 'RESOURCE_GROUP', value: resourceGroup },
    { name: 'CONTAINER_GROUP_NAME', value: containerGroupName },
  ]);
  const requestDigest = security.sealer.digest(JSON.stringify(body));
  const started = await request.client.start(provisionContainerGroup, instanceIdOf(body), {
    resourceGroup,
    containerGroupName,
    incarnation,
    spec: security.sealSpec(spec, groupKey(body), security.sealer),
    creation: { requestDigest, ...defined({ idempotencyKey }) },
    tokenDigest,
    cause: request.cause,
    waitPolicy: { pollIntervalMs: settings.pollIntervalMs, deadlineMs: settings.provisioningDeadlineMs },
    ...defined({ maxSessions, labels }),
  });
  if (started === 'alreadyRunning' && !(await isRepeated(creating))) {
    throw alreadyExists(creating, { state: 'Creating' });
  }
}

/** Whether this group was created by the same request before; throws when it was by another. */
async function isRepeated(creating: Creating): Promise<boolean> {
  const { request, body } = creating;
  const group = await request.client.read(containerGroupEntity, groupKey(body));
  if (group !== undefined) {
    return isSameCreation(creating, group.creation) || refuse(alreadyExists(creating, toListItem(group)));
  }
  // The entity appears with the first step of the provisioning, a moment after its start.
  const instance = await request.client.statusWithInput(provisionContainerGroup, instanceIdOf(body));
  if (instance === undefined || instance.isFinished) {
    return false;
  }
  return isSameCreation(creating, instance.input?.creation) || refuse(alreadyExists(creating, { state: 'Creating' }));
}

function isSameCreation({ body, security, idempotencyKey }: Creating, earlier: Creation | undefined): boolean {
  if (earlier === undefined || idempotencyKey === undefined || idempotencyKey !== earlier.idempotencyKey) {
    return false;
  }
  if (!security.sealer.matches(JSON.stringify(body), earlier.requestDigest)) {
    const message = 'This Idempotency-Key came with another body before. Use a new key for a new request.';
    throw new Problem(
      { code: 'idempotencyKeyReused', message },
      { field: 'Idempotency-Key', expected: 'a key that was not used for another body' },
    );
  }
  return true;
}

/** Counts the groups only where there is a ceiling. It is a soft one: two creates at the same time may both see room. */
async function requireRoom({ client }: ApiRequest, { maxGroups }: CreationPolicy): Promise<void> {
  if (maxGroups !== undefined && (await client.count(containerGroupEntity, maxGroups)) >= maxGroups) {
    const message = `There are ${maxGroups} container groups, as many as this installation allows at the same time.`;
    throw new Problem({ code: 'tooManyGroups', message });
  }
}

function alreadyExists({ request, body, settings }: Creating, group: { state: string }): Problem {
  const message = `The container group exists already and is ${group.state}. It is left as it is.`;
  const urls = statusUrls(request, instanceIdOf(body), settings);
  return new Problem({ code: 'alreadyExists', message }, { state: group.state, group, statusUrls: urls });
}

async function outcome({ request, body, settings }: Creating, timeoutMs: number): Promise<HttpResponseInit> {
  const output = await poll(timeoutMs, async () => {
    const instance = await request.client.status(provisionContainerGroup, instanceIdOf(body));
    return instance?.output;
  });
  if (output === undefined) {
    return accepted(request, instanceIdOf(body), settings);
  }
  return output.ok ? { status: 200, jsonBody: output.group } : problemResponse(output.failure);
}

/** Where the group's containers report, and the token that they prove themselves with. */
function reportUrl(
  { resourceGroup, containerGroupName }: CreateRequest,
  token: string,
  { setSessionsUrl }: CreateSettings,
): string {
  const url = new URL(
    `${setSessionsUrl}/${encodeURIComponent(resourceGroup)}/${encodeURIComponent(containerGroupName)}`,
  );
  // The Functions host masks what follows `sig=` in its logs, as it does for shared access signatures (WebJobs SDK, Sanitizer).
  url.searchParams.set('sig', token);
  return url.toString();
}

function instanceIdOf(body: CreateRequest): string {
  return provisionInstanceId(groupKey(body));
}

function refuse(problem: Problem): never {
  throw problem;
}
