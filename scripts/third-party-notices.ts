import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const manifestSchema = z.looseObject({ name: z.string(), version: z.string(), license: z.string() });

/**
 * Writes down whose work the modules at these paths are, each package with its licence: a bundle is a copy, with which the
 * licences ask that their text goes along.
 */
export function thirdPartyNotices(modulePaths: readonly string[]): string {
  const folders = new Set(modulePaths.map(packageFolder).filter((folder) => folder !== undefined));
  const notices = [...folders].map(notice);
  return [...new Set(notices)].toSorted().join(`\n${'-'.repeat(80)}\n\n`);
}

/** The last `node_modules/name` or `node_modules/@scope/name` of a path, with what is before it. */
function packageFolder(path: string): string | undefined {
  return /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(path)?.[0];
}

function notice(folder: string): string {
  const { name, version, license } = manifestSchema.parse(
    JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')),
  );
  const file = readdirSync(folder).find((entry) => /^licen[cs]e(\.(md|txt))?$/i.test(entry));
  const text = file === undefined ? '' : `\n${readFileSync(join(folder, file), 'utf8').trim()}\n`;
  return `${name} ${version} (${license})\n${text}`;
}
