import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { json } from 'node:stream/consumers';
import { issueToken } from '../../local/arm/identity/access-token.ts';
import { loadIdentitySecrets } from '../../local/arm/identity/identity-secrets.ts';
import type { Answer } from './http-calls.ts';

/** What the emulator has, asked past the app. */
export interface ArmView {
  /** The status with which ARM answers a GET of the group. */
  armStatus(containerGroupName: string): Promise<number>;
  /** The names of all container groups that ARM has. */
  armGroups(): Promise<string[]>;
  /** How many creations and deletions of container groups ARM has taken so far, whether it has answered them or not. */
  armWrites(): { created: number; deleted: number };
}

const SUBSCRIPTION_ID = '00000000-0000-0000-0000-000000000001';
const CONTAINER_GROUPS = 'providers/Microsoft.ContainerInstance/containerGroups';

/** Looks at the emulator that runs on a data directory, at the port that it has at the time. */
export function createArmView(dataDirectory: string, port: () => number): ArmView {
  const askArm = async (path: string): Promise<Answer> => {
    const { signingKey } = await loadIdentitySecrets(dataDirectory);
    const { token } = issueToken('https://management.azure.com/', Date.now(), signingKey);
    const asked = request({
      host: '127.0.0.1',
      port: port(),
      path: `/subscriptions/${SUBSCRIPTION_ID}/${path}?api-version=2023-05-01`,
      agent: false,
      ca: readFileSync(join(dataDirectory, 'tls/ca.pem')),
      headers: { authorization: `Bearer ${token}` },
    }).end();
    const [response] = await once(asked, 'response');
    return { status: response.statusCode, body: await json(response) };
  };
  return {
    armStatus: async (containerGroupName) =>
      (await askArm(`resourceGroups/games/${CONTAINER_GROUPS}/${containerGroupName}`)).status,
    armGroups: async () => {
      const { body } = await askArm(CONTAINER_GROUPS);
      return body.value.map(({ name }: { name: string }) => name);
    },
    armWrites() {
      using database = new DatabaseSync(join(dataDirectory, 'arm.sqlite'), { readOnly: true });
      const count = database.prepare('SELECT count(*) AS count FROM writes WHERE kind = ?');
      const of = (kind: string): number => Number(count.get(kind)?.['count']);
      return { created: of('ContainerGroupCreation'), deleted: of('ContainerGroupDeletion') };
    },
  };
}
