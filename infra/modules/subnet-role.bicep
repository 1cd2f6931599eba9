metadata description = 'The right to put container groups into subnets of one resource group. No built-in role is as small: Network Contributor could change every network.'

resource role 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(resourceGroup().id, 'join-a-subnet-with-a-container-group')
  properties: {
    // Names of roles are unique in a tenant, and names of resource groups are not.
    roleName: 'Join a subnet with a container group (${resourceGroup().name}, ${uniqueString(resourceGroup().id)})'
    description: 'Read a subnet and put a container group into it.'
    type: 'CustomRole'
    assignableScopes: [resourceGroup().id]
    permissions: [
      {
        actions: [
          'Microsoft.Network/virtualNetworks/subnets/join/action'
          'Microsoft.Network/virtualNetworks/subnets/read'
        ]
      }
    ]
  }
}

@description('Resource id of the role.')
output id string = role.id
