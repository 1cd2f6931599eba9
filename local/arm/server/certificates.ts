import { X509Certificate } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What the emulator's TLS server and its clients need. */
export interface Certificates {
  caCertificatePath: string;
  /** PEM. */
  caCertificate: string;
  /** PEM, for 127.0.0.1 and localhost. */
  certificate: string;
  /** PEM. */
  key: string;
}

/** Certificates are made again when less than this is left of them, so that none ends while a stack runs. */
const RENEW_BEFORE_MS = 30 * 24 * 60 * 60 * 1000;

/**
 * Reads the certificates from `directory`, and makes them first when there are none or they end soon. Only the server's key is kept:
 * the CA's is thrown away after its one signature, so that nobody can use it for another host's certificate.
 */
export async function loadCertificates(directory: string, nowMs: number): Promise<Certificates> {
  const existing = await readCertificates(directory);
  if (existing && isGood(existing, nowMs)) return existing;
  // The library costs 100 ms and 20 MB, once in a year.
  const { makeCertificates } = await import('./certificate-authority.ts');
  const made = await makeCertificates(nowMs);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  // The CA's certificate comes last: whoever finds it finds the others.
  await writeAtomically(join(directory, 'server.key'), made.key, 0o600);
  await writeAtomically(join(directory, 'server.pem'), made.certificate, 0o644);
  await writeAtomically(caPath(directory), made.caCertificate, 0o644);
  return { ...made, caCertificatePath: caPath(directory) };
}

async function readCertificates(directory: string): Promise<Certificates | undefined> {
  try {
    const [caCertificate, certificate, key] = await Promise.all([
      readFile(caPath(directory), 'utf8'),
      readFile(join(directory, 'server.pem'), 'utf8'),
      readFile(join(directory, 'server.key'), 'utf8'),
    ]);
    return { caCertificatePath: caPath(directory), caCertificate, certificate, key };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new Error(`The certificates in ${directory} can't be read.`, { cause: error });
  }
}

function isGood(certificates: Certificates, nowMs: number): boolean {
  const server = new X509Certificate(certificates.certificate);
  const authority = new X509Certificate(certificates.caCertificate);
  const isInTime = server.validFromDate.getTime() <= nowMs && nowMs + RENEW_BEFORE_MS < server.validToDate.getTime();
  return isInTime && server.verify(authority.publicKey);
}

function caPath(directory: string): string {
  return join(directory, 'ca.pem');
}

async function writeAtomically(path: string, content: string, mode: number): Promise<void> {
  await writeFile(`${path}.new`, content, { mode });
  await rename(`${path}.new`, path);
}
