metadata description = 'The storage account of the app: its package, its Durable task hub, and the events that could not be delivered.'

@description('Name of the storage account.')
@minLength(3)
@maxLength(24)
param name string

@description('Region of the storage account.')
param location string

@description('Tags of the storage account.')
param tags object

@description('How many copies, and where.')
@allowed(['Standard_LRS', 'Standard_ZRS', 'Standard_GRS', 'Standard_GZRS'])
param sku string

@description('Principal of the function app, which reads its package and keeps its task hub here.')
param appPrincipalId string

@description('Principal that Event Grid writes dead letters with.')
param eventsPrincipalId string

@description('Days after which a dead letter is removed.')
param deadLetterRetentionDays int

@description('Refuse every network but trusted Azure services and private endpoints.')
param privateNetwork bool

var roles = loadJsonContent('../roles.json')

resource account 'Microsoft.Storage/storageAccounts@2025-06-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: {
    name: sku
  }
  properties: {
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    networkAcls: {
      bypass: 'AzureServices'
      defaultAction: privateNetwork ? 'Deny' : 'Allow'
    }
  }

  resource blobs 'blobServices' = {
    name: 'default'

    resource packages 'containers' = {
      name: 'packages'
    }

    resource deadLetters 'containers' = {
      name: 'dead-letters'
    }
  }

  resource lifecycle 'managementPolicies' = {
    name: 'default'
    properties: {
      policy: {
        rules: [
          {
            name: 'remove-old-dead-letters'
            enabled: true
            type: 'Lifecycle'
            definition: {
              filters: {
                blobTypes: ['blockBlob', 'appendBlob']
                prefixMatch: ['dead-letters/']
              }
              actions: {
                baseBlob: {
                  delete: {
                    daysAfterModificationGreaterThan: deadLetterRetentionDays
                  }
                }
              }
            }
          }
        ]
      }
    }
    dependsOn: [blobs]
  }
}

// The Durable extension keeps instances in tables, messages in queues, and leases and large payloads in blobs; the host keeps
// its keys and locks in blobs. https://learn.microsoft.com/azure/azure-functions/functions-reference#connecting-to-host-storage-with-an-identity
resource appRoles 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for role in [roles.storageBlobDataOwner, roles.storageQueueDataContributor, roles.storageTableDataContributor]: {
    name: guid(account.id, appPrincipalId, role)
    scope: account
    properties: {
      principalId: appPrincipalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role)
    }
  }
]

// https://learn.microsoft.com/azure/event-grid/managed-service-identity: dead-lettering needs Storage Blob Data Contributor.
resource eventsRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(account::blobs::deadLetters.id, eventsPrincipalId, roles.storageBlobDataContributor)
  scope: account::blobs::deadLetters
  properties: {
    principalId: eventsPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.storageBlobDataContributor)
  }
}

@description('Resource id of the storage account.')
output id string = account.id

@description('Addresses of the services of the storage account.')
output endpoints object = account.properties.primaryEndpoints

@description('Where the package of the app is kept.')
output packagesUrl string = '${account.properties.primaryEndpoints.blob}${account::blobs::packages.name}'
