import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { thirdPartyNotices } from '../../../scripts/third-party-notices.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const moduleOf = (path: string): string => `${root}node_modules/${path}`;

describe('the notices about what is in the package', () => {
  const notices = thirdPartyNotices([
    moduleOf('zod/index.js'),
    moduleOf('zod/v4/index.js'),
    moduleOf('@azure/functions/dist/azure-functions.js'),
    `${root}src/main.ts`,
    '\0rolldown/runtime.js',
  ]);

  it('name each package once, with its version, in alphabetical order, and nothing of our own', () => {
    expect(notices.match(/^\S+ \d+\.\d+\.\d+\S* \(.+\)$/gm)?.map((line) => line.split(' ')[0])).toStrictEqual([
      '@azure/functions',
      'zod',
    ]);
  });

  it('hold the text of each licence', () => {
    expect(existsSync(moduleOf('zod/LICENSE'))).toBe(true);
    expect(notices.match(/Permission is hereby granted/g)).toHaveLength(2);
  });
});
