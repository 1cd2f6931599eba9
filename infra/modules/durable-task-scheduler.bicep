metadata description = 'Durable Task Scheduler as the Durable backend: a scheduler, a task hub, and the right to work on that hub.'

@description('Name of the scheduler.')
@minLength(3)
@maxLength(64)
param name string

@description('Name of the task hub.')
@minLength(3)
@maxLength(64)
param taskHubName string

@description('Region of the scheduler.')
param location string

@description('Tags of the scheduler.')
param tags object

@description('Principal of the function app.')
param appPrincipalId string

@description('Client id of the function app\'s identity.')
param appClientId string

@description('Pay per action (Consumption) or per capacity unit (Dedicated).')
@allowed(['Consumption', 'Dedicated'])
param sku string

@description('Capacity units of a Dedicated scheduler; three make it highly available.')
@minValue(1)
@maxValue(3)
param capacity int

@description('Networks that may call the scheduler, as CIDR; every call needs an Entra token besides.')
param ipAllowList string[]

var roles = loadJsonContent('../roles.json')

resource scheduler 'Microsoft.DurableTask/schedulers@2025-11-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    ipAllowlist: ipAllowList
    sku: sku == 'Dedicated' ? { name: sku, capacity: capacity } : { name: sku }
  }

  resource taskHub 'taskHubs' = {
    name: taskHubName
  }
}

resource appRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(scheduler::taskHub.id, appPrincipalId, roles.durableTaskDataContributor)
  scope: scheduler::taskHub
  properties: {
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.durableTaskDataContributor)
  }
}

@description('How the app finds the scheduler. It holds no secret: the identity authorises.')
output connectionString string = 'Endpoint=${scheduler.properties.endpoint};Authentication=ManagedIdentity;ClientID=${appClientId}'
