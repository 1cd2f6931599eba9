import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { keyOf } from '../group-key.ts';

const documentSchema = z.object({
  resourceGroup: z.string(),
  name: z.string(),
  location: z.string(),
  tags: z.record(z.string(), z.string()),
  provisioningState: z.string(),
  instanceState: z.string(),
  ip: z.string().optional(),
  properties: z.object({
    containers: z.array(z.object({ properties: z.object({ image: z.string() }) })),
    ipAddress: z
      .object({ ports: z.array(z.object({ port: z.number(), protocol: z.string().default('TCP') })) })
      .optional(),
  }),
  instances: z.array(
    z.object({
      restartCount: z.number(),
      currentState: z.object({ state: z.string(), startMs: z.number().optional() }).optional(),
    }),
  ),
});

/** A container group as the emulator keeps it. */
export interface Resource extends z.infer<typeof documentSchema> {
  /** Every creation has another one, also of one name. */
  sequence: number;
  key: string;
  /** An incident `createdOutside` has made it, which has an image of its own (docs/faults.md). */
  isBySomebodyElse: boolean;
}

const rowSchema = z.object({ sequence: z.number(), document: z.string() });

/** Reads what there is in Azure from the emulator's own file, past all of its faults. */
export interface Resources extends Disposable {
  /** By the key of the group. */
  all(): Map<string, Resource>;
}

/** Opens the file of an emulator that runs. */
export function openResources(armDirectory: string): Resources {
  const database = new DatabaseSync(join(armDirectory, 'arm.sqlite'), { readOnly: true });
  const select = database.prepare('SELECT sequence, document FROM container_groups ORDER BY sequence');
  const read = new Map<number, { document: string; resource: Resource }>();
  return {
    all() {
      const rows = select.all().map((row) => rowSchema.parse(row));
      return new Map(
        rows.map(({ sequence, document }) => {
          const known = read.get(sequence);
          const resource = known?.document === document ? known.resource : toResource(sequence, document);
          read.set(sequence, { document, resource });
          return [resource.key, resource];
        }),
      );
    },
    [Symbol.dispose]: () => database.close(),
  };
}

function toResource(sequence: number, document: string): Resource {
  const parsed = documentSchema.parse(JSON.parse(document));
  const isBySomebodyElse = parsed.properties.containers[0]?.properties.image === 'somebody/else:1';
  return { ...parsed, sequence, key: keyOf(parsed.resourceGroup, parsed.name), isBySomebodyElse };
}

/** Since when the first container runs; undefined of one that does not. */
export function runningSinceMs({ instances }: Resource): number | undefined {
  const state = instances[0]?.currentState;
  return state?.state === 'Running' ? state.startMs : undefined;
}
