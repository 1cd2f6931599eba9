metadata description = 'Lets the app give one managed identity to container groups.'

@description('Name of the identity that container groups may carry.')
param identityName string

@description('Principal of the function app.')
param appPrincipalId string

var roles = loadJsonContent('../roles.json')

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identityName
}

resource appRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(identity.id, appPrincipalId, roles.managedIdentityOperator)
  scope: identity
  properties: {
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.managedIdentityOperator)
  }
}
