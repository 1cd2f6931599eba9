metadata description = 'The key vault: the key that seals secrets in durable histories, and the value of each role\'s function key.'

@description('Name of the key vault.')
@minLength(3)
@maxLength(24)
param name string

@description('Region of the key vault.')
param location string

@description('Tags of the key vault.')
param tags object

@description('Principal of the function app, which reads the sealing keys and nothing else.')
param appPrincipalId string

@description('Names of the roles that have a function key.')
param roleNames string[]

@description('Forbid that a removed vault is purged before its retention time is over.')
param purgeProtection bool

@description('Refuse every network but trusted Azure services and private endpoints.')
param privateNetwork bool

@description('Resource id of the workspace that keeps who did what with the vault.')
param workspaceId string

var roles = loadJsonContent('../roles.json')
var sealingKeysSecretName = 'sealing-keys'

resource vault 'Microsoft.KeyVault/vaults@2025-05-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    tenantId: tenant().tenantId
    sku: {
      family: 'A'
      name: 'standard'
    }
    enableRbacAuthorization: true
    // The role keys are handed to the functions by Resource Manager, which reads them for the template.
    enabledForTemplateDeployment: true
    enableSoftDelete: true
    softDeleteRetentionInDays: 7
    // The service refuses `false` once it was `true`, and takes it for a change: unset means off.
    enablePurgeProtection: purgeProtection ? true : null
    networkAcls: {
      bypass: 'AzureServices'
      defaultAction: privateNetwork ? 'Deny' : 'Allow'
    }
  }
}

// Who read or wrote a secret, and who was refused. https://learn.microsoft.com/azure/key-vault/general/logging
resource audit 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'audit'
  scope: vault
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        categoryGroup: 'audit'
        enabled: true
      }
    ]
  }
}

module sealingKeys 'kept-secret.bicep' = {
  name: 'sealing-keys'
  params: {
    vaultName: vault.name
    name: sealingKeysSecretName
    contentType: 'keyId:base64 of 32 bytes, newest first, separated by commas'
    prefix: 'k1:'
  }
}

module roleKeys 'kept-secret.bicep' = [
  for role in roleNames: {
    name: 'role-key-${role}'
    params: {
      vaultName: vault.name
      name: 'role-key-${role}'
      contentType: 'function key of the role ${role}'
      urlSafe: true
    }
  }
]

resource sealingKeysSecret 'Microsoft.KeyVault/vaults/secrets@2025-05-01' existing = {
  parent: vault
  name: sealingKeysSecretName
}

resource appRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vault.id, sealingKeysSecretName, appPrincipalId, roles.keyVaultSecretsUser)
  scope: sealingKeysSecret
  properties: {
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.keyVaultSecretsUser)
  }
  dependsOn: [sealingKeys]
}

@description('Resource id of the key vault.')
output id string = vault.id

// Out of an answer of the vault, so that nothing knows it before the vault is there. Preflight looks up every vault whose name it
// can compute, also in nested deployments, and refuses the deployment that is to make it: KeyVaultParameterReferenceNotFound.
// https://github.com/Azure/bicep/issues/10562, https://github.com/Azure/arm-template-whatif/issues/157
@description('Name of the key vault, for a deployment that hands on its secrets.')
output nameOnceMade string = split(split(vault.properties.vaultUri, '/')[2], '.')[0]

@description('Address of the secret with the sealing keys, without a version, so that the app gets the newest.')
#disable-next-line outputs-should-not-contain-secrets // the address, not the value
output sealingKeysUri string = '${vault.properties.vaultUri}secrets/${sealingKeysSecretName}'
