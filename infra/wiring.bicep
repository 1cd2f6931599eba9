metadata description = 'What can be made only once the code of the app is installed: the role keys of its functions, and the event subscriptions that call ACIMonitor.'

@description('Name of the function app, whose code is installed.')
param functionAppName string

@description('Name of the key vault.')
param keyVaultName string

@description('Name of the storage account for dead letters.')
param storageAccountName string

@description('Name of the identity that writes dead letters.')
param eventsIdentityName string

@description('Resource groups for container groups.')
param targetResourceGroups string[]

@description('Name of the system topic of each of these resource groups, in the same order.')
param systemTopicNames string[]

var roleFunctions = loadJsonContent('role-functions.json')

resource app 'Microsoft.Web/sites@2025-03-01' existing = {
  name: functionAppName

  resource monitor 'functions' existing = {
    name: 'ACIMonitor'
  }
}

resource vault 'Microsoft.KeyVault/vaults@2025-05-01' existing = {
  name: keyVaultName
}

resource account 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: storageAccountName
}

resource eventsIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: eventsIdentityName
}

@batchSize(1)
module roleKeys 'modules/role-key.bicep' = [
  for role in items(roleFunctions): {
    name: 'function-key-${role.key}'
    params: {
      functionAppName: functionAppName
      roleName: role.key
      functionNames: role.value
      value: vault.getSecret('role-key-${role.key}')
    }
  }
]

// After the role keys: setting them wakes the host, which then knows its functions when Event Grid asks for one.
module subscriptions 'modules/event-subscription.bicep' = [
  for (resourceGroupName, index) in targetResourceGroups: {
    name: 'event-subscription-${uniqueString(functionAppName, toLower(resourceGroupName))}'
    scope: resourceGroup(resourceGroupName)
    params: {
      topicName: systemTopicNames[index]
      name: functionAppName
      functionId: app::monitor.id
      eventsIdentityId: eventsIdentity.id
      storageAccountId: account.id
    }
    dependsOn: [roleKeys]
  }
]
