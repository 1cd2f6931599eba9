import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const folder = new URL('../../../.github/workflows/', import.meta.url);
const mainTemplate = readFileSync(new URL('../../../infra/main.bicep', import.meta.url), 'utf8');
const workflows = readdirSync(folder).map((name) => ({ name, text: readFileSync(new URL(name, folder), 'utf8') }));

describe.for(workflows)('the workflow $name', ({ text }) => {
  const jobs = text.slice(text.indexOf('\njobs:\n'));

  it('pins every action of others to a commit, and says which version that is', () => {
    for (const [, action] of text.matchAll(/uses: (\S.*)/g)) {
      expect(action).toMatch(/^\.\/|^[\w.-]+\/[\w.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    }
  });

  it('may read the code and no more, unless one job says what else it needs', () => {
    expect(text).toMatch(/\npermissions:\n {2}contents: read\n\n/);
  });

  it('ends, whatever happens', () => {
    const runs = jobs.match(/^ {4}runs-on: /gm) ?? [];
    expect(jobs.match(/^ {4}timeout-minutes: \d+$/gm) ?? []).toHaveLength(runs.length);
  });

  it('leaves no credentials in the work tree', () => {
    expect(text.match(/persist-credentials: false/g) ?? []).toHaveLength(
      (text.match(/uses: actions\/checkout@/g) ?? []).length,
    );
  });

  it('puts nothing that others write into a shell', () => {
    for (const [, script] of text.matchAll(/^ +(?:- )?run: ([^\n]*(?:\n {8,}[^\n]*)*)/gm)) {
      expect(script).not.toContain('${{');
    }
  });
});

describe('a release', () => {
  const release = workflows.find(({ name }) => name === 'release.yml')?.text ?? '';

  it('is made of what was tested and packaged', () => {
    expect(release).toContain('needs: [test, package]');
    expect(release).toContain('uses: ./.github/workflows/test.yml');
    expect(release).toContain('uses: ./.github/workflows/package.yml');
  });

  it('brings the package of Durable Task Scheduler where the template looks for it, before the button', () => {
    const [, suffix] = /replace\(packageUri, packageFile, '(-[\w-]+)\$\{packageFile\}'\)/.exec(mainTemplate) ?? [];
    const [before, after] = release.split('--notes-file dist/notes.md');
    expect(before).toContain(`gh release create "$GITHUB_REF_NAME${suffix}"`);
    expect(before).toMatch(/ dist\/durable-task-scheduler\/released-package\.zip\n/);
    expect(after).not.toContain('gh release create');
    expect(release).toContain("tags: ['v[0-9]+.[0-9]+.[0-9]+']");
  });

  // https://learn.microsoft.com/azure/azure-functions/functions-infrastructure-as-code?pivots=flex-consumption-plan#deployment-package
  it('gives every package the one name that Azure takes', () => {
    const packed = workflows.flatMap(({ text }) => text.match(/[\w./-]+\.zip\b/g) ?? []);
    expect(packed.length).toBeGreaterThan(5);
    for (const path of packed) expect(path.split('/').at(-1)).toBe('released-package.zip');
  });

  it('brings the package, its parts list and the template of the button', () => {
    expect(release).toContain('dist/released-package.zip dist/durable-aci.cdx.json infra/azuredeploy.json');
    expect(release).toContain('https://portal.azure.com/#create/Microsoft.Template/uri/');
  });
});
