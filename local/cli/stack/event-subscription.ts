import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { http } from '../../arm/server/http-module.ts';
import { StartError } from '../start-error.ts';

/** The path of the Event Grid extension (azure-functions-eventgrid-extension). */
const WEBHOOK_PATH = '/runtime/webhooks/eventgrid';

/** The system key that opens it. */
const SYSTEM_KEY = 'eventgrid_extension';

/**
 * Finds the webhook of the app's Event Grid function, as the subscription in Azure names a function; undefined when there is none. With
 * keys on, it has the extension's system key.
 */
export async function findEventWebhook(
  origin: string,
  dataDirectory: string,
  auth: 'off' | 'on',
): Promise<string | undefined> {
  const keys = auth === 'on' ? readKeys(join(dataDirectory, 'keys.json')) : undefined;
  const functions = await getJson(`${origin}/admin/functions`, keys ? { 'x-functions-key': keys.masterKey } : {});
  const names = Array.isArray(functions) ? functions.filter(isEventGridFunction).map(({ name }) => name) : [];
  if (names.length > 1) {
    throw new StartError(
      `The local Event Grid delivers to one function; the app has ${names.length}: ${names.join(', ')}.`,
    );
  }
  const name = names[0];
  if (name === undefined) return undefined;
  const url = new URL(WEBHOOK_PATH, origin);
  url.searchParams.set('functionName', name);
  if (keys) url.searchParams.set('code', keys.systemKey);
  return url.href;
}

function isEventGridFunction(value: unknown): value is { name: string } {
  if (!isRecord(value) || typeof value['name'] !== 'string' || value['isDisabled'] === true) return false;
  const config = value['config'];
  const bindings = isRecord(config) ? config['bindings'] : undefined;
  if (!Array.isArray(bindings)) return false;
  return bindings.some((binding) => isRecord(binding) && String(binding['type']).toLowerCase() === 'eventgridtrigger');
}

function readKeys(path: string): { masterKey: string; systemKey: string } {
  const keys = parseFile(path);
  const systemKeys = isRecord(keys) ? keys['systemKeys'] : undefined;
  const masterKey = isRecord(keys) ? keys['masterKey'] : undefined;
  const systemKey = isRecord(systemKeys) ? systemKeys[SYSTEM_KEY] : undefined;
  if (typeof masterKey === 'string' && typeof systemKey === 'string') return { masterKey, systemKey };
  throw new StartError(
    `The key file ${path} lacks the master key or the system key ${SYSTEM_KEY}. Delete it to have new keys made.`,
  );
}

function parseFile(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new StartError(`The key file ${path} is broken. Mend it, or delete it to have new keys made.`, {
      cause: error,
    });
  }
}

function getJson(url: string, headers: Record<string, string>): Promise<unknown> {
  return new Promise((resolve, reject) => {
    http
      .get(url, { headers, agent: false }, (response) => {
        let body = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          body += chunk;
        });
        response.on('end', () => {
          if (response.statusCode === 200) resolve(JSON.parse(body));
          else reject(new Error(`GET ${url} answered ${response.statusCode}.`));
        });
        response.on('error', reject);
      })
      .on('error', reject);
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
