import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Facts } from './facts.ts';

const expectationSchema = z.object({
  answers: z.record(z.string(), z.record(z.string(), z.string())),
  seconds: z.record(z.string(), z.number()),
});

/** What was seen in a run: the facts of its answers, and the seconds of its steps. */
export interface Seen {
  answers: Record<string, Facts>;
  seconds: Record<string, number>;
}

const FILE = fileURLToPath(new URL('../expected.json', import.meta.url));

/** What the local stack of this version answers, as it was recorded. */
export function readExpectation(): Seen {
  return expectationSchema.parse(JSON.parse(readFileSync(FILE, 'utf8')));
}

/** Takes what was seen as what is expected from now on. */
export function writeExpectation({ answers, seconds }: Seen): void {
  writeFileSync(FILE, `${JSON.stringify({ answers, seconds }, null, 2)}\n`);
}
