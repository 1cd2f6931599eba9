import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { z } from 'zod';

const recordSchema = z.object({
  args: z.array(z.string()),
  env: z.record(z.string(), z.string()),
  cwd: z.string(),
  manifest: z.unknown(),
  hostJson: z.string(),
  worker: z.number(),
});

/** What the command found when it was started. */
export type FakeFuncRecord = z.infer<typeof recordSchema>;

/** A command `func` in a directory of its own. */
export interface FakeFunc {
  /** For whoever is to find it. */
  environment: Record<string, string>;
  /** Undefined until it was started. */
  record(): FakeFuncRecord | undefined;
}

/** Installs the command below a directory. `another` stands for one that is not of Core Tools. */
export function installFakeFunc(
  directory: string,
  behaviour: 'serves' | 'never ready' | 'bad settings' | 'ends' | 'another',
): FakeFunc {
  const bin = join(directory, 'bin');
  const recordPath = join(directory, 'func.json');
  mkdirSync(bin);
  const program = join(import.meta.dirname, 'program.ts');
  const version = behaviour === 'another' ? 'v1.16.1' : '4.13.2';
  const lines = [
    '#!/bin/sh',
    `[ "$1" = --version ] && exec echo ${version}`,
    `exec '${process.execPath}' '${program}' "$@"`,
  ];
  writeFileSync(join(bin, 'func'), `${lines.join('\n')}\n`);
  chmodSync(join(bin, 'func'), 0o755);
  return {
    environment: {
      PATH: `${bin}${delimiter}${process.env['PATH']}`,
      FAKE_FUNC: behaviour,
      FAKE_FUNC_RECORD: recordPath,
    },
    record() {
      try {
        return recordSchema.parse(JSON.parse(readFileSync(recordPath, 'utf8')));
      } catch {
        return undefined;
      }
    },
  };
}
