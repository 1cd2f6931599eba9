import { describe, expect, test } from 'vitest';
import { parseSmokeOptions, type ParsedSmokeOptions } from '../../../smoke/smoke-options.ts';

const URL_OF_APP = 'https://func-aci-abc.azurewebsites.net';
const GROUP = ['--resource-group', 'games-groups'];
const KEY = { SMOKE_KEY: 'hunter2' };

function parse(argv: string[], environment: Record<string, string> = KEY) {
  return parseSmokeOptions(argv, environment);
}

function messageOf(parsed: ParsedSmokeOptions): string {
  return parsed.kind === 'wrong' ? parsed.message : `It is not wrong: ${parsed.kind}`;
}

describe('the command line of the smoke test', () => {
  test('an address, a resource group and a key are enough', () => {
    expect(parse([URL_OF_APP, ...GROUP])).toEqual({
      kind: 'options',
      options: {
        origin: URL_OF_APP,
        resourceGroup: 'games-groups',
        location: 'westeurope',
        image: undefined,
        credential: { kind: 'key', value: 'hunter2' },
        patienceMinutes: 15,
        record: false,
      },
    });
  });

  test.each([`${URL_OF_APP}/`, `${URL_OF_APP}/api`, `${URL_OF_APP}/api/`, `${URL_OF_APP.toUpperCase()}:443`])(
    'the address may end as people paste it: %s',
    (url) => {
      expect(parse([url, ...GROUP])).toMatchObject({ options: { origin: URL_OF_APP } });
    },
  );

  test.each(['http://127.0.0.1:7071', 'http://localhost:7071', 'http://[::1]:7071'])(
    'a local stack needs neither https nor a key nor a resource group: %s',
    (url) => {
      expect(parse([url], {})).toMatchObject({
        options: { origin: url, resourceGroup: 'games', credential: undefined },
      });
    },
  );

  test('the option wins over the environment, and an empty variable is none', () => {
    expect(parse([URL_OF_APP, ...GROUP, '--key', 'other'])).toMatchObject({
      options: { credential: { value: 'other' } },
    });
    expect(parse([URL_OF_APP, ...GROUP], { SMOKE_KEY: '', SMOKE_TOKEN: 'a.b.c' })).toMatchObject({
      options: { credential: { kind: 'token', value: 'a.b.c' } },
    });
  });

  test('help tells every option, the variables, the cost and the exit codes', () => {
    const help = parse(['--help'], {});
    expect(help).toMatchObject({ kind: 'text' });
    for (const word of ['<url>', '--resource-group', '--location', '--image', '--key', '--patience', '--record']) {
      expect(JSON.stringify(help)).toContain(word);
    }
    for (const word of ['SMOKE_KEY', 'SMOKE_TOKEN', 'less than a cent', 'Exit code: 0']) {
      expect(JSON.stringify(help)).toContain(word);
    }
  });
});

describe('a wrong command line is told', () => {
  test.each([
    { what: 'no address', argv: [], says: "missing required argument 'url'" },
    { what: 'no address but a word', argv: ['func-aci-abc'], says: 'Expected an address such as https://' },
    { what: 'another protocol', argv: ['ftp://host.example'], says: 'Expected an address such as https://' },
    { what: 'http to another machine', argv: ['http://host.example', ...GROUP], says: 'Expected https' },
    { what: 'a name that only begins like this machine', argv: ['http://localhost.example'], says: 'Expected https' },
    { what: 'a path', argv: [`${URL_OF_APP}/api/ACIList`], says: 'without a path' },
    { what: 'no resource group', argv: [URL_OF_APP], says: '--resource-group is missing' },
    {
      what: 'no name of a resource group',
      argv: [URL_OF_APP, '--resource-group', ''],
      says: 'name of a resource group',
    },
    { what: 'the id of one', argv: [URL_OF_APP, '--resource-group', '/subscriptions/x'], says: 'and not its id' },
    { what: 'no region', argv: [URL_OF_APP, ...GROUP, '--location', '-'], says: 'name of a region' },
    { what: 'an image with a blank', argv: [URL_OF_APP, ...GROUP, '--image', 'game 1'], says: 'Expected an image' },
    { what: 'an option without its value', argv: [URL_OF_APP, '--resource-group'], says: 'argument missing' },
    { what: 'an option that there is none of', argv: [URL_OF_APP, '--resourcegroup', 'x'], says: 'unknown option' },
    { what: 'two addresses', argv: [URL_OF_APP, URL_OF_APP, ...GROUP], says: 'too many arguments' },
    { what: 'a patience in words', argv: [URL_OF_APP, ...GROUP, '--patience', 'long'], says: 'minutes from 1 to 360' },
    { what: 'no patience', argv: [URL_OF_APP, ...GROUP, '--patience', '0'], says: 'minutes from 1 to 360' },
    { what: 'a record of Azure', argv: [URL_OF_APP, ...GROUP, '--record'], says: '--record is for a local stack' },
  ])('$what', ({ argv, says }) => {
    expect(messageOf(parse(argv))).toContain(says);
  });

  test('no key, with where it goes and what prints one', () => {
    expect(messageOf(parse([URL_OF_APP, ...GROUP], {}))).toMatch(/SMOKE_KEY.*keyCommand/);
  });

  test.each([
    { what: 'in the query', argv: [`${URL_OF_APP}/?code=hunter2`, ...GROUP] },
    { what: 'as a password', argv: ['https://user:hunter2@host.example', ...GROUP] },
    { what: 'behind a misspelt option', argv: [URL_OF_APP, ...GROUP, '--kye=hunter2'] },
    { what: 'as an argument', argv: [URL_OF_APP, 'hunter2', ...GROUP] },
    { what: 'with a line end', argv: [URL_OF_APP, ...GROUP, '--key', 'hunter2\n'] },
    { what: 'with its quotes', argv: [URL_OF_APP, ...GROUP, '--key', '"hunter2"'] },
  ])('a key $what, without showing it', ({ argv }) => {
    const parsed = parse(argv, {});
    expect(parsed.kind).toBe('wrong');
    expect(JSON.stringify(parsed)).not.toContain('hunter2');
  });
});
