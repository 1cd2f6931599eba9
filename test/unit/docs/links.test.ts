import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import { describe, expect, test } from 'vitest';
import { anchors, listPages, prose, readPage, REPOSITORY } from './markdown.ts';

describe('a page of the documentation', () => {
  test.each(listPages().map((page) => [page]))('%s links only to what exists', (page) => {
    const links = [...prose(readPage(page)).matchAll(/\]\(([^)\s]+)[^)]*\)/g)].map(([, link = '']) => link);
    expect(links.filter((link) => !/^[a-z]+:/.test(link) && !resolves(page, link))).toEqual([]);
  });
});

function resolves(page: string, link: string): boolean {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? page : posix.join(posix.dirname(page), decodeURIComponent(path));
  if (target.startsWith('..') || !existsSync(join(REPOSITORY, target))) {
    return false;
  }
  return anchor === undefined || !target.endsWith('.md') || anchors(readPage(target)).includes(anchor);
}
