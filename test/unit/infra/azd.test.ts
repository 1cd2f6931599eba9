import { readFileSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

const root = new URL('../../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');

const template = read('infra/azd.bicep');
const project = read('azure.yaml');
const parameters = z
  .object({ parameters: z.record(z.string(), z.object({ value: z.string() })) })
  .parse(JSON.parse(read('infra/azd.parameters.json'))).parameters;

describe('azd', () => {
  it('has a value for every parameter of its template', () => {
    const declared = [...template.matchAll(/^param (\w+)/gm)].map(([, name]) => name);
    expect(Object.keys(parameters)).toStrictEqual(declared);
  });

  it('takes for a parameter that is not set what the template would take', () => {
    for (const [name, { value }] of Object.entries(parameters)) {
      const [, fromTemplate] = new RegExp(`^param ${name} string = '(.*)'$`, 'm').exec(template) ?? [];
      const [, fromEnvironment] = /^\$\{\w+=(.*)\}$/.exec(value) ?? [];
      expect(fromEnvironment, name).toBe(fromTemplate);
    }
  });

  it('finds its template, its package and its hooks', () => {
    expect(project).toContain('module: azd');
    expect(project).toContain('dist: dist/package');
    expect(project).toContain('remoteBuild: false');
    for (const [, hook] of project.matchAll(/run: (infra\/\S+)/g)) {
      expect(statSync(new URL(hook ?? '', root)).isFile()).toBe(true);
    }
    expect(statSync(new URL('infra/hooks/postdeploy.sh', root)).mode & 0o111).not.toBe(0);
  });

  // azd refuses `remoteBuild: false` beside a .funcignore that keeps node_modules out (azure-dev, service_target_functionapp.go).
  it('is let to bring node_modules along', () => {
    expect(read('.funcignore')).not.toMatch(/node_modules/);
  });

  // Of an earlier azd, `azd down` deletes resource groups that it did not make (azure-dev 7698).
  it('is asked for in a version that leaves alone what it did not make', () => {
    expect(
      /^requiredVersions:\n(?: +#.*\n)* {2}azd: '>= (\d+)\.(\d+)\.\d+'$/m.exec(project)?.slice(1).map(Number),
    ).toStrictEqual([1, 25]);
  });

  it('makes no resource group that somebody names, so that `azd down` deletes none', () => {
    expect(template).toMatch(/^ {4}createTargetResourceGroups: empty\(targetResourceGroups\)$/m);
  });

  it('finds the app by the name of its service', () => {
    const service = /^services:\n {2}(\w+):$/m.exec(project)?.[1] ?? '';
    expect(read('infra/main.bicep')).toContain(`'azd-service-name': '${service}'`);
  });

  it.for(['infra/hooks/postdeploy.sh', 'infra/hooks/postdeploy.ps1'])('hands %s what it reads, as outputs', (hook) => {
    const outputs = new Set([...template.matchAll(/^output (\w+)/gm)].map(([, name]) => name));
    const reads = new Set(read(hook).match(/\b(?:ACI|AZURE)_[A-Z_]+\b/g));
    expect([...reads].filter((name) => name !== 'AZURE_SUBSCRIPTION_ID' && !outputs.has(name))).toStrictEqual([]);
    const wanted = [...read('infra/wiring.bicep').matchAll(/^param (\w+)/gm)].map(([, name]) => name);
    for (const name of wanted) expect(read(hook)).toMatch(new RegExp(`\\b${name ?? ''} ?=`));
  });
});
