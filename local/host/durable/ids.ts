import { createHash } from 'node:crypto';

/** Gives out ids that are new for ever: the same sequence for the same seed and store, another after every opening of the store. */
export interface IdSource {
  /** 32 hexadecimal digits, as the Durable extension makes its instance and execution ids. */
  nextId(): string;
  /** The same in the form 8-4-4-4-12, as entity requests carry it. */
  nextGuid(): string;
}

/** Creates an id source; `openCount` is how often the store has been opened, so that a seed that repeats makes no id twice. */
export function createIdSource(random: () => number, openCount: number): IdSource {
  let issuedCount = 0;
  return { nextId, nextGuid: () => nextId().replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5') };

  function nextId(): string {
    issuedCount += 1;
    return createHash('md5').update(`${openCount}:${issuedCount}:${random()}:${random()}`).digest('hex');
  }
}

/** The longest instance id (learn.microsoft.com/azure/azure-functions/durable/durable-functions-instance-management). */
const MAX_INSTANCE_ID_LENGTH = 256;

/** Says what is wrong with an orchestration's instance id; undefined when it may be used. */
export function findInstanceIdProblem(instanceId: string): string | undefined {
  if (instanceId.startsWith('@')) return 'Orchestration instance ids must not start with @.';
  if (/[/\\#?\p{Cc}]/u.test(instanceId)) {
    return 'Orchestration instance ids must not contain /, \\, #, ?, or control characters.';
  }
  if (instanceId.length === 0 || instanceId.length > MAX_INSTANCE_ID_LENGTH) {
    return `Instance ids must have 1 to ${MAX_INSTANCE_ID_LENGTH} characters; this one has ${instanceId.length}.`;
  }
  return undefined;
}
