metadata description = 'Lets the app put container groups into one subnet.'

@description('Name of the virtual network.')
param virtualNetworkName string

@description('Name of the subnet, delegated to Microsoft.ContainerInstance/containerGroups.')
param subnetName string

@description('Resource id of the role that may join it.')
param roleId string

@description('Principal of the function app.')
param appPrincipalId string

resource virtualNetwork 'Microsoft.Network/virtualNetworks@2025-01-01' existing = {
  name: virtualNetworkName

  resource subnet 'subnets' existing = {
    name: subnetName
  }
}

resource appRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(virtualNetwork::subnet.id, appPrincipalId, roleId)
  scope: virtualNetwork::subnet
  properties: {
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: roleId
  }
}
