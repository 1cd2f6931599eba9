import type { HttpResponseInit } from '@azure/functions';
import type { z } from 'zod';
import { allocateRequestSchema, allocationQuerySchema, waitSecondsSchema } from '../../contracts/http-api.ts';
import { seatBookEntity } from '../../contracts/seat-book.ts';
import { defined } from '../../domain/defined.ts';
import type { ContainerGroup } from '../../domain/group/container-group.ts';
import { bookKey, DEFAULT_FLEET, fleetOf, FLEET_LABEL } from '../../domain/seat/book-key.ts';
import { leasesByRequest } from '../../domain/seat/seat-book.ts';
import { addMs, laterOf, toInstant, type Instant } from '../../domain/time.ts';
import { selectGroups, type GroupSelector } from '../seats/group-catalogue.ts';
import { leaseAnswer, unknownLease } from '../seats/seat-answer.ts';
import type { SeatClerk } from '../seats/seat-clerk.ts';
import { parseRequest, type ApiRequest } from './api-request.ts';
import { Problem, violationProblem } from './problem.ts';
import type { HttpFunction } from './register-http.ts';

type AllocateRequest = z.infer<typeof allocateRequestSchema>;

/** Whoever waits asks again after this: a seat that becomes free is seen no sooner. */
const ASK_AGAIN_MS = 1_000;

/** ACI's usual tens of seconds, of a group that says nothing of its images. */
const USUAL_CREATION_MS = 60_000;

/** ACIAllocate: a seat that is the caller's alone, or what keeps it; the same `requestId` gets the same one. GET looks and asks for nothing. */
export function aciAllocate(clerk: SeatClerk, now: () => number): HttpFunction {
  return {
    name: 'ACIAllocate',
    methods: ['POST', 'GET'],
    handle: async (request) => (request.method === 'GET' ? show(request) : allocate(request, clerk, now)),
  };
}

async function show({ client, query }: ApiRequest): Promise<HttpResponseInit> {
  const { fleet = DEFAULT_FLEET, requestId } = parseRequest(allocationQuerySchema, query);
  const book = await client.read(seatBookEntity, bookKey(fleet) ?? '');
  const found = book && leasesByRequest(book).get(requestId);
  if (book === undefined || found === undefined) {
    throw unknownLease('for this requestId');
  }
  const { id, ...lease } = found;
  return leaseAnswer(client, { fleet, id, lease, book }, undefined);
}

async function allocate(request: ApiRequest, clerk: SeatClerk, now: () => number): Promise<HttpResponseInit> {
  const { client } = request;
  const { wait } = request.query;
  const waitMs = 1_000 * (parseRequest(waitSecondsSchema.optional(), wait, { root: 'wait' }) ?? 0);
  const overAtMs = performance.now() + waitMs;
  const asked = parseRequest(allocateRequestSchema, await request.json());
  const selector = selectorOf(asked);
  const { fleet } = selector;
  const seatRequest = toSeatRequest(asked);
  for (;;) {
    const { book, leases, byGroup, catalogue } = await clerk.ask(client, selector, seatRequest);
    const found = leases.get(asked.requestId);
    if (found !== undefined) {
      const { id, ...lease } = found;
      const ofGroup = byGroup.get(lease.group) ?? [];
      return leaseAnswer(client, { fleet, id, lease, book, ofGroup }, catalogue.groups.get(lease.group));
    }
    const leftMs = overAtMs - performance.now();
    if (leftMs <= 0) {
      return withoutSeat(asked, selectGroups(catalogue, selector), toInstant(now()));
    }
    await new Promise((resolve) => {
      setTimeout(resolve, Math.min(leftMs, ASK_AGAIN_MS));
    });
  }
}

/** `fleet` is short for the label. */
function selectorOf({ fleet, labels = {} }: AllocateRequest): GroupSelector {
  const { [FLEET_LABEL]: _labelled, ...others } = labels;
  const labelled = FLEET_LABEL in labels ? fleetOf({ labels }) : undefined;
  const named = fleet ?? labelled ?? DEFAULT_FLEET;
  if ((labelled ?? named) !== named) {
    throw violationProblem([{ field: 'labels.fleet', expected: 'the same as fleet, or left out' }], 'invalidRequest');
  }
  if (bookKey(named) === undefined) {
    throw violationProblem([{ field: 'labels.fleet', expected: 'at most 63 characters' }], 'invalidRequest');
  }
  return { fleet: named, labels: others };
}

function toSeatRequest({ requestId, seats, strategy, leaseSeconds, confirmSeconds, ...asked }: AllocateRequest) {
  const preferredLocations = asked.preferredLocations?.map((location) => location.toLowerCase());
  const leaseId = crypto.randomUUID();
  return { requestId, leaseId, seats, strategy, leaseSeconds, confirmSeconds, ...defined({ preferredLocations }) };
}

/** There is none now: groups that are being created will have some, or it is for an operator to make more. */
function withoutSeat({ requestId }: AllocateRequest, groups: readonly ContainerGroup[], at: Instant): HttpResponseInit {
  const creating = groups.filter(({ state }) => state === 'Creating');
  const [first] = creating.map(({ createdAt }) => addMs(createdAt, USUAL_CREATION_MS)).toSorted();
  if (first === undefined) {
    const message = 'No group of this fleet that runs has so many seats free.';
    throw new Problem({ code: 'noCapacity', message }, {}, { 'Retry-After': '5' });
  }
  const expectedAt = laterOf(first, at);
  return {
    status: 202,
    headers: { 'Retry-After': '2' },
    jsonBody: { requestId, status: 'waiting', creatingCount: creating.length, expectedAt },
  };
}
