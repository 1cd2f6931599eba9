metadata description = 'Lets the app put container groups into one subnet. No built-in role is as small: Network Contributor could change every network.'

@description('Name of the virtual network.')
param virtualNetworkName string

@description('Name of the subnet, delegated to Microsoft.ContainerInstance/containerGroups.')
param subnetName string

@description('Principal of the function app.')
param appPrincipalId string

resource virtualNetwork 'Microsoft.Network/virtualNetworks@2025-01-01' existing = {
  name: virtualNetworkName

  resource subnet 'subnets' existing = {
    name: subnetName
  }
}

resource joinRole 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(resourceGroup().id, 'join-a-subnet-with-a-container-group')
  properties: {
    roleName: 'Join a subnet with a container group (${resourceGroup().name})'
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

resource appRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(virtualNetwork::subnet.id, appPrincipalId, joinRole.id)
  scope: virtualNetwork::subnet
  properties: {
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: joinRole.id
  }
}
