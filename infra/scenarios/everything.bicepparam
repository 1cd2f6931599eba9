// Every option on, and every name as long as it may be.
using '../main.bicep'

param name = 'abcdefghijklmnopqrst'
param packageUri = 'https://example.org/v1.0.0/released-package.zip'
param targetResourceGroups = [
  'a-resource-group-with-the-longest-name-that-azure-allows-which-is-ninety-characters-012345'
  'Worlds'
]
param systemTopicNames = {
  worlds: 'a-topic-that-was-there-before'
}
param systemTopicIdentities = {
  worlds: ['/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/others/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-of-another-app']
}
param groupIdentities = [{ resourceGroup: 'identities', name: 'id-of-games' }]
param groupSubnets = [
  { resourceGroup: 'networks', virtualNetwork: 'vnet-games', subnet: 'groups-1' }
  { resourceGroup: 'networks', virtualNetwork: 'vnet-games', subnet: 'groups-2' }
]
param allowedRegions = ['westeurope', 'northeurope']
param allowedRegistries = ['games.azurecr.io', 'mcr.microsoft.com']
param appSettings = { ACI_MAX_GROUPS: '500', ACI_SWEEP_INTERVAL: 'PT10M', OTEL_TRACES_SAMPLER_ARG: '0.1' }
param durableBackend = 'DurableTaskScheduler'
param schedulerSku = 'Dedicated'
param schedulerCapacity = 3
param storageRedundancy = 'Standard_ZRS'
param instanceMemoryMb = 512
param maximumInstances = 100
param httpConcurrency = 250
param alwaysReady = [{ name: 'durable', instanceCount: 1 }]
param privateNetwork = true
param entraClientId = '11111111-1111-1111-1111-111111111111'
param alertEmail = 'operator@example.org'
