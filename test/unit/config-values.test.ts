import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../src/config.ts';

const source = readFileSync(new URL('../../src/config.ts', import.meta.url), 'utf8');
const names = [...source.matchAll(/^ {2}((?:ACI|AZURE)_[A-Z_]+):/gm)].map(([, name]) => String(name));
const needed = {
  AZURE_SUBSCRIPTION_ID: '00000000-0000-0000-0000-000000000001',
  ACI_SEALING_KEYS: `one:${Buffer.alloc(32, 7).toString('base64')}`,
  WEBSITE_HOSTNAME: 'games.azurewebsites.net',
};

/** Any list of names is a good one. */
const lists = new Set(names.filter((name) => name.startsWith('ACI_ALLOWED_')));

describe('a value that has got into the wrong setting', () => {
  test('can do so in every setting', () => {
    expect(names.length).toBeGreaterThan(20);
  });

  test.each(names)('%s is named and its value is not shown', (name) => {
    const value = lists.has(name) ? 'hunter2,,hunter2' : 'hunter2:hunter2';
    const parse = () => parseConfig({ ...needed, [name]: value });
    expect(parse).toThrow(new RegExp(`^The app can't start with these settings:\n {2}${name}: expected [^\n]+$`));
    expect(parse).not.toThrow(/hunter2/);
  });

  test('two sealing keys are as good as one, and one of them that is not is not shown', () => {
    const other = Buffer.alloc(32, 8).toString('base64');
    const parse = (keys: string) => parseConfig({ ...needed, ACI_SEALING_KEYS: keys });
    expect(parse(`two:${other},${needed.ACI_SEALING_KEYS}`).sealingKeys.map(({ id }) => id)).toEqual(['two', 'one']);
    for (const keys of [
      `one:${other},${needed.ACI_SEALING_KEYS}`,
      `two:${other.slice(1)}`,
      `two${other}`,
      `:${other}`,
    ]) {
      expect(() => parse(keys)).toThrow(/ {2}ACI_SEALING_KEYS: expected id:key/);
      expect(() => parse(keys)).not.toThrow(other.slice(2, 20));
    }
  });
});

describe('sign-in', () => {
  test.each([undefined, '', 'False', '1'])('is refused when the platform says of its own: %s', (platform) => {
    expect(() => parseConfig({ ...needed, ACI_EASY_AUTH: 'true', WEBSITE_AUTH_ENABLED: platform })).toThrow(
      /ACI_EASY_AUTH: the authentication of App Service is off/,
    );
  });

  test('is taken when the platform has it', () => {
    expect(parseConfig({ ...needed, ACI_EASY_AUTH: 'true', WEBSITE_AUTH_ENABLED: 'True' }).easyAuth).toBe(true);
  });
});
