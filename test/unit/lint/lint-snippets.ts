import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';

/** A finding of oxlint: the rule as `plugin(rule)`, and where. */
export interface Finding {
  readonly rule: string;
  readonly file: string;
  readonly line: number;
}

const reportSchema = z.object({
  diagnostics: z.array(
    z.object({
      code: z.string().optional(),
      message: z.string(),
      filename: z.string(),
      labels: z.array(z.object({ span: z.object({ line: z.number() }) })),
    }),
  ),
});

const REPOSITORY = join(import.meta.dirname, '../../..');

/** Lints files, given as path → code, in one run with this repository's own configuration, in a tree of their own. */
export function lintSnippets(snippets: ReadonlyMap<string, string>): Finding[] {
  const tree = mkdtempSync(join(tmpdir(), 'lint-rules-'));
  try {
    for (const name of ['.oxlintrc.json', 'tsconfig.json', 'package.json', 'lint']) {
      cpSync(join(REPOSITORY, name), join(tree, name), { recursive: true });
    }
    symlinkSync(join(REPOSITORY, 'node_modules'), join(tree, 'node_modules'), 'dir');
    for (const [path, code] of snippets) {
      mkdirSync(dirname(join(tree, path)), { recursive: true });
      writeFileSync(join(tree, path), code);
    }
    return runOxlint(tree, [...snippets.keys()]);
  } finally {
    rmSync(tree, { recursive: true });
  }
}

function runOxlint(tree: string, files: readonly string[]): Finding[] {
  const oxlint = join(REPOSITORY, 'node_modules/oxlint/bin/oxlint');
  const { stdout, stderr } = spawnSync(process.execPath, [oxlint, '--type-aware', '--format', 'json', ...files], {
    cwd: tree,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (!stdout.startsWith('{')) {
    throw new Error(`oxlint gave no JSON: ${stdout}${stderr}`);
  }
  return reportSchema.parse(JSON.parse(stdout)).diagnostics.map(({ code, message, filename, labels }) => {
    if (code === undefined) {
      throw new Error(`${filename} cannot be linted: ${message}`);
    }
    return { rule: code, file: filename, line: labels[0]?.span.line ?? 0 };
  });
}
