import { replaceSecrets } from '../domain/spec/secret-fields.ts';

/** Takes secrets out of a text. */
export type Redactor = (text: string) => string;

/** What stands where a secret was. */
const HIDDEN = '***';

/** Shorter ones are found in any text by chance, and protect nothing. */
const MIN_LENGTH = 4;

/** A line of a secret that is shorter may be any word. */
const MIN_LINE_LENGTH = 8;

/**
 * Creates what takes the secrets of a container group out of a text that ARM answers, which may repeat what it was sent: as
 * they are, as JSON and URLs write them, in base64 and out of it, what of an address is its secret part, and each line of a secret that has
 * several. `more` are secrets that the group does not hold.
 */
export function createRedactor(group: object, more: readonly string[] = []): Redactor {
  const secrets = [...more];
  replaceSecrets(group, (secret) => {
    secrets.push(...leavesOf(secret));
    return HIDDEN;
  });
  const forms = new Set(secrets.flatMap(formsOf).filter((form) => form.length >= MIN_LENGTH));
  // The longest first: a secret that is part of another would leave the rest of it behind.
  const ordered = [...forms].toSorted((one, other) => other.length - one.length);
  return (text) => ordered.reduce((rest, form) => rest.replaceAll(form, HIDDEN), text);
}

function leavesOf(secret: unknown): string[] {
  if (typeof secret === 'object' && secret !== null) {
    return Object.values(secret).flatMap(leavesOf);
  }
  return typeof secret === 'string' || typeof secret === 'number' ? [String(secret)] : [];
}

function formsOf(secret: string): string[] {
  const decoded = Buffer.from(secret, 'base64');
  const isBase64 = decoded.toString('base64') === secret;
  return [
    secret,
    ...(isBase64 ? [decoded.toString('utf8')] : []),
    ...secretPartsOf(secret),
    ...linesOf(secret),
  ].flatMap((part) => [
    part,
    JSON.stringify(part).slice(1, -1),
    encodeURIComponent(part.toWellFormed()),
    Buffer.from(part).toString('base64'),
  ]);
}

/** The password and the query's values: whoever shortens an address shortens what is around them. */
function secretPartsOf(secret: string): string[] {
  const url = URL.parse(secret);
  return url === null ? [] : [url.password, ...url.searchParams.values()].filter((part) => part !== '');
}

/** A key as PEM may be written a line at a time. */
function linesOf(secret: string): string[] {
  const lines = secret.split(/\r?\n/);
  return lines.length === 1 ? [] : lines.filter((line) => line.length >= MIN_LINE_LENGTH);
}
