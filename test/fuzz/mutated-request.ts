import fc from 'fast-check';
import { fields, names, values } from './nasty-values.ts';
import { id, validRequests, type Draft } from './valid-requests.ts';

/** A request as it goes over the wire. */
export interface RawRequest {
  method: string;
  /** With the query; every character is one that HTTP allows. */
  path: string;
  headers: Record<string, string>;
  body?: Buffer;
}

/** Who asks: the keys differ by run, so that a request only says whose it is. */
export interface Fuzzed {
  request: RawRequest;
  caller: Caller;
}

const CALLERS = ['operator', 'matchmaker', 'read-only', 'container', 'eventGrid', 'wrong', 'none'] as const;
export type Caller = (typeof CALLERS)[number];

type Mutate = (draft: Draft) => Draft;

/** Chosen among the places of a document by a number, so that shrinking keeps its meaning. */
function atPlace(body: unknown, place: number, change: (parent: object, key: string) => void): unknown {
  const copy: unknown = structuredClone(body);
  const places: { parent: object; key: string }[] = [];
  const visit = (value: unknown): void => {
    if (typeof value === 'object' && value !== null) {
      for (const key of Object.keys(value)) {
        places.push({ parent: value, key });
        visit(Reflect.get(value, key));
      }
    }
  };
  visit(copy);
  const chosen = places[place % Math.max(1, places.length)];
  if (chosen !== undefined) {
    change(chosen.parent, chosen.key);
  }
  return copy;
}

/** Each a copy, so that a later change makes one of them long and not all; never more than twice what a body may be. */
function repeated(value: unknown, count: number): unknown[] {
  const most = 2_000_000 / (JSON.stringify(value).length + 1);
  return Array.from({ length: Math.min(count, most) }, (): unknown => structuredClone(value));
}

const replaceAt = <T>(list: readonly T[], place: number, item: T): T[] =>
  list.length === 0 ? [item] : list.with(place % list.length, item);

const mutations: fc.Arbitrary<Mutate> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(fc.nat(500), values).map(([place, value]): Mutate => (given) => ({
      ...given,
      body: atPlace(given.body, place, (parent, key) => {
        Reflect.set(parent, key, value);
      }),
    })),
  },
  {
    weight: 2,
    arbitrary: fc.nat(500).map((place): Mutate => (given) => ({
      ...given,
      body: atPlace(given.body, place, (parent, key) => {
        Reflect.deleteProperty(parent, key);
      }),
    })),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(fc.nat(500), fields, values).map(([place, field, value]): Mutate => (given) => ({
      ...given,
      body: atPlace(given.body, place, (parent) => {
        Object.defineProperty(parent, field, { value, enumerable: true, configurable: true, writable: true });
      }),
    })),
  },
  {
    weight: 1,
    arbitrary: values.map((value): Mutate => (given) => ({ ...given, body: value })),
  },
  {
    weight: 1,
    arbitrary: fc.nat(1_200).map((count): Mutate => (given) => ({
      ...given,
      body: repeated(given.body ?? id, count),
    })),
  },
  {
    weight: 3,
    arbitrary: fc.tuple(fc.nat(8), names).map(([place, name]): Mutate => (given) => ({
      ...given,
      segments: replaceAt(given.segments, place, name),
    })),
  },
  {
    weight: 1,
    arbitrary: names.map((name): Mutate => (given) => ({ ...given, segments: [...given.segments, name] })),
  },
  {
    weight: 3,
    arbitrary: fc.tuple(fc.nat(8), fields, names).map(([place, field, name]): Mutate => (given) => ({
      ...given,
      query: replaceAt(given.query, place, [given.query[place % Math.max(1, given.query.length)]?.[0] ?? field, name]),
    })),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(fields, names).map(([field, name]): Mutate => (given) => ({
      ...given,
      query: [...given.query, [field === 'wait' ? 'waits' : field, name]],
    })),
  },
  {
    weight: 1,
    arbitrary: names.map((name): Mutate => (given) => ({ ...given, query: [...given.query, [name, name]] })),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(
        fc.constantFrom(
          'content-type',
          'idempotency-key',
          'authorization',
          'x-ms-client-principal',
          'aeg-event-type',
          'x-functions-key',
          'content-encoding',
          'traceparent',
          'x-forwarded-host',
          'x-original-url',
          'x-http-method-override',
          'host',
          'expect',
          'range',
          'cookie',
        ),
        names,
      )
      .map(([header, name]): Mutate => (given) => ({ ...given, headers: [...given.headers, [header, name]] })),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'PROPFIND')
      .map((method): Mutate => (given) => ({ ...given, method })),
  },
);

/** Changes of the text itself, after which it need not be JSON any more. */
const textMutations: fc.Arbitrary<(text: Buffer) => Buffer> = fc.oneof(
  { weight: 20, arbitrary: fc.constant((text: Buffer) => text) },
  { weight: 2, arbitrary: fc.nat().map((at) => (text: Buffer) => text.subarray(0, at % (text.length + 1))) },
  {
    weight: 2,
    arbitrary: fc.tuple(fc.nat(), fc.uint8Array({ maxLength: 8 })).map(
      ([at, bytes]) =>
        (text: Buffer) =>
          Buffer.concat([text.subarray(0, at % (text.length + 1)), bytes, text.subarray(at % (text.length + 1))]),
    ),
  },
  { weight: 1, arbitrary: fc.constantFrom('[', '{"a":').map((opening) => () => Buffer.from(opening.repeat(20_000))) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom(
        '1e999',
        '{"resourceGroup":1e999}',
        '"\\ud800"',
        '\uFEFF{}',
        'null',
        '',
        ' ',
        '{"a":1,"a":2}',
        '{"__proto__":null}',
      )
      .map((text) => () => Buffer.from(text)),
  },
);

/** A valid request with up to four things about it changed. */
export const fuzzed: fc.Arbitrary<Fuzzed> = fc
  .record({
    base: fc.constantFrom(...validRequests),
    mutate: fc.array(mutations, { minLength: 1, maxLength: 4 }),
    mutateText: textMutations,
    caller: fc.oneof(
      { weight: 4, arbitrary: fc.constant(undefined) },
      { weight: 1, arbitrary: fc.constantFrom(...CALLERS) },
    ),
  })
  .map(({ base, mutate, mutateText, caller }) => {
    const mutated = mutate.reduce((given, change) => change(given), base);
    return { request: toRaw(mutated, mutateText), caller: caller ?? usualCaller(base) };
  });

function usualCaller({ segments: [first, second, third] }: Draft): Caller {
  if (first !== 'api') {
    return third === 'eventgrid' ? 'eventGrid' : 'operator';
  }
  return second === 'ACIReport' ? 'container' : 'operator';
}

/** Percent-encodes only what can't stand in a request line, so that `%2f` and `..` arrive as they are. */
function toRaw({ method, segments, query, headers, body }: Draft, mutateText: (text: Buffer) => Buffer): RawRequest {
  const escape = (text: string): string => text.toWellFormed().replaceAll(/[^!-~]|[?#]/gu, encodeURIComponent);
  const search = query.map(([name, value]) => `${escape(name)}=${escape(value)}`).join('&');
  const path = `/${segments.map(escape).join('/')}${search === '' ? '' : `?${search}`}`;
  const hasBody = body !== undefined && !['GET', 'HEAD'].includes(method);
  return {
    method,
    path: path.slice(0, 12_000),
    headers: Object.fromEntries(headers.map(([name, value]) => [name, value.replaceAll(/[^ -~\u0080-\u00FF]/gu, '?')])),
    ...(hasBody ? { body: mutateText(Buffer.from(JSON.stringify(body) ?? '')) } : {}),
  };
}
