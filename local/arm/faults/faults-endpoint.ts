import { type ArmReply, errorReply } from '../wire/arm-reply.ts';
import { parseJson } from '../wire/json.ts';
import type { FaultControl } from './fault-control.ts';
import { noFaults } from './faults.ts';

/**
 * Answers what Azure has not: `/admin/local/faults`, which shows the faults (GET), sets others from a body (PUT) or by the names of profiles
 * (`PUT /admin/local/faults/{names}`), adds incidents (POST) or ends all of it (DELETE). Undefined for any other path. Whoever asks has
 * shown a token for Resource Manager.
 */
export function answerFaultsEndpoint(
  control: FaultControl,
  method: string,
  segments: readonly string[],
  body: string,
): Promise<ArmReply> | undefined {
  const [admin, local, part, names, ...rest] = segments;
  if (admin !== 'admin' || local !== 'local' || part !== 'faults' || rest.length > 0) return undefined;
  if (method === 'PUT') return change(async () => control.set(await readFaults(names, body)), control);
  if (names !== undefined) return undefined;
  if (method === 'POST') return change(async () => control.add(await readIncidents(body)), control);
  if (method === 'DELETE') return change(async () => control.set(noFaults), control);
  return method === 'GET' ? Promise.resolve({ status: 200, body: control.describe() }) : undefined;
}

async function change(work: () => Promise<void>, control: FaultControl): Promise<ArmReply> {
  try {
    await work();
  } catch (error) {
    const { FaultsError } = await import('./parse-faults.ts');
    if (!(error instanceof FaultsError)) throw error;
    return errorReply({ status: 400, code: 'InvalidFaults', message: error.message });
  }
  return { status: 200, body: control.describe() };
}

async function readFaults(names: string | undefined, body: string) {
  // Only who wants faults pays for the schema library: it is a third of the parent's memory.
  const { parseFaults, profileNamed } = await import('./parse-faults.ts');
  if (names !== undefined) return parseFaults(names.split(',').map((name) => profileNamed(name.trim())));
  return parseFaults([{ name: BODY, input: parseJson(body) }]);
}

async function readIncidents(body: string) {
  const { parseIncidents } = await import('./parse-faults.ts');
  return parseIncidents({ name: BODY, input: parseJson(body) });
}

const BODY = 'the body of the request';
