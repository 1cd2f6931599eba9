import { findLeaks, findLeaksInFiles, type Leak } from '../../integration/stack/leaks.ts';
import { SECRET_MARK } from '../clients/creation.ts';

/** Looks for secrets where they must not be. */
export interface LeakSearch {
  /** In an answer to a request. */
  inAnswer(path: string, text: string): Leak[];
  inLines(lines: readonly string[]): Leak[];
  inFiles(directory: string): Leak[];
}

/** Tokens that are looked for in files, one file after the other in many forms; each answer is searched for all of them. */
const MAX_TOKENS = 5;

/** Creates a search for the secrets of a campaign and the tokens of its containers. */
export function createLeakSearch(tokens: () => readonly string[]): LeakSearch {
  const mark = new Map([['a secret of a specification', SECRET_MARK]]);
  const named = (some: readonly string[]): Map<string, string> =>
    new Map(some.map((token, index) => [`token ${index + 1} of a container`, token] as const));
  return {
    inAnswer(path, text) {
      const isNextToken = path.startsWith('/api/ACIReport/');
      const plain = isNextToken ? [] : tokens().filter((token) => text.includes(token));
      return [
        ...findLeaks(mark, `the answer to ${path}`, text),
        ...findLeaks(named(plain), `the answer to ${path}`, text),
      ];
    },
    inLines: (lines) => findLeaks(new Map([...mark, ...named(tokens())]), 'the log', lines.join('\n')),
    inFiles: (directory) => findLeaksInFiles(new Map([...mark, ...named(tokens().slice(-MAX_TOKENS))]), directory),
  };
}
