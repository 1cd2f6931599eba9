import { readFileSync } from 'node:fs';
import type { z } from 'zod';
import { StartError } from '../start-error.ts';

/**
 * Reads a JSON file of the app; undefined when there is none. A broken one throws a `StartError` that names the file and the
 * place but none of the content, which may be secret.
 */
export function readJsonFile<T>(file: string, schema: z.ZodType<T>): T | undefined {
  const text = readIfPresent(file);
  if (text === undefined) return undefined;
  const parsed = schema.safeParse(parseJson(file, text));
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map(
    (issue) => `${issue.path.join('.') || 'the whole file'}: ${expectedIn(issue)}`,
  );
  throw new StartError(`${file} is not valid. ${issues.join('; ')}.`);
}

function readIfPresent(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new StartError(`${file} can't be read.`, { cause: error });
  }
}

function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new StartError(`${file} is not valid JSON: see ${placeOfError(text)}.`);
  }
}

/** The engine's own message shows a piece of the text, so the place is found as the longest prefix that could be continued. */
function placeOfError(text: string): string {
  let valid = 0;
  let broken = text.length + 1;
  while (broken - valid > 1) {
    const middle = (valid + broken) >>> 1;
    if (isStartOfJson(text.slice(0, middle))) valid = middle;
    else broken = middle;
  }
  const lines = text.slice(0, valid).split('\n');
  return `line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1}`;
}

function isStartOfJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    const message = error instanceof Error ? error.message : '';
    return message.startsWith('Unexpected end') || message.includes(` at position ${text.length} `);
  }
}

function expectedIn(issue: z.core.$ZodIssue): string {
  return issue.code === 'invalid_type' ? `expected ${issue.expected}` : issue.message;
}
