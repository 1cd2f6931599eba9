import { createServer, type IncomingMessage } from 'node:http';
import { type ArmEmulator, type ArmEmulatorOptions, startArmEmulator } from '../../../local/arm/arm-emulator.ts';
import { listenOnLoopback } from '../../../local/arm/server/loopback.ts';

/** What the app is told of its managed identity. */
export interface Identity {
  IDENTITY_ENDPOINT: string;
  IDENTITY_HEADER: string;
}

/** MSAL keeps tokens by the address that they are for, as long as the process lives (@azure/msal-node, ManagedIdentityApplication.nodeStorage, static). */
const usedEndpoints = new Set<string>();

let issuer: ArmEmulator | undefined;
let identity: Promise<Identity> | undefined;

/**
 * Starts an emulator in a process that may have had others: at an address of its own, while its identity has the address that the first one's
 * had, which MSAL never forgets (@azure/msal-node, ManagedIdentityClient.identitySource, static). No two of them run at once.
 */
export async function startArmInProcess(
  options: Omit<ArmEmulatorOptions, 'port' | 'identityPort'>,
): Promise<{ arm: ArmEmulator; identity: Identity }> {
  const arm = await startArmEmulator({ ...options, port: 0, identityPort: 0 });
  if (usedEndpoints.has(arm.endpoint)) {
    await arm.stop();
    return startArmInProcess(options);
  }
  usedEndpoints.add(arm.endpoint);
  issuer = arm;
  identity ??= openDoor(arm.identityHeader);
  return { arm, identity: await identity };
}

/** Hands each request on to the identity of now; whoever has the door's header gets in with that one's own. */
async function openDoor(header: string): Promise<Identity> {
  const server = createServer((request, response) => {
    handOn(request, header).then(
      ({ status, text }) => response.writeHead(status, { 'content-type': 'application/json' }).end(text),
      () => response.destroy(),
    );
  });
  const port = await listenOnLoopback(server, 0);
  server.unref();
  return { IDENTITY_ENDPOINT: `http://127.0.0.1:${port}/msi/token`, IDENTITY_HEADER: header };
}

async function handOn(
  { url = '', headers }: IncomingMessage,
  header: string,
): Promise<{ status: number; text: string }> {
  if (!issuer) {
    throw new Error('Nobody issues tokens yet.');
  }
  const given = headers['x-identity-header'] === header ? issuer.identityHeader : '';
  const answer = await fetch(new URL(url, issuer.identityEndpoint), { headers: { 'x-identity-header': given } });
  return { status: answer.status, text: await answer.text() };
}
