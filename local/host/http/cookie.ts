import type { RpcHttpCookie } from '../worker/typed-data.ts';

const SAME_SITE = { lax: 'lax', strict: 'strict', explicitNone: 'none' } as const;

/** Makes the value of a `set-cookie` header as ASP.NET Core writes it (Microsoft.Net.Http.Headers, SetCookieHeaderValue.cs); the default path is `/`. */
export function serializeCookie(cookie: RpcHttpCookie): string {
  const { domain, expires, httpOnly, maxAge, path, sameSite, secure } = cookie;
  return [
    `${cookie.name}=${encodeURIComponent(cookie.value)}`,
    expires && `expires=${new Date(expires.value.seconds * 1000).toUTCString()}`,
    maxAge && `max-age=${Math.trunc(maxAge.value)}`,
    domain && `domain=${domain.value}`,
    `path=${path?.value ?? '/'}`,
    secure?.value && 'secure',
    sameSite && sameSite !== 'none' && `samesite=${SAME_SITE[sameSite]}`,
    httpOnly?.value && 'httponly',
  ]
    .filter(Boolean)
    .join('; ');
}
