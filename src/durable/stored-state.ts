import { z } from 'zod';
import type { EntityContract, OperationContracts } from '../contracts/contract.ts';
import type { Page, StoredState } from './durable-client.ts';

type Contract<State extends z.ZodType> = Pick<
  EntityContract<State, OperationContracts>,
  'name' | 'schemaVersion' | 'migrations' | 'state'
>;

/** Version 0.1.0 did not write the number of its schema, and the first schema is written without it to this day. */
const FIRST_SCHEMA_VERSION = 1;

/** What is stored of every entity; a state of another shape is of the first schema. */
const versionedSchema = z.looseObject({ schemaVersion: z.int().min(1).default(FIRST_SCHEMA_VERSION) });

/**
 * Reads a stored state: an older one is migrated, a newer one is left as it is. A variant that this version does not know is
 * newer too. Throws for anything else that is not of the shape.
 */
export function readState<State extends z.ZodType>(
  contract: Contract<State>,
  stored: unknown,
): StoredState<z.infer<State>> {
  const read = parseState(contract, stored);
  if ('error' in read) {
    throw new Error(`A state of ${contract.name} can't be read.`, { cause: read.error });
  }
  return read;
}

/** The states of a page apart: known ones, those of a newer version, and the keys of those that make no sense. */
export function sortStates<State extends z.ZodType>(
  contract: Contract<State>,
  found: { key: string; state: unknown }[],
): Pick<Page<z.infer<State>>, 'entities' | 'newer' | 'unreadableKeys'> {
  const page: ReturnType<typeof sortStates<State>> = { entities: [], newer: [], unreadableKeys: [] };
  for (const { key, state: stored } of found) {
    const read = parseState(contract, stored);
    if ('error' in read) {
      page.unreadableKeys.push(key);
    } else if (read.is === 'newer') {
      page.newer.push({ key, stored });
    } else {
      page.entities.push({ key, state: read.state });
    }
  }
  return page;
}

/** A state as it is stored: one of the first schema looks as 0.1.0 wrote it, so that 0.1.0 can read it. */
export function writeState<State extends z.ZodType>(
  { schemaVersion }: Contract<State>,
  state: z.infer<State>,
): unknown {
  return schemaVersion === FIRST_SCHEMA_VERSION ? state : { ...z.looseObject({}).parse(state), schemaVersion };
}

function parseState<State extends z.ZodType>(
  contract: Contract<State>,
  stored: unknown,
): StoredState<z.infer<State>> | { error: unknown } {
  const versioned = versionedSchema.safeParse(stored);
  if (!versioned.success) {
    return versioned;
  }
  const { schemaVersion, ...fields } = versioned.data;
  if (schemaVersion > contract.schemaVersion) {
    return { is: 'newer', stored };
  }
  try {
    return { is: 'known', state: contract.state.parse(migrate(contract, fields, schemaVersion)) };
  } catch (error) {
    return isUnknownVariant(error, fields) ? { is: 'newer', stored } : { error };
  }
}

function migrate({ migrations, schemaVersion }: Contract<z.ZodType>, fields: object, from: number): unknown {
  let state: unknown = fields;
  for (let version = from; version < schemaVersion; version += 1) {
    state = migrations[version]?.(state);
  }
  return state;
}

/** A word in the field that tells the variants apart, and none of those that are known. */
function isUnknownVariant(error: unknown, fields: Readonly<Record<string, unknown>>): boolean {
  const issue = error instanceof z.ZodError ? error.issues[0] : undefined;
  return (
    issue?.code === 'invalid_union' &&
    issue.discriminator !== undefined &&
    issue.path.length === 1 &&
    typeof fields[issue.discriminator] === 'string'
  );
}
