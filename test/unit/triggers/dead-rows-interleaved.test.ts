import { expect, test } from 'vitest';
import { provisionContainerGroup } from '../../../src/contracts/provisioning.ts';
import type { ContainerGroup } from '../../../src/domain/group/container-group.ts';
import { groupKey, provisionInstanceId } from '../../../src/domain/group/group-id.ts';
import { DEAD_ROW_REST_MS, type KeptRow } from '../../../src/domain/sweep/at-rest.ts';
import { addMs, type Instant } from '../../../src/domain/time.ts';
import { containerGroupOperations } from '../../../src/entities/container-group.ts';
import { orchestrateProvisioning } from '../../../src/orchestrators/provision-container-group.ts';
import { purgeDeadRows } from '../../../src/triggers/dead-rows.ts';
import { BORN } from '../domain/group/group-fixture.ts';
import { createFakeDurableClient } from '../durable/fake-durable-client.ts';
import { drive, type Answer } from '../orchestrators/drive.ts';

/*
 * The purge of a deleted group's row and a creation of the same name, step by step against one another. The purge sees the row as it is
 * before one step of the creation, and the provisioning as it is before any other; it purges before any step after these, or at the end.
 */

const input = {
  resourceGroup: 'Games',
  containerGroupName: 'game-1',
  incarnation: 'second',
  spec: {
    location: 'westeurope',
    osType: 'Linux' as const,
    containers: [{ name: 'game', image: 'nginx', resources: { requests: { cpu: 1, memoryInGB: 1 } } }],
  },
  creation: { requestDigest: 'digest' },
  tokenDigest: 'token',
  cause: 'request 1',
  waitPolicy: { pollIntervalMs: 10_000, deadlineMs: 1_800_000 },
};
const KEY = groupKey(input);
const LONG_AGO = addMs(BORN, -2 * DEAD_ROW_REST_MS);
const deadRow: KeptRow = { isOver: true, lastUpdatedTime: LONG_AGO };

/** What the backend holds before one step of a creation. */
interface Moment {
  at: Instant;
  row: KeptRow;
  provisioning: KeptRow;
}

/** A creation from before its start to after its end, whose row is purged before the step `purgeAt`, if at all. */
class Creation {
  readonly moments: Moment[] = [];
  group: ContainerGroup | undefined;
  output: unknown;
  private row = deadRow;
  private readonly purgeAt: number | undefined;

  constructor(activities: Record<string, Answer>, purgeAt?: number) {
    this.purgeAt = purgeAt;
    const answers: Record<string, Answer> = {
      'entity.create': this.operation('create'),
      'entity.look': this.operation('look'),
      'entity.provisioned': this.operation('provisioned'),
      'entity.failProvisioning': this.operation('failProvisioning'),
    };
    for (const [name, answer] of Object.entries(activities)) {
      answers[name] = (asked, count, at) => {
        this.pass(at, { isOver: false, lastUpdatedTime: at });
        return typeof answer === 'function' ? answer(asked, count, at) : answer;
      };
    }
    this.pass(BORN, { isOver: true, lastUpdatedTime: LONG_AGO });
    const { output, endedAt } = drive(provisionContainerGroup, orchestrateProvisioning, input, { answers });
    this.pass(endedAt, { isOver: true, lastUpdatedTime: endedAt });
    this.output = output;
  }

  private operation(name: 'create' | 'look' | 'provisioned' | 'failProvisioning'): Answer {
    return (asked, _count, at) => {
      this.pass(at, { isOver: false, lastUpdatedTime: at });
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the steps have parsed it by the schema of this very operation
      const { state, reply } = containerGroupOperations[name](this.group, asked as never);
      this.group = state;
      this.row = { isOver: state === undefined, lastUpdatedTime: at };
      return reply;
    };
  }

  private pass(at: Instant, provisioning: KeptRow): void {
    if (this.moments.length === this.purgeAt) {
      this.group = undefined;
      this.row = deadRow;
    }
    this.moments.push({ at, row: this.row, provisioning });
  }
}

/** Whether the housekeeping goes on to purge a row when it has seen it at one moment and its provisioning at another. */
async function isPurged(seen: { row: Moment; provisioning: Moment }): Promise<boolean> {
  const client = createFakeDurableClient();
  client.rows.set(`@containergroup@${KEY}`, deadRow);
  client.rows.set(provisionInstanceId(KEY), seen.provisioning.provisioning);
  const times = [seen.row.at, seen.provisioning.at].map((at) => Date.parse(at));
  let now = Math.min(...times);
  client.entityRow = async () => {
    now = Math.max(...times);
    return seen.row.row;
  };
  await purgeDeadRows(client, { now: () => now, log: () => undefined });
  return !client.rows.has(`@containergroup@${KEY}`);
}

/** Every way in which a purge can go along with the creation that is given, undisturbed. */
async function allPurges({ moments }: Creation): Promise<{ provisioningAt: number; purgeAt: number }[]> {
  const purges: { provisioningAt: number; purgeAt: number }[] = [];
  for (const [rowAt, row] of moments.entries()) {
    for (const [provisioningAt, provisioning] of moments.entries()) {
      if (await isPurged({ row, provisioning })) {
        for (let purgeAt = Math.max(rowAt, provisioningAt); purgeAt < moments.length; purgeAt += 1) {
          purges.push({ provisioningAt, purgeAt });
        }
      }
    }
  }
  return purges;
}

const resource = { found: true, incarnation: 'second', endpoint: { ports: [] }, wantsPublicIP: false };
const pending = { ...resource, provisioningState: 'Pending', containers: [], events: [] };
const ready = { ...pending, provisioningState: 'Succeeded', instanceState: 'Running' };
const refusal = { code: 'specRefused', message: 'ARM answered 400.' };

const lives = {
  'comes to run': {
    createContainerGroup: { ok: true },
    readContainerGroup: (_asked: unknown, count: number) => ({ ok: true, observation: count < 3 ? pending : ready }),
  },
  'is throttled at first': {
    createContainerGroup: (_asked: unknown, count: number) =>
      count < 2 ? { ok: false, failure: { code: 'throttled', message: 'Later.' }, retryAfterMs: 30_000 } : { ok: true },
    readContainerGroup: { ok: true, observation: ready },
  },
  'is refused': { createContainerGroup: { ok: false, failure: refusal } },
};

test.each(Object.entries(lives))(
  'a group that %s outlives every purge that is over before its provisioning',
  async (_, activities) => {
    const undisturbed = new Creation(activities);
    const purges = await allPurges(undisturbed);
    // From before the creation to after its end, there is one that comes before each step.
    expect(new Set(purges.map(({ purgeAt }) => purgeAt)).size).toBe(undisturbed.moments.length);
    for (const { provisioningAt, purgeAt } of purges) {
      expect(provisioningAt, 'it was looked at before it was started').toBe(0);
      const { group, output } = new Creation(activities, purgeAt);
      expect(output).toEqual(undisturbed.output);
      if (purgeAt < undisturbed.moments.length - 1) {
        expect(group, `purged before step ${purgeAt}`).toMatchObject({
          incarnation: 'second',
          state: undisturbed.group?.state,
          createdAt: undisturbed.group?.createdAt,
        });
      } else {
        // From a look before the start to after the end: as long as the whole creation took, and nothing heals that.
        expect(group).toBeUndefined();
      }
    }
  },
);
