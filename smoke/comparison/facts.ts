import type { Answer } from '../smoke-client.ts';

/** What an answer says in a form that two installations can be compared by: the status, headers, and the fields of the body. */
export type Facts = Record<string, string>;

/** Names that differ from run to run, and what stands for them. */
export type Names = Readonly<Record<string, string>>;

/** Headers that the app promises or that tell the host apart. */
const HEADERS = ['cache-control', 'content-type', 'location', 'retry-after', 'x-content-type-options', 'x-request-id'];

/** Fields whose value counts, and not only their kind. */
const VALUES = new Set(
  'activeSessions code deleted expected field name port protocol runtimeStatus state status title type'.split(' '),
);

/** The facts of an answer. `names` are replaced wherever they stand in a value that counts. */
export function factsOf({ status, headers, text, json }: Answer, names: Names): Facts {
  const facts: Facts = { status: String(status) };
  for (const name of HEADERS) {
    const value = headers.get(name);
    if (value !== null) facts[`header ${name}`] = headerFact(name, value, names);
  }
  if (json === undefined) {
    facts['body'] = text === '' ? 'empty' : 'no JSON';
  } else {
    for (const [path, kinds] of kindsOf(json, names)) {
      facts[path] = [...kinds].toSorted().join(' | ');
    }
  }
  return facts;
}

function headerFact(name: string, value: string, names: Names): string {
  switch (name) {
    case 'location':
      // Its query may hold a key.
      return withoutNames(decodeURIComponent(value.split('?')[0] ?? ''), names);
    case 'x-request-id':
      return kindOfText(value);
    default:
      return value;
  }
}

/** Every place of a document, lists as one item, with all the kinds of values that stand there. */
function kindsOf(document: unknown, names: Names): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  const note = (path: string, kind: string): void => {
    found.set(path, (found.get(path) ?? new Set()).add(kind));
  };
  const walk = (path: string, value: unknown): void => {
    if (Array.isArray(value)) {
      note(path, value.length === 0 ? 'empty list' : 'list');
      for (const item of value) walk(`${path}[]`, item);
    } else if (typeof value === 'object' && value !== null) {
      for (const [name, each] of Object.entries(value)) walk(`${path}.${name}`, each);
    } else {
      note(path, kindOf(path, value, names));
    }
  };
  walk('body', document);
  return found;
}

function kindOf(path: string, value: unknown, names: Names): string {
  const isValue = VALUES.has(path.slice(path.lastIndexOf('.') + 1).replaceAll('[]', ''));
  if (typeof value === 'string') return isValue ? withoutNames(value, names) : kindOfText(value);
  return isValue || typeof value === 'boolean' || value === null ? String(value) : typeof value;
}

function kindOfText(text: string): string {
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/.test(text)) return 'time';
  if (/^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text)) return 'id';
  return text === '' ? 'empty text' : 'text';
}

/** Azure and the app keep the names in the letter case that was given, or in lower case; a short one may be a piece of another word. */
function withoutNames(text: string, names: Names): string {
  return Object.entries(names).reduce((rest, [name, standIn]) => {
    const whole = new RegExp(`(?<![\\w-])${name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\w-])`, 'gi');
    return rest.replaceAll(whole, standIn);
  }, text);
}
