metadata description = 'What the app stands on: its identities, storage account, key vault, network, telemetry, and Durable backend.'

@description('What the names are made with.')
param shortName string

@description('What the names end with.')
param suffix string

@description('Name of the key vault.')
param keyVaultName string

@description('Name of the storage account.')
param storageAccountName string

@description('Name of the identity that writes dead letters.')
param eventsIdentityName string

@description('Region of all of it.')
param location string

@description('Tags of all of it.')
param tags object

@description('Copies of the storage account.')
param storageRedundancy ('Standard_LRS' | 'Standard_ZRS' | 'Standard_GRS' | 'Standard_GZRS')

@description('Days after which a dead letter is removed.')
param deadLetterRetentionDays int

@description('Forbid that a removed vault is purged before its retention time is over.')
param keyVaultPurgeProtection bool

@description('Keep the storage account and the key vault off public networks.')
param privateNetwork bool

@description('Address range of the private network.')
param privateNetworkAddressPrefix string

@description('Days that telemetry is kept.')
param telemetryRetentionDays int

@description('Most telemetry in a day, in GB; -1 for no limit.')
param telemetryDailyCapGb int

@description('Where orchestrations and entities live.')
param durableBackend ('AzureStorage' | 'DurableTaskScheduler')

@description('Plan of the scheduler.')
param schedulerSku ('Consumption' | 'Dedicated')

@description('Capacity units of a Dedicated scheduler.')
@minValue(1)
@maxValue(3)
param schedulerCapacity int

@description('Networks that may call the scheduler.')
param schedulerIpAllowList string[]

// As scripts/durable-backend.ts writes it into the host.json of the scheduler's package. It keeps the name that it had in 0.1.0,
// which a task hub on Azure Storage could not have.
var taskHubName = 'container-groups'

module appIdentity 'identity.bicep' = {
  name: 'app-identity'
  params: {
    name: 'id-${shortName}-app-${suffix}'
    location: location
    tags: tags
  }
}

module eventsIdentity 'identity.bicep' = {
  name: 'events-identity'
  params: {
    name: eventsIdentityName
    location: location
    tags: tags
  }
}

module storage 'storage.bicep' = {
  name: 'storage'
  params: {
    name: storageAccountName
    location: location
    tags: tags
    sku: storageRedundancy
    appPrincipalId: appIdentity.outputs.principalId
    eventsPrincipalId: eventsIdentity.outputs.principalId
    deadLetterRetentionDays: deadLetterRetentionDays
    privateNetwork: privateNetwork
  }
}

module keyVault 'key-vault.bicep' = {
  name: 'key-vault'
  params: {
    name: keyVaultName
    location: location
    tags: tags
    appPrincipalId: appIdentity.outputs.principalId
    roleNames: objectKeys(loadJsonContent('../role-functions.json'))
    purgeProtection: keyVaultPurgeProtection
    privateNetwork: privateNetwork
    workspaceId: telemetry.outputs.workspaceId
  }
}

module network 'private-network.bicep' = if (privateNetwork) {
  name: 'private-network'
  params: {
    name: 'vnet-${shortName}-${suffix}'
    location: location
    tags: tags
    addressPrefix: privateNetworkAddressPrefix
    storageAccountId: storage.outputs.id
    keyVaultId: keyVault.outputs.id
  }
}

module telemetry 'telemetry.bicep' = {
  name: 'telemetry'
  params: {
    name: 'appi-${shortName}-${suffix}'
    workspaceName: 'log-${shortName}-${suffix}'
    location: location
    tags: tags
    appPrincipalId: appIdentity.outputs.principalId
    retentionDays: telemetryRetentionDays
    dailyCapGb: telemetryDailyCapGb
  }
}

module scheduler 'durable-task-scheduler.bicep' = if (durableBackend == 'DurableTaskScheduler') {
  name: 'durable-task-scheduler'
  params: {
    name: 'dts-${shortName}-${suffix}'
    taskHubName: taskHubName
    location: location
    tags: tags
    appPrincipalId: appIdentity.outputs.principalId
    appClientId: appIdentity.outputs.clientId
    sku: schedulerSku
    capacity: schedulerCapacity
    ipAllowList: schedulerIpAllowList
  }
}

@description('Resource id of the identity of the app.')
output appIdentityId string = appIdentity.outputs.id

@description('Client id of that identity.')
output appClientId string = appIdentity.outputs.clientId

@description('Principal of that identity.')
output appPrincipalId string = appIdentity.outputs.principalId

@description('Resource id of the identity that writes dead letters.')
output eventsIdentityId string = eventsIdentity.outputs.id

@description('Addresses of the services of the storage account.')
output storageEndpoints object = storage.outputs.endpoints

@description('Where the package of the app is kept.')
output packagesUrl string = storage.outputs.packagesUrl

@description('Address of the secret with the sealing keys.')
#disable-next-line outputs-should-not-contain-secrets // the address, not the value
output sealingKeysUri string = keyVault.outputs.sealingKeysUri

@description('Name of the key vault, known once it is there.')
output keyVaultNameOnceMade string = keyVault.outputs.nameOnceMade

@description('Subnet that the app calls out from; empty for none.')
output outboundSubnetId string = privateNetwork ? network!.outputs.appSubnetId : ''

@description('Resource id of the Application Insights component.')
output insightsId string = telemetry.outputs.id

@description('Where telemetry goes. It authorises nobody: local authentication is off.')
output insightsConnectionString string = telemetry.outputs.connectionString

@description('Settings of the app that the host.json of the backend\'s package names.')
output durableSettings object = durableBackend == 'DurableTaskScheduler'
  ? { DURABLE_TASK_SCHEDULER_CONNECTION_STRING: scheduler!.outputs.connectionString }
  : {}
