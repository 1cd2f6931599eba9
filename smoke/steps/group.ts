import { z } from 'zod';
import type { Answer } from '../smoke-client.ts';
import { SmokeFailure } from '../smoke-failure.ts';
import type { SmokeRun } from '../smoke-run.ts';
import { containerCommand, STANDARD_IMAGE } from './container-command.ts';

/** The port that the container listens at. */
export const PORT = 80;

/** The name of the only container. */
export const CONTAINER = 'server';

/** A group as the answers show it, as far as the steps look at it. */
export const groupSchema = z.looseObject({
  containerGroupName: z.string(),
  state: z.string(),
  activeSessions: z.number(),
  publicIP: z.string().optional(),
  ports: z.array(z.looseObject({ port: z.number(), protocol: z.string() })),
  failure: z.looseObject({ code: z.string(), message: z.string() }).optional(),
});
export type Group = z.infer<typeof groupSchema>;

/** The body of an ACICreate for the smallest group that Azure takes (1 vCPU and 1 GB: docs/operations.md, What it costs). */
export function createBody({ options }: SmokeRun, containerGroupName: string): object {
  const { resourceGroup, location, image } = options;
  return {
    resourceGroup,
    containerGroupName,
    labels: { purpose: 'smoke' },
    containerGroup: {
      location,
      osType: 'Linux',
      restartPolicy: 'OnFailure',
      containers: [
        {
          name: CONTAINER,
          image: image ?? STANDARD_IMAGE,
          ...(image === undefined ? { command: containerCommand() } : {}),
          resources: { requests: { cpu: 1, memoryInGB: 1 } },
          ports: [{ port: PORT }],
        },
      ],
      ipAddress: { type: 'Public', ports: [{ port: PORT }] },
    },
  };
}

/** The names of a group, as requests hold them. */
export function idOf({ options }: SmokeRun, containerGroupName: string) {
  return { resourceGroup: options.resourceGroup, containerGroupName };
}

/** The path of ACIDetails for a group. */
export function detailsPath({ options }: SmokeRun, containerGroupName: string, type?: 'logs' | 'timeline'): string {
  const query = new URLSearchParams({ resourceGroup: options.resourceGroup, containerGroupName });
  if (type !== undefined) query.set('type', type);
  return `ACIDetails?${query.toString()}`;
}

/** The body of an answer; fails with what it lacks, and never with what stands in it. */
export function read<Schema extends z.ZodType>(answer: Answer, schema: Schema): z.infer<Schema> {
  const parsed = schema.safeParse(answer.json);
  if (parsed.success) return parsed.data;
  const places = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`).join('; ');
  throw new SmokeFailure(
    `${answer.asked}: the answer is not of the promised shape: ${places}.`,
    'Is it the same version of the app as this clone? The README says what each function answers.',
  );
}

/** Fails unless it is so. */
export function require(isSo: boolean, message: string, next?: string): asserts isSo {
  if (!isSo) throw new SmokeFailure(message, next);
}
