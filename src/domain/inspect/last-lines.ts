import { hideAddressCredentials } from '../address-credentials.ts';

/** How many lines a container's end is kept with, where nothing else is set, and at the most. */
export const STANDARD_LAST_LINES = 10;
export const MAX_LAST_LINES = 20;

/** What these lines may have together: they stand in the entity, which is read and written whole, and in each answer that shows the group. */
const MAX_CHARACTERS = 1_024;

/**
 * The last lines of a log, as much of them as is kept, without what is secret. `redact` takes out the secrets that are known; a container's token
 * is known by its form as well (`security/container-token.ts`), since it changes with every rotation, and an address by what stands before its `@`.
 */
export function lastLinesOf(content: string, count: number, redact: (text: string) => string): string[] {
  const hide = (text: string): string => hideAddressCredentials(redact(text)).replaceAll(CONTAINER_TOKEN, '***');
  // Before anything is cut: half a secret would not be found any more. As it was written, and as it will be read.
  const shown = hide(hide(content).replaceAll(UNPRINTABLE, ''));
  const lines = shown
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '');
  const kept: string[] = [];
  let room = MAX_CHARACTERS;
  for (const line of lines.slice(-count).toReversed()) {
    if (line.length > room) {
      // Of one that is too long, its beginning says most.
      kept.push(...(kept.length === 0 ? [line.slice(0, room)] : []));
      break;
    }
    kept.push(line);
    room -= line.length;
  }
  return kept.toReversed();
}

/** Incarnation, generation and 256 bits in base64url. */
const CONTAINER_TOKEN = /[\w-]{1,64}\.\d{1,10}\.[\w-]{43}/g;

/** Control characters but tabs and line feeds, and the sequences by which terminals are coloured (ECMA-48, 5.4). */
// oxlint-disable-next-line no-control-regex -- a log has them, and they are what is looked for
const UNPRINTABLE = /\u001B\[[0-?]*[ -/]*[@-~]|[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/g;
