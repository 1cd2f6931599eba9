/** What a folder or a file may import: `value` allows everything, `type` only imports that are erased. */
export interface Grant {
  readonly module: string;
  readonly as: 'value' | 'type';
}

/** Grants any package. */
export const ANY_PACKAGE = 'npm:';

/** Grants any package that is not an Azure SDK. */
export const ANY_PACKAGE_BUT_AZURE = 'npm: but azure';

/** Grants every module of Node. */
export const NODE = 'node:';

/**
 * The import table: what is not granted is forbidden. A key is a folder, or a file with its extension; a granted module is
 * likewise, or a module of Node, or the name of a package. Files of one folder may import each other.
 */
export const importTable: Readonly<Record<string, readonly Grant[]>> = {
  'src/domain': [value('zod')],
  'src/contracts': [value('src/domain'), value('zod')],
  'src/durable': [
    type('src/domain'),
    value('src/domain/defined.ts'),
    value('src/contracts'),
    value('durable-functions'),
    value('zod'),
    type('@azure/functions'),
    // the Durable HTTP API, at a third of the cost of fetch
    value('node:http'),
    value('node:https'),
  ],
  'src/aci': [
    value('src/domain'),
    value('@azure/arm-containerinstance'),
    value('@azure/identity'),
    value('@azure/core-rest-pipeline'),
  ],
  'src/orchestrators': [
    value('src/domain'),
    value('src/contracts'),
    value('src/durable/steps.ts'),
    type('durable-functions'),
    type('@azure/functions'),
    type('zod'),
  ],
  'src/entities': [value('src/domain'), value('src/contracts'), type('src/durable'), type('zod')],
  'src/activities': [
    value('src/domain'),
    value('src/contracts'),
    type('src/durable/activity.ts'),
    type('src/durable/durable-client.ts'),
    type('src/aci/container-groups.ts'),
    value('src/aci/log-throttling.ts'),
    type('zod'),
  ],
  'src/triggers': [
    value('src/domain'),
    value('src/contracts'),
    type('src/durable/durable-client.ts'),
    value('src/durable/create-durable-client.ts'),
    value('src/durable/newer-state-error.ts'),
    type('src/aci/container-groups.ts'),
    type('src/security'),
    value('src/security/policy.ts'),
    value('@azure/functions'),
    type('zod'),
  ],
  'src/security': [value('src/domain'), value('src/contracts'), value('node:crypto')],
  'src/config.ts': [value('src'), value(NODE), value(ANY_PACKAGE)],
  'src/main.ts': [value('src'), value(NODE), value(ANY_PACKAGE)],
  local: [value(NODE), value(ANY_PACKAGE_BUT_AZURE)],
  smoke: [value(NODE), value('commander'), value('zod')],
  // a folder of an image holds all that the image needs
  'examples/udp-game-server': [value(NODE)],
};

function value(module: string): Grant {
  return { module, as: 'value' };
}

function type(module: string): Grant {
  return { module, as: 'type' };
}
