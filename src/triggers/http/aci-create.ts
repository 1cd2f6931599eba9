import type { HttpResponseInit } from '@azure/functions';
import { containerGroupEntity } from '../../contracts/container-group.ts';
import { createRequestSchema, waitSecondsSchema } from '../../contracts/http-api.ts';
import { provisionContainerGroup } from '../../contracts/provisioning.ts';
import { defined } from '../../domain/defined.ts';
import { checkContainerGroupSpec } from '../../domain/spec/check-container-group-spec.ts';
import { checkCreationPolicy, type CreationPolicy } from '../../domain/spec/creation-policy.ts';
import { groupKey, provisionInstanceId } from '../../domain/group/group-id.ts';
import { wishesOf } from '../../domain/group/group-wishes.ts';
import { hasLeftNothing } from '../../domain/group/left-nothing.ts';
import { injectEnvironment, REPORT_URL_VARIABLE } from '../../domain/spec/injected-environment.ts';
import type { DurableClient } from '../../durable/durable-client.ts';
import type { TokenMint } from '../../security/container-token.ts';
import type { sealSpec } from '../../security/sealed-spec.ts';
import type { Sealer } from '../../security/sealing.ts';
import { accepted, type StatusUrlSettings } from './accepted.ts';
import { parseRequest, requireValidId, type ApiRequest } from './api-request.ts';
import { claimName, findName, type CreateRequest, type CreationAttempt, type FreeName } from './creation-name.ts';
import { creationOutcome } from './creation-outcome.ts';
import { idempotencyKeyOf } from './idempotency-key.ts';
import { Problem, violationProblem } from './problem.ts';
import type { HttpFunction } from './register-http.ts';

/** What ACICreate needs to know of the settings. */
export interface CreateSettings extends StatusUrlSettings {
  pollIntervalMs: number;
  provisioningDeadlineMs: number;
  creationPolicy: CreationPolicy;
  /** Where containers report. */
  setSessionsUrl: string;
}

/** Groups read at once; with their states about 200 KB. */
const PAGE_SIZE = 100;

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
      const idempotencyKey = idempotencyKeyOf(request);
      const body = parseCreateRequest(await request.json(), settings.creationPolicy);
      const attempt: CreationAttempt = { request, body, settings, sealer: security.sealer, idempotencyKey };
      const incarnation = await create(attempt, settings, security);
      return wait === undefined || incarnation === undefined
        ? accepted(request, provisionInstanceId(groupKey(body)), settings)
        : outcome(attempt, incarnation, wait * 1_000);
    },
  };
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

/** The incarnation that the request got, now or when it came first; undefined when it is remembered and no more known of it. */
async function create(
  attempt: CreationAttempt,
  settings: CreateSettings,
  security: CreateSecurity,
): Promise<string | undefined> {
  const name = await findName(attempt);
  if (name.is === 'taken') {
    return name.incarnation;
  }
  await requireRoom(attempt.request, settings.creationPolicy);
  return startProvisioning(attempt, name, settings, security);
}

async function startProvisioning(
  attempt: CreationAttempt,
  name: FreeName,
  settings: CreateSettings,
  security: CreateSecurity,
): Promise<string> {
  const { request, body, idempotencyKey } = attempt;
  const { containerGroup, resourceGroup, containerGroupName } = body;
  const incarnation = crypto.randomUUID();
  const { token, digest: tokenDigest } = security.tokens.mint({ groupKey: groupKey(body), incarnation, generation: 1 });
  const spec = injectEnvironment(containerGroup, [
    { name: REPORT_URL_VARIABLE, secureValue: reportUrl(body, token, settings) },
    { name: 'RESOURCE_GROUP', value: resourceGroup },
    { name: 'CONTAINER_GROUP_NAME', value: containerGroupName },
  ]);
  const requestDigest = security.sealer.digest(JSON.stringify(body));
  const input = {
    resourceGroup,
    containerGroupName,
    incarnation,
    spec: security.sealSpec(spec, groupKey(body), security.sealer),
    creation: { requestDigest, ...defined({ idempotencyKey }) },
    ...(name.earlierCreations.length === 0 ? {} : { earlierCreations: name.earlierCreations }),
    tokenDigest,
    cause: request.cause,
    waitPolicy: { pollIntervalMs: settings.pollIntervalMs, deadlineMs: settings.provisioningDeadlineMs },
    ...wishesOf(body),
  };
  return claimName(attempt, incarnation, name.replaced, () =>
    request.client.start(provisionContainerGroup, provisionInstanceId(groupKey(body)), input),
  );
}

/** Counts the groups only where there is a ceiling. It is a soft one: two creates at the same time may both see room. */
async function requireRoom({ client }: ApiRequest, { maxGroups }: CreationPolicy): Promise<void> {
  if (maxGroups !== undefined && !(await hasRoom(client, maxGroups))) {
    const message = `There are ${maxGroups} container groups, as many as this installation allows at the same time.`;
    throw new Problem({ code: 'tooManyGroups', message });
  }
}

/** All are counted first, which reads no states; at the ceiling, only those count that have, or may have, something in Azure. */
async function hasRoom(client: DurableClient, maxGroups: number): Promise<boolean> {
  if ((await client.count(containerGroupEntity, maxGroups)) < maxGroups) {
    return true;
  }
  let count = 0;
  let page: { continuationToken?: string } = {};
  do {
    const found = await client.query(containerGroupEntity, { limit: PAGE_SIZE, ...page });
    const living = found.entities.filter(({ state }) => !hasLeftNothing(state));
    count += living.length + found.newer.length + found.unreadableKeys.length;
    page = defined({ continuationToken: found.continuationToken });
  } while (page.continuationToken !== undefined && count < maxGroups);
  return count < maxGroups;
}

async function outcome(attempt: CreationAttempt, incarnation: string, timeoutMs: number): Promise<HttpResponseInit> {
  const { request, body, settings } = attempt;
  const answer = await creationOutcome(request.client, body, incarnation, timeoutMs);
  return answer ?? accepted(request, provisionInstanceId(groupKey(body)), settings);
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
