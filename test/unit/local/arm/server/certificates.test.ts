import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadCertificates } from '../../../../../local/arm/server/certificates.ts';
import { listenOnLoopback } from '../../../../../local/arm/server/loopback.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
let directory = '';

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'certificates-'));
});
afterEach(() => rm(directory, { recursive: true }));

test('certificates are made once, and again a month before they end', async () => {
  const nowMs = Date.now();
  const first = await loadCertificates(directory, nowMs);
  expect(await loadCertificates(directory, nowMs + 300 * DAY_MS)).toEqual(first);
  const later = await loadCertificates(directory, nowMs + 370 * DAY_MS);
  expect(later.certificate).not.toBe(first.certificate);
  expect(new X509Certificate(later.certificate).validToDate.getTime()).toBeGreaterThan(nowMs + 700 * DAY_MS);
});

test('the key is its owner’s alone, and the CA can sign nothing more', async () => {
  await loadCertificates(directory, Date.now());
  expect((await stat(join(directory, 'server.key'))).mode & 0o777).toBe(0o600);
  await expect(stat(join(directory, 'ca.key'))).rejects.toThrow('ENOENT');
});

test.each(['127.0.0.1', 'localhost'])('a client that trusts the CA accepts the server as %s', async (host) => {
  const { caCertificate, certificate, key } = await loadCertificates(directory, Date.now());
  const server = createServer({ cert: certificate, key });
  const port = await listenOnLoopback(server, 0);
  const socket = connect({ host: '127.0.0.1', port, ca: caCertificate, servername: host === 'localhost' ? host : '' });
  await once(socket, 'secureConnect');
  expect(socket.authorized).toBe(true);
  socket.destroy();
  server.close();
});
