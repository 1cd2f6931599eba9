import { z } from 'zod';
import type { Answer } from '../smoke-client.ts';
import { SmokeFailure } from '../smoke-failure.ts';
import { nextForCode } from './next-for-code.ts';

/** An answer that is not the promised one, and what to look at next. */
export function diagnoseAnswer(answer: Answer, expected: string): SmokeFailure {
  const { asked, status, json } = answer;
  const told = toldBy(answer);
  return new SmokeFailure(
    `${asked}: expected ${expected}, came ${status}${told === '' ? '' : ` ${told}`}.`,
    next(answer),
    { isPassing: GATEWAY_STATUSES.has(status) && json === undefined },
  );
}

/** What the front end and the host answer in the place of an app that is busy or being restarted. */
const GATEWAY_STATUSES = new Set([429, 502, 503, 504]);

/** The problem document, as far as it tells what is wrong (docs/failures.md). */
const problemSchema = z.looseObject({
  code: z.string().optional(),
  detail: z.string().optional(),
  field: z.string().optional(),
  expected: z.string().optional(),
});

/** What `health` answers when the app is unfit. */
const unfitSchema = z.looseObject({ status: z.string(), settings: z.array(z.string()).optional() });

const APP_LOG =
  "the app's log: in Application Insights, Logs, `union traces, exceptions | order by timestamp desc | take 50`";

function toldBy({ json, text, headers }: Answer): string {
  const { code, detail, field } = problemSchema.safeParse(json).data ?? {};
  if (code !== undefined) {
    return `${code}: ${detail ?? ''}${field === undefined ? '' : ` (field ${field})`}`.replace(/\.$/, '');
  }
  const unfit = unfitSchema.safeParse(json).data;
  if (unfit !== undefined) return [unfit.status, ...(unfit.settings ?? [])].join('; ');
  const location = headers.get('location');
  // Without its query, in which a key may stand.
  if (location !== null) return `to ${location.split('?')[0] ?? ''}`;
  if (text === '') return 'without a body';
  return /<title>([^<]{1,100})<\/title>/i.exec(text)?.[1] ?? 'with a body that is none of the app';
}

function next({ asked, status, json, headers, text }: Answer): string {
  const requestId = headers.get('x-request-id') ?? undefined;
  const code = problemSchema.safeParse(json).data?.code;
  if (code !== undefined) return nextForCode(code, requestId);
  const unfit = unfitSchema.safeParse(json).data?.status;
  if (unfit === 'badSettings') {
    return 'Mend the settings that are named (docs/operations.md, Settings) and deploy again. If it is ACI_SEALING_KEYS, let the app read the vault again (docs/operations.md).';
  }
  if (unfit === 'wrongSealingKeys') {
    return 'The vault holds another sealing key than the one of earlier starts: put the earlier one back behind the new one (SECURITY.md, Sealing keys).';
  }
  if (status >= 300 && status < 400) return 'Give the address that it leads to, or that of the output baseUrl.';
  switch (status) {
    case 401:
      return 'The key is none of this function: take that of the role operator (the output keyCommand, with operator for matchmaker). If keyCommand prints nothing, the deployment ended before the role keys: deploy again, with azd: azd hooks run postdeploy. Of a local stack: keys.json in its data directory.';
    case 403:
      return `Something before the app refuses: it may be stopped (az functionapp start), or its access restricted (in the portal, Networking). ${/stopped/i.test(text) ? 'The page says that it is stopped.' : ''}`.trim();
    case 404:
      return `There is no function for ${asked} here. Compare the address with the output baseUrl; then look whether the app has functions (az functionapp function list). None: the package is not installed, or does not start: look at ${APP_LOG}.`;
    case 429:
      return 'Too many requests: wait a minute, and try again.';
    case 502:
    case 503:
    case 504:
      return `The host is starting, or can't start the app. Try again in a minute; then look at ${APP_LOG}.`;
    default:
      return status >= 500
        ? `Look at ${APP_LOG}.`
        : 'Compare the address with the output baseUrl: another program seems to answer there.';
  }
}
