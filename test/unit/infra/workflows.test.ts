import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const folder = new URL('../../../.github/workflows/', import.meta.url);
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

  it('brings the package, its parts list and the template of the button', () => {
    expect(release).toContain('dist/durable-aci.zip dist/durable-aci.cdx.json infra/azuredeploy.json');
    expect(release).toContain('https://portal.azure.com/#create/Microsoft.Template/uri/');
  });
});
