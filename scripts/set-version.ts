import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';

const manifestSchema = z.looseObject({ version: z.string() });
const hostSchema = z.looseObject({ extensions: z.looseObject({ durableTask: z.looseObject({}) }) });

/** A part of `npm version`: writes the version of package.json into host.json, where Durable takes it from. */
function setVersion(): void {
  const { version } = manifestSchema.parse(JSON.parse(readFileSync('package.json', 'utf8')));
  // Durable compares versions that are numbers by number, and any other as text, by which 0.10.0-rc comes before 0.9.0.
  if (!/^\d+\.\d+\.\d+$/.test(version)) {
    throw new Error(`The version is ${version}; three numbers with dots between them are expected.`);
  }
  const host = hostSchema.parse(JSON.parse(readFileSync('host.json', 'utf8')));
  const durableTask = { ...host.extensions.durableTask, defaultVersion: version };
  const written = { ...host, extensions: { ...host.extensions, durableTask } };
  writeFileSync('host.json', `${JSON.stringify(written, null, 2)}\n`);
}

setVersion();
