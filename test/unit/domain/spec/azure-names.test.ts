import { describe, expect, test } from 'vitest';
import {
  checkDnsNameLabel,
  checkEnvironmentVariableName,
  checkGroupId,
  checkLabel,
} from '../../../../src/domain/spec/azure-names.ts';

interface Row {
  says: string;
  name: string;
  expected?: string;
}

const rows = (...all: Row[]): Row[] => all;

describe('a resource group', () => {
  test.each(
    rows(
      { says: 'one letter', name: 'a' },
      { says: '90 letters', name: 'a'.repeat(90) },
      { says: 'every kind of character', name: 'Games_EU-1.(test)' },
      { says: 'no name', name: '', expected: '1 to 90 characters' },
      { says: '91 letters', name: 'a'.repeat(91), expected: '1 to 90 characters' },
      { says: 'a slash', name: 'a/b', expected: 'letters, digits, and _ - . ( ) only' },
      { says: 'a colon, which keys are made with', name: 'a:b', expected: 'letters, digits, and _ - . ( ) only' },
      { says: 'a line break at the end', name: 'a\n', expected: 'letters, digits, and _ - . ( ) only' },
      { says: 'a dot at the end', name: 'a.', expected: 'a name that does not end with a dot' },
      { says: 'a letter outside of ASCII', name: 'köln', expected: 'ASCII characters only' },
      { says: 'a character of two code units', name: 'a😀', expected: 'ASCII characters only' },
    ),
  )('with $says: $expected', ({ name, expected }) => {
    const [violation] = checkGroupId({ resourceGroup: name, containerGroupName: 'one' });
    expect(violation?.expected).toBe(expected);
  });

  test('outside of ASCII has a code of its own', () => {
    expect(checkGroupId({ resourceGroup: 'köln', containerGroupName: 'one' })).toMatchObject([
      { field: 'resourceGroup', code: 'resourceGroupNotAscii' },
    ]);
  });
});

test('both names of a group are checked', () => {
  expect(checkGroupId({ resourceGroup: '', containerGroupName: 'One' }).map(({ field }) => field)).toEqual([
    'resourceGroup',
    'containerGroupName',
  ]);
});

describe('a label', () => {
  test.each(
    rows(
      { says: 'the fewest characters', name: 'ab' },
      { says: 'the most characters', name: 'abcdefgh' },
      { says: 'a hyphen inside', name: 'a-1' },
      { says: 'digits alone', name: '123' },
      { says: 'too few characters', name: 'a', expected: '2 to 8 characters' },
      { says: 'too many characters', name: 'abcdefghi', expected: '2 to 8 characters' },
      { says: 'a capital', name: 'aB', expected: 'lower-case letters, digits and hyphens only' },
      { says: 'an underscore', name: 'a_b', expected: 'lower-case letters, digits and hyphens only' },
      { says: 'a hyphen first', name: '-ab', expected: 'a name that neither begins nor ends with a hyphen' },
      { says: 'a hyphen last', name: 'ab-', expected: 'a name that neither begins nor ends with a hyphen' },
      { says: 'two hyphens in a row', name: 'a--b', expected: 'a name without two hyphens in a row' },
    ),
  )('with $says: $expected', ({ name, expected }) => {
    expect(checkLabel('name', name, { min: 2, max: 8 })).toEqual(
      expected === undefined ? [] : [{ field: 'name', expected }],
    );
  });
});

describe('a DNS label', () => {
  const WORDS = 'lower-case letters, digits and hyphens, beginning with a letter and not ending with a hyphen';

  test.each(
    rows(
      { says: '5 characters', name: 'game1' },
      { says: '63 characters', name: 'a'.repeat(63) },
      { says: '4 characters', name: 'game', expected: '5 to 63 characters' },
      { says: '64 characters', name: 'a'.repeat(64), expected: '5 to 63 characters' },
      { says: 'a digit first', name: '1game', expected: WORDS },
      { says: 'a hyphen last', name: 'game-', expected: WORDS },
      { says: 'a capital', name: 'Games', expected: WORDS },
    ),
  )('with $says: $expected', ({ name, expected }) => {
    expect(checkDnsNameLabel('label', name)).toEqual(expected === undefined ? [] : [{ field: 'label', expected }]);
  });
});

describe('the name of an environment variable', () => {
  test.each(
    rows(
      { says: 'one letter', name: 'A' },
      { says: '63 characters', name: 'A'.repeat(63) },
      { says: 'digits and underscores', name: 'A_1' },
      { says: 'no character', name: '', expected: '1 to 63 letters, digits and underscores' },
      { says: '64 characters', name: 'A'.repeat(64), expected: '1 to 63 letters, digits and underscores' },
      { says: 'a hyphen', name: 'A-B', expected: '1 to 63 letters, digits and underscores' },
      { says: 'an equals sign', name: 'A=B', expected: '1 to 63 letters, digits and underscores' },
    ),
  )('with $says: $expected', ({ name, expected }) => {
    expect(checkEnvironmentVariableName('at', name)).toEqual(expected === undefined ? [] : [{ field: 'at', expected }]);
  });
});
