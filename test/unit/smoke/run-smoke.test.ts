import { describe, expect, test } from 'vitest';
import { smokeAgainst, type Reply } from './broken-app.ts';

type Details = readonly [status: number, body?: object];
const GONE: Details = [404, { code: 'unknownGroup', detail: 'There is no such group.' }];

/** As much of an app as it takes to create a group, with this outcome; the group is deleted with this answer. */
function creating({
  outcome,
  deletion = [200, { deleted: true }],
  details = [],
}: {
  outcome: readonly [status: number, body: object];
  deletion?: Details;
  /** What ACIDetails answers at first; then there is no such group. */
  details?: Details[];
}): Reply {
  return (name, { query, body }) => {
    const isGood = typeof body === 'object' && body !== null && 'containerGroupName' in body;
    switch (name) {
      case 'ACIDetails':
        return details.shift() ?? GONE;
      case 'health':
        return [200, { status: 'ok', events: {} }];
      case 'ACIOperation':
        return query.get('id') === 'none' ? GONE : outcome;
      case 'ACICreate':
        return isGood
          ? [202, { id: 'provision:games:one', statusQueryGetUri: 'https://app.example/api/ACIOperation?id=one' }]
          : [400, { code: 'bodyMissing', detail: 'No.' }];
      case 'ACIDelete':
        return deletion;
      default:
        return GONE;
    }
  };
}

function failing(code: string): readonly [status: number, body: object] {
  return [
    200,
    { runtimeStatus: 'Completed', outcome: { ok: false, failure: { code, message: 'In the words of Azure.' } } },
  ];
}

describe('an app that is not well', () => {
  test.each([
    { what: 'a host without functions', reply: (): readonly [number] => [404], says: /the package is not installed/ },
    {
      what: 'another web site',
      reply: () => [200, '<title>Welcome to nginx!</title>'] as const,
      says: /came 200 Welcome to nginx!.*\n.*another program/,
    },
    {
      what: 'bad settings',
      reply: () => [503, { status: 'badSettings', settings: ['ACI_SEALING_KEYS: it is missing'] }] as const,
      says: /badSettings; ACI_SEALING_KEYS: it is missing/,
    },
    {
      what: 'a host that does not start',
      reply: () => [503, '<title>503 Service Unavailable</title>'] as const,
      says: /can't start the app/,
    },
  ])('ends the walk at its first step: $what', async ({ reply, says }) => {
    const { exitCode, output } = await smokeAgainst(reply);
    expect(exitCode).toBe(1);
    expect(output).toMatch(says);
    expect(output).toMatch(/0 passed, 1 failed, 25 not tried, .*NOT WELL$/);
  });

  test('a key that is none of the role is told, and nothing is created with it', async () => {
    const created: string[] = [];
    const { exitCode, output } = await smokeAgainst((name) => {
      created.push(name);
      return name === 'health' ? [200, { status: 'ok', events: {} }] : [401];
    });
    expect(exitCode).toBe(1);
    expect(output).toContain('take that of the role operator');
    expect(created).not.toContain('ACICreate');
  });
});

describe('a creation that fails', () => {
  test.each([
    { code: 'quotaReached', next: /docs\/operations\.md, Quotas/ },
    { code: 'insufficientCapacity', next: /another --location/ },
    { code: 'notAuthorized', next: /az role assignment list/ },
    { code: 'providerNotRegistered', next: /az provider register --namespace Microsoft\.ContainerInstance/ },
  ])('is told with what to look at next, and cleaned up: $code', async ({ code, next }) => {
    const { exitCode, output } = await smokeAgainst(creating({ outcome: failing(code) }));
    expect(exitCode).toBe(1);
    expect(output).toContain(`The creation failed with ${code}: In the words of Azure.`);
    expect(output).toMatch(next);
    expect(output).toMatch(/cleaning up: smoke-\w+\n/);
    expect(output).not.toContain('LEFT BEHIND');
  });
});

describe('what may be there', () => {
  test('is deleted when somebody presses Ctrl-C, and the run was not well', async () => {
    const deleted: unknown[] = [];
    let interrupt = (): void => undefined;
    const stillCreating = creating({ outcome: [202, { runtimeStatus: 'Running' }] });
    const { exitCode, output } = await smokeAgainst(
      (name, request) => {
        if (name === 'ACIOperation' && request.query.get('id') === 'one') interrupt();
        if (name === 'ACIDelete') deleted.push(request.body);
        return stillCreating(name, request);
      },
      {
        whenAsked: (stop) => {
          interrupt = stop;
        },
      },
    );
    expect(exitCode).toBe(1);
    expect(output).toMatch(/interrupted, .*NOT WELL$/);
    expect(JSON.stringify(deleted.at(-1))).toMatch(/"containerGroupName":"smoke-/);
    expect(output).not.toContain('LEFT BEHIND');
  });

  test('is not taken for gone by a 404 of a host without functions, and a busy gateway is asked once more', async () => {
    const busy: Details = [503];
    const gone = creating({ outcome: failing('quotaReached'), details: [GONE, busy] });
    expect((await smokeAgainst(gone)).output).toMatch(/once more after: GET ACIDetails: .* came 503/);
    const withoutFunctions = creating({ outcome: failing('quotaReached'), details: [GONE, [404]] });
    expect((await smokeAgainst(withoutFunctions)).output).toMatch(
      /LEFT BEHIND.*\n.*\n.*expected 404 unknownGroup, came 404/,
    );
  });

  test('and can not be deleted is named, with why and how to delete it, without the key', async () => {
    const deletion: Details = [503, { code: 'commandPending', detail: 'Another deletion is being decided.' }];
    const { exitCode, output } = await smokeAgainst(creating({ outcome: failing('quotaReached'), deletion }));
    expect(exitCode).toBe(1);
    expect(output).toMatch(/LEFT BEHIND, and costs until it is deleted:\n {2}smoke-\w+\n.*commandPending/);
    expect(output).toMatch(/curl -X POST "http:\S+\/api\/ACIDelete" --header "x-functions-key: \$SMOKE_KEY"/);
    expect(output).toMatch(/az container delete --resource-group games --name smoke-\w+ --yes/);
    expect(output).not.toContain('hunter2');
  });
});
