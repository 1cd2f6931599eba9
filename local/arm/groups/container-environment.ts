import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import type { ContainerGroupBody } from '../wire/container-group-body.ts';
import { isJsonObject, parseJson, type JsonObject } from '../wire/json.ts';

/** Keeps what the containers of a group find in their environment, secure values too, so that the database alone shows none of it. */
export interface EnvironmentSeal {
  seal(environments: JsonObject): string;
  /** Undefined when it was sealed with another key. */
  open(sealed: string): JsonObject | undefined;
}

/** The variables of each container and init container, by its name and theirs. */
export function environmentsOf({ properties }: ContainerGroupBody): JsonObject {
  const containers = [...(properties?.containers ?? []), ...(properties?.initContainers ?? [])];
  return Object.fromEntries(
    containers.map(({ name = '', properties: inner }) => [
      name,
      Object.fromEntries(
        (inner?.environmentVariables ?? []).map((variable) => [
          variable.name ?? '',
          variable.secureValue ?? variable.value ?? '',
        ]),
      ),
    ]),
  );
}

/** Creates a seal whose key is derived from that of the local identity (RFC 5869). */
export function createEnvironmentSeal(signingKey: Buffer): EnvironmentSeal {
  const key = Buffer.from(hkdfSync('sha256', signingKey, '', 'environments of containers', KEY_BYTES));
  return {
    seal: (environments) => {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', key, nonce);
      const content = Buffer.concat([cipher.update(JSON.stringify(environments)), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), content]).toString('base64');
    },
    open: (sealed) => {
      const bytes = Buffer.from(sealed, 'base64');
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES));
      decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
      const text = decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES));
      try {
        decipher.final();
      } catch {
        // The tag is wrong: another key. That is an answer, no error.
        return undefined;
      }
      const environments = parseJson(text.toString());
      return isJsonObject(environments) ? environments : undefined;
    },
  };
}

const KEY_BYTES = 32;
/** NIST SP 800-38D, 8.2. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
