import { http } from '../../arm/server/http-module.ts';

/** What the app says of itself at `/api/health`. */
export interface AppHealth {
  status: number | undefined;
  /** A line for each setting that keeps it from serving anything else. */
  badSettings: string[];
}

/** Asks the app how it is; undefined while nobody listens there. */
export function readAppHealth(origin: string, signal?: AbortSignal): Promise<AppHealth | undefined> {
  return new Promise((resolve) => {
    http
      .get(`${origin}/api/health`, { agent: false, ...(signal && { signal }) }, (response) => {
        let body = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          body += chunk;
        });
        response.on('end', () => resolve({ status: response.statusCode, badSettings: badSettingsOf(body) }));
        response.on('error', () => resolve(undefined));
      })
      .on('error', () => resolve(undefined));
  });
}

function badSettingsOf(body: string): string[] {
  const health = parse(body);
  const isBad = typeof health === 'object' && health !== null && 'status' in health && health.status === 'badSettings';
  return isBad && 'settings' in health && Array.isArray(health.settings) ? health.settings.map(String) : [];
}

/** A host that has not loaded the app yet answers in no particular form. */
function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
