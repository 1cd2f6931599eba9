import { describe, expect, test } from 'vitest';
import { decide } from '../../../src/domain/group/decide.ts';
import { commandsNotGuarded, groups } from '../domain/group/group-fixture.ts';
import { codeBlocks, readPage } from './markdown.ts';

const ABSENT = '[*]';

/** The ways from state to state of a state diagram, each once. */
function documentedWays(): string[] {
  const diagram = codeBlocks(readPage('README.md'), 'mermaid').find((block) => block.startsWith('stateDiagram'));
  return [...(diagram ?? '').matchAll(/^ *(\S+) --> ([^:\s]+)/gm)].map(([, from, to]) => `${from} → ${to}`);
}

const { adopt, recordFailure } = commandsNotGuarded;
const commands = [...Object.values(commandsNotGuarded), { ...adopt, failure: recordFailure.failure }];

/** Where some command leads from some group, when it changes its state. */
function ways(): string[] {
  const all = [undefined, ...groups].flatMap((group) =>
    commands.map((command) => {
      const { group: after } = decide(group, command);
      return [group?.state ?? ABSENT, after?.state ?? ABSENT];
    }),
  );
  return [...new Set(all.filter(([from, to]) => from !== to).map((way) => way.join(' → ')))];
}

describe("the README's diagram of states", () => {
  test('has every way from one state to another, and no other', () => {
    expect(documentedWays().toSorted()).toEqual(ways().toSorted());
  });
});
