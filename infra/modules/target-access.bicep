metadata description = 'What the app may do in a resource group for container groups: work on container groups, nothing else.'

@description('Principal of the function app.')
param appPrincipalId string

var roles = loadJsonContent('../roles.json')

// "Azure Container Instances Contributor Role": containerGroups/* and what a deployment of one needs, no other provider.
// https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/containers
resource appRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(resourceGroup().id, appPrincipalId, roles.containerInstancesContributor)
  properties: {
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.containerInstancesContributor)
  }
}
