import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The root of the repository. */
export const REPOSITORY = join(import.meta.dirname, '../../..');

/** Every page of the repository, as a path from its root. */
export function listPages(): string[] {
  return globSync('{*.md,{docs,examples,infra,bench,test,.github}/**/*.md}', { cwd: REPOSITORY });
}

/** The text of a page; throws if there is none. */
export function readPage(path: string): string {
  return readFileSync(join(REPOSITORY, path), 'utf8');
}

/** The fenced code blocks of one language. */
export function codeBlocks(page: string, language: string): string[] {
  return [...page.matchAll(/^```(\w*)[^\n]*\n([\s\S]*?)^```/gm)]
    .filter(([, marked]) => marked === language)
    .map(([, , code]) => code ?? '');
}

/** The page without its code, in which links and headings mean something. */
export function prose(page: string): string {
  return page.replaceAll(/^```[\s\S]*?^```/gm, '').replaceAll(/`[^`\n]*`/g, '``');
}

/** The anchors that GitHub makes of a page's headings (https://github.com/gjtorikian/html-pipeline, TableOfContentsFilter). */
export function anchors(page: string): string[] {
  const headings = page.replaceAll(/^```[\s\S]*?^```/gm, '').matchAll(/^#{1,6} (.+)$/gm);
  return [...headings].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** The rows of every table whose header has the word in its first cell, as cells. */
export function tableRows(page: string, firstHeader: RegExp): string[][] {
  const tables = page.match(/(?:^\|.*\|[ \t]*\n)+/gm) ?? [];
  return tables
    .map((table) => table.trim().split('\n').map(cellsOf))
    .filter(([header]) => firstHeader.test(header?.[0] ?? ''))
    .flatMap((rows) => rows.slice(2));
}

function cellsOf(line: string): string[] {
  return line
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((cell) => cell.trim());
}
