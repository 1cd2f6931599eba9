import type { RegisteredFunction } from '../worker/function-registry.ts';
import { compileRouteTemplate, type RouteTemplate } from './route-template.ts';

/** An HTTP function at its route. */
export interface HttpRoute {
  called: RegisteredFunction;
  /** With the prefix, without a slash in front. */
  template: string;
  /** Upper-case; empty means every method. */
  methods: readonly string[];
  authLevel: 'anonymous' | 'function' | 'admin';
  match: RouteTemplate;
}

/** The routes of an app. */
export interface HttpRoutes {
  routes: readonly HttpRoute[];
  /** Why a function has no route, by its name; Azure runs the others all the same. */
  errors: ReadonlyMap<string, string>;
  find(method: string, path: string): { route: HttpRoute; params: Record<string, string> } | undefined;
}

/**
 * Gives each HTTP function its route. Functions are tried in the order of their names, and the first one that fits wins, however
 * much better a later one would fit (azure-functions-host WebScriptHostHttpRoutesManager.cs). A method that the function doesn't
 * have means no match.
 */
export function createHttpRoutes(
  functions: readonly RegisteredFunction[],
  routePrefix: string,
  resolve: (text: string) => string,
): HttpRoutes {
  const routes: HttpRoute[] = [];
  const errors = new Map<string, string>();
  for (const called of functions.toSorted(byName)) {
    try {
      const route = createRoute(called, routePrefix, resolve);
      const conflict = conflictWith(route, routes);
      if (conflict === undefined) routes.push(route);
      else errors.set(called.name, conflict);
    } catch (error) {
      errors.set(called.name, error instanceof Error ? error.message : String(error));
    }
  }
  return { routes, errors, find: (method, path) => find(routes, method, path) };
}

function byName(a: RegisteredFunction, b: RegisteredFunction): number {
  const [left, right] = [a.name.toUpperCase(), b.name.toUpperCase()];
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

function createRoute(called: RegisteredFunction, routePrefix: string, resolve: (text: string) => string): HttpRoute {
  const { route, methods, authLevel } = called.trigger.binding;
  const path = typeof route === 'string' ? resolve(route) : called.name;
  const template = [routePrefix, path.replaceAll(/^\/+|\/+$/g, '')].filter(Boolean).join('/');
  return {
    called,
    template,
    methods: Array.isArray(methods) ? methods.map((method) => String(method).toUpperCase()) : [],
    authLevel: authLevelOf(authLevel),
    match: compileRouteTemplate(template),
  };
}

/** In a binding without a level the host assumes `function` (azure-functions-host HttpTriggerAttribute). */
function authLevelOf(level: unknown): HttpRoute['authLevel'] {
  const text = typeof level === 'string' ? level.toLowerCase() : undefined;
  return text === 'anonymous' || text === 'admin' ? text : 'function';
}

function conflictWith(route: HttpRoute, others: readonly HttpRoute[]): string | undefined {
  if (/^(admin|runtime)(\/|$)/i.test(route.template)) {
    return `The route "${route.template}" conflicts with one or more built-in routes, which begin with "admin" or "runtime".`;
  }
  const same = others.find(
    (other) =>
      other.template.toLowerCase() === route.template.toLowerCase() &&
      (other.methods.length === 0 ||
        route.methods.length === 0 ||
        other.methods.some((method) => route.methods.includes(method))),
  );
  return same && `The route "${route.template}" is already used by function '${same.called.name}'.`;
}

function find(routes: readonly HttpRoute[], method: string, path: string): ReturnType<HttpRoutes['find']> {
  const segments = segmentsOf(path);
  for (const route of routes) {
    if (route.methods.length > 0 && !route.methods.includes(method)) continue;
    const params = route.match(segments);
    if (params) return { route, params };
  }
  return undefined;
}

function segmentsOf(path: string): string[] {
  const trimmed = path.endsWith('/') ? path.slice(1, -1) : path.slice(1);
  if (trimmed === '') return [];
  const segments = trimmed.split('/');
  return trimmed.includes('%') ? segments.map(decode) : segments;
}

/** An encoded slash stays encoded, so that it can't end a segment; text that isn't an encoding stays as it is (Kestrel's UrlDecoder). */
function decode(segment: string): string {
  try {
    return decodeURIComponent(segment.replaceAll(/%(2f)/gi, '%25$1'));
  } catch {
    return segment;
  }
}
