import { z } from 'zod';
import { word } from './word.ts';

/** The tag by which a resource tells which incarnation it is. */
export const INCARNATION_TAG = 'aci-incarnation';

/** The tag by which a resource tells which installation of this product it belongs to. */
export const OWNER_TAG = 'aci-owner';

/** The tag from which a group is known again whose entity was lost; what it does not hold goes on in `aci-wishes-2`, and so on. */
export const WISHES_TAG = 'aci-wishes';

const text = z.string().min(1);
const labelledText = z.record(z.string(), z.string());

const port = z.strictObject({ port: z.int(), protocol: word('TCP', 'UDP').exactOptional() });

const environmentVariable = z.strictObject({
  name: text,
  value: z.string().exactOptional(),
  secureValue: z.string().exactOptional(),
});

/** A variable of a container: its value in the open or, as `secureValue`, one that Azure never shows again. */
export type EnvironmentVariable = z.infer<typeof environmentVariable>;

const volumeMount = z.strictObject({ name: text, mountPath: text, readOnly: z.boolean().exactOptional() });

const gpu = z.strictObject({ count: z.int(), sku: word('K80', 'P100', 'V100') });

const resources = z.strictObject({
  requests: z.strictObject({ cpu: z.number(), memoryInGB: z.number(), gpu: gpu.exactOptional() }),
  limits: z
    .strictObject({
      cpu: z.number().exactOptional(),
      memoryInGB: z.number().exactOptional(),
      gpu: gpu.exactOptional(),
    })
    .exactOptional(),
});

const probe = z.strictObject({
  exec: z.strictObject({ command: z.array(z.string()).exactOptional() }).exactOptional(),
  httpGet: z
    .strictObject({
      path: z.string().exactOptional(),
      port: z.int(),
      scheme: word('http', 'https').exactOptional(),
      httpHeaders: z
        .array(z.strictObject({ name: z.string().exactOptional(), value: z.string().exactOptional() }))
        .exactOptional(),
    })
    .exactOptional(),
  initialDelaySeconds: z.int().exactOptional(),
  periodSeconds: z.int().exactOptional(),
  failureThreshold: z.int().exactOptional(),
  successThreshold: z.int().exactOptional(),
  timeoutSeconds: z.int().exactOptional(),
});

const securityContext = z.strictObject({
  privileged: z.boolean().exactOptional(),
  allowPrivilegeEscalation: z.boolean().exactOptional(),
  capabilities: z
    .strictObject({ add: z.array(z.string()).exactOptional(), drop: z.array(z.string()).exactOptional() })
    .exactOptional(),
  runAsGroup: z.int().exactOptional(),
  runAsUser: z.int().exactOptional(),
  seccompProfile: z.string().exactOptional(),
});

const container = z.strictObject({
  name: z.string(),
  image: text,
  command: z.array(z.string()).exactOptional(),
  ports: z.array(port).exactOptional(),
  environmentVariables: z.array(environmentVariable).exactOptional(),
  resources,
  volumeMounts: z.array(volumeMount).exactOptional(),
  livenessProbe: probe.exactOptional(),
  readinessProbe: probe.exactOptional(),
  securityContext: securityContext.exactOptional(),
});

const initContainer = z.strictObject({
  name: z.string(),
  image: text.exactOptional(),
  command: z.array(z.string()).exactOptional(),
  environmentVariables: z.array(environmentVariable).exactOptional(),
  volumeMounts: z.array(volumeMount).exactOptional(),
  securityContext: securityContext.exactOptional(),
});

const volume = z.strictObject({
  name: text,
  azureFile: z
    .strictObject({
      shareName: text,
      readOnly: z.boolean().exactOptional(),
      storageAccountName: text,
      storageAccountKey: z.string().exactOptional(),
    })
    .exactOptional(),
  emptyDir: z.strictObject({}).exactOptional(),
  secret: labelledText.exactOptional(),
  gitRepo: z
    .strictObject({ directory: z.string().exactOptional(), repository: text, revision: z.string().exactOptional() })
    .exactOptional(),
});

const logAnalytics = z.strictObject({
  workspaceId: text,
  workspaceKey: z.string(),
  logType: word('ContainerInsights', 'ContainerInstanceLogs').exactOptional(),
  metadata: labelledText.exactOptional(),
  workspaceResourceId: z.string().exactOptional(),
});

/**
 * An ARM container group as the SDK has it, flattened: the body that ACICreate takes. Every writable field of api-version
 * 2023-05-01 (@azure/arm-containerinstance 9.1.0, models) and no other: the SDK would drop a misspelt one without a word.
 */
export const containerGroupSpecSchema = z.strictObject({
  location: text,
  tags: labelledText.exactOptional(),
  zones: z.array(z.string()).exactOptional(),
  identity: z
    .strictObject({
      type: word('SystemAssigned', 'UserAssigned', 'SystemAssigned, UserAssigned', 'None').exactOptional(),
      userAssignedIdentities: z.record(z.string(), z.strictObject({})).exactOptional(),
    })
    .exactOptional(),
  osType: word('Linux', 'Windows'),
  containers: z.array(container),
  initContainers: z.array(initContainer).exactOptional(),
  restartPolicy: word('Always', 'OnFailure', 'Never').exactOptional(),
  ipAddress: z
    .strictObject({
      type: word('Public', 'Private'),
      ports: z.array(port),
      ip: z.string().exactOptional(),
      // DNS does not tell letter cases apart (RFC 4343), and Azure takes lower-case letters.
      dnsNameLabel: z.string().toLowerCase().exactOptional(),
      autoGeneratedDomainNameLabelScope: word(
        'Unsecure',
        'TenantReuse',
        'SubscriptionReuse',
        'ResourceGroupReuse',
        'Noreuse',
      ).exactOptional(),
    })
    .exactOptional(),
  imageRegistryCredentials: z
    .array(
      z.strictObject({
        server: text,
        username: z.string().exactOptional(),
        password: z.string().exactOptional(),
        identity: z.string().exactOptional(),
        identityUrl: z.string().exactOptional(),
      }),
    )
    .exactOptional(),
  volumes: z.array(volume).exactOptional(),
  diagnostics: z.strictObject({ logAnalytics: logAnalytics.exactOptional() }).exactOptional(),
  subnetIds: z.array(z.strictObject({ id: text, name: z.string().exactOptional() })).exactOptional(),
  dnsConfig: z
    .strictObject({
      nameServers: z.array(z.string()),
      searchDomains: z.string().exactOptional(),
      options: z.string().exactOptional(),
    })
    .exactOptional(),
  sku: word('Standard', 'Dedicated', 'Confidential', 'NotSpecified').exactOptional(),
  priority: word('Regular', 'Spot').exactOptional(),
  encryptionProperties: z
    .strictObject({ vaultBaseUrl: text, keyName: text, keyVersion: text, identity: z.string().exactOptional() })
    .exactOptional(),
  extensions: z
    .array(
      z.strictObject({
        name: text,
        extensionType: z.string().exactOptional(),
        version: z.string().exactOptional(),
        settings: z.record(z.string(), z.unknown()).exactOptional(),
        protectedSettings: z.record(z.string(), z.unknown()).exactOptional(),
      }),
    )
    .exactOptional(),
  confidentialComputeProperties: z.strictObject({ ccePolicy: z.string().exactOptional() }).exactOptional(),
});
export type ContainerGroupSpec = z.infer<typeof containerGroupSpecSchema>;
