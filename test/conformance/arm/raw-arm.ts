import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { json } from 'node:stream/consumers';
import { z } from 'zod';
import type { ArmAddress } from './harness.ts';
import { SUBSCRIPTION_ID } from './subscription.ts';

/** The path of the provider, for the whole subscription. */
export const CONTAINER_INSTANCE = `/subscriptions/${SUBSCRIPTION_ID}/providers/Microsoft.ContainerInstance`;

/** The path of the provider in the resource group `games`. */
export const IN_GAMES = `/subscriptions/${SUBSCRIPTION_ID}/resourceGroups/games/providers/Microsoft.ContainerInstance`;

/** What ARM answers when it refuses. */
export const refusalSchema = z.strictObject({ error: z.strictObject({ code: z.string(), message: z.string() }) });

/** What was answered, and with which status. */
export interface RawAnswer {
  status: number | undefined;
  body: unknown;
}

/** Asks ARM as a client without the SDK does, with a token of the identity endpoint unless another is given. */
export async function callArm(
  arm: ArmAddress,
  method: string,
  path: string,
  body?: object,
  token?: string,
): Promise<RawAnswer> {
  const authorization = `Bearer ${token ?? (await getToken(arm))}`;
  const headers = { authorization, 'content-type': 'application/json' };
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request(`${arm.endpoint}${path}`, { method, headers, ca: arm.caCertificate, agent: false }, resolve)
      .on('error', reject)
      .end(body === undefined ? undefined : JSON.stringify(body));
  });
  return { status: response.statusCode, body: await json(response) };
}

const tokenSchema = z.object({ access_token: z.string() });

async function getToken({ identityEndpoint, identityHeader }: ArmAddress): Promise<string> {
  const url = `${identityEndpoint}?api-version=2019-08-01&resource=https%3A%2F%2Fmanagement.azure.com%2F`;
  const answer = await fetch(url, { headers: { 'X-IDENTITY-HEADER': identityHeader } });
  return tokenSchema.parse(await answer.json()).access_token;
}
