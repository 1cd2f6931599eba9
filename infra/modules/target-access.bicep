metadata description = 'What the app may do in a resource group for container groups: work on container groups, nothing else.'

@description('Principal of the function app.')
param appPrincipalId string

@description('Make a role that is smaller than the built-in one.')
param createRole bool

var roles = loadJsonContent('../roles.json')

// The built-in one has containerGroups/*, which is also to run commands in containers and to attach to them (exec, attach).
// https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/containers
// https://learn.microsoft.com/azure/role-based-access-control/permissions/containers#microsoftcontainerinstance
resource ownRole 'Microsoft.Authorization/roleDefinitions@2022-04-01' = if (createRole) {
  name: guid(resourceGroup().id, 'make-and-delete-container-groups')
  properties: {
    // Names of roles are unique in a tenant, and names of resource groups are not.
    roleName: 'Make and delete container groups (${resourceGroup().name}, ${uniqueString(resourceGroup().id)})'
    description: 'Make, read and delete container groups, and read their logs.'
    type: 'CustomRole'
    assignableScopes: [resourceGroup().id]
    permissions: [
      {
        actions: [
          'Microsoft.ContainerInstance/containerGroups/read'
          'Microsoft.ContainerInstance/containerGroups/write'
          'Microsoft.ContainerInstance/containerGroups/delete'
          'Microsoft.ContainerInstance/containerGroups/containers/logs/read'
          'Microsoft.ContainerInstance/containerGroups/operationResults/read'
        ]
      }
    ]
  }
}

var roleId = createRole
  ? ownRole.id
  : subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.containerInstancesContributor)

resource appRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(resourceGroup().id, appPrincipalId, roleId)
  properties: {
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: roleId
  }
}
