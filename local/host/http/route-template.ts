import { createRouteConstraint, type RouteConstraint } from './route-constraint.ts';
import { StartError } from '../start-error.ts';

/** Tells whether a path, split at its slashes and decoded, fits; the route values if so. */
export type RouteTemplate = (segments: readonly string[]) => Record<string, string> | undefined;

interface Parameter {
  name: string;
  isCatchAll: boolean;
  isOptional: boolean;
  defaultValue: string | undefined;
  constraints: RouteConstraint[];
}

type Part = { literal: string } | { parameter: Parameter };

/**
 * Compiles a route template of ASP.NET Core, such as `items/{id:int}/{*rest}`
 * (learn.microsoft.com/aspnet/core/fundamentals/routing#route-templates). Literals match in any letter case. Throws a `StartError`
 * for a template that ASP.NET would refuse.
 */
export function compileRouteTemplate(template: string): RouteTemplate {
  const segments = splitSegments(template).map((segment) => parseSegment(segment, template));
  const matchers = segments.map(createSegmentMatcher);
  const catchAll = matchers.findIndex((matcher) => matcher.isCatchAll);
  if (catchAll >= 0 && catchAll !== matchers.length - 1) {
    throw new StartError(`The route '${template}' has a catch-all parameter that is not its last segment.`);
  }

  return (path) => {
    if (path.length > matchers.length && catchAll < 0) return undefined;
    const values: Record<string, string> = {};
    for (const [index, matcher] of matchers.entries()) {
      const text = matcher.isCatchAll ? path.slice(index).join('/') : path[index];
      if (!matcher.match(text, values)) return undefined;
    }
    return values;
  };
}

interface SegmentMatcher {
  isCatchAll: boolean;
  /** `text` is undefined when the path has no such segment. */
  match(text: string | undefined, values: Record<string, string>): boolean;
}

function createSegmentMatcher(parts: Part[]): SegmentMatcher {
  const [only] = parts;
  if (parts.length === 1 && only) {
    if ('parameter' in only) {
      const { parameter } = only;
      return {
        isCatchAll: parameter.isCatchAll,
        match: (text, values) =>
          setParameter(parameter, text === '' && parameter.isCatchAll ? undefined : text, values),
      };
    }
    const literal = only.literal.toLowerCase();
    return { isCatchAll: false, match: (text) => text?.toLowerCase() === literal };
  }
  return createComplexMatcher(parts);
}

/** Several literals and parameters in one segment: the last literal that fits wins, as in ASP.NET's own right-to-left match. */
function createComplexMatcher(parts: Part[]): SegmentMatcher {
  const parameters = parts.flatMap((part) => ('parameter' in part ? [part.parameter] : []));
  const end = parts.at(-1);
  const hasOptionalEnd = end !== undefined && 'parameter' in end && end.parameter.isOptional;
  const sources = parts.map((part) =>
    'literal' in part ? part.literal.replaceAll(/[\^$.*+?()[\]{}|]/g, '\\$&') : '(.+)',
  );
  if (hasOptionalEnd) {
    sources.splice(-2, 2, String.raw`(?:\.([^.]+)|(?<!\.))`);
    sources[0] = sources[0] === '(.+)' ? '(.+?)' : (sources[0] ?? '');
  }
  const pattern = new RegExp(`^${sources.join('')}$`, 'is');
  return {
    isCatchAll: false,
    match(text, values) {
      const match = text === undefined ? null : pattern.exec(text);
      if (!match) return false;
      return parameters.every((parameter, index) => setParameter(parameter, match[index + 1], values));
    },
  };
}

function setParameter(parameter: Parameter, text: string | undefined, values: Record<string, string>): boolean {
  if (text === '') return false;
  const value = text ?? parameter.defaultValue;
  if (value === undefined) return parameter.isOptional || parameter.isCatchAll;
  if (!parameter.constraints.every((isSatisfied) => isSatisfied(value))) return false;
  values[parameter.name] = value;
  return true;
}

/** Splits at the slashes outside of braces: a regex constraint may hold one. */
function splitSegments(template: string): string[] {
  const segments: string[] = [];
  let depth = 0;
  let current = '';
  for (const character of template.replaceAll(/^~?\/|\/$/g, '')) {
    if (character === '{') depth++;
    if (character === '}') depth--;
    if (character === '/' && depth === 0) {
      segments.push(current);
      current = '';
    } else current += character;
  }
  return template === '' ? [] : [...segments, current];
}

function parseSegment(segment: string, template: string): Part[] {
  const parts: Part[] = [];
  // A doubled brace is one brace of the text.
  const tokens = segment.match(/\{(?!\{)(?:[^{}]|\{\{|\}\})*\}(?!\}\})|(?:[^{}]|\{\{|\}\})+/g) ?? [];
  if (tokens.join('') !== segment || segment === '') {
    throw new StartError(`The route template '${template}' is not valid at '${segment}'.`);
  }
  for (const token of tokens) {
    const text = token.replaceAll('{{', '{').replaceAll('}}', '}');
    parts.push(
      token.startsWith('{') && !token.startsWith('{{')
        ? { parameter: parseParameter(text.slice(1, -1)) }
        : { literal: text },
    );
  }
  return parts;
}

function parseParameter(text: string): Parameter {
  const [, stars = '', name = '', rest = ''] = /^(\*{0,2})([^:=?]*)(.*)$/s.exec(text) ?? [];
  if (name === '') throw new StartError(`The route parameter '{${text}}' has no name.`);
  const isOptional = rest.endsWith('?');
  const { constraints, defaultValue } = parseConstraints(isOptional ? rest.slice(0, -1) : rest);
  return {
    name,
    isCatchAll: stars !== '',
    isOptional,
    defaultValue,
    constraints: constraints.map(createRouteConstraint),
  };
}

/** `:int:regex(a:b=c)=5`: colons and the equals sign count only outside of parentheses. */
function parseConstraints(text: string): { constraints: string[]; defaultValue: string | undefined } {
  const constraints: string[] = [];
  let depth = 0;
  for (let index = 0; index < text.length; index++) {
    const character = text.charAt(index);
    if (character === '(') depth++;
    else if (character === ')') depth--;
    if (depth === 0 && character === '=') return { constraints, defaultValue: text.slice(index + 1) };
    if (depth === 0 && character === ':') constraints.push('');
    else constraints.push((constraints.pop() ?? '') + character);
  }
  return { constraints, defaultValue: undefined };
}
