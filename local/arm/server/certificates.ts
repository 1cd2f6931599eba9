import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DataFileError, reasonOf } from '../../files/data-file-error.ts';
import { makeDirectory } from '../../files/make-directory.ts';
import { writeOwnFile } from '../../files/own-file.ts';

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
  makeDirectory(directory);
  // The CA's certificate comes last: whoever finds it finds the others.
  writeOwnFile(join(directory, 'server.key'), made.key);
  writeOwnFile(join(directory, 'server.pem'), made.certificate);
  writeOwnFile(caPath(directory), made.caCertificate);
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
    throw new DataFileError(`The certificates in ${directory} can't be read: ${reasonOf(error)}.`, { cause: error });
  }
}

function isGood(certificates: Certificates, nowMs: number): boolean {
  const server = parse(certificates.certificate);
  const authority = parse(certificates.caCertificate);
  if (!server || !authority || !isKeyOf(server, certificates.key)) return false;
  const isInTime = server.validFromDate.getTime() <= nowMs && nowMs + RENEW_BEFORE_MS < server.validToDate.getTime();
  return isInTime && server.verify(authority.publicKey);
}

/** Undefined for what is damaged: it is made anew, as nothing else depends on it. */
function parse(certificate: string): X509Certificate | undefined {
  try {
    return new X509Certificate(certificate);
  } catch {
    return undefined;
  }
}

function isKeyOf(certificate: X509Certificate, key: string): boolean {
  try {
    return certificate.checkPrivateKey(createPrivateKey(key));
  } catch {
    return false;
  }
}

function caPath(directory: string): string {
  return join(directory, 'ca.pem');
}
