metadata description = 'A user-assigned managed identity: it outlives the resource that carries it, so its roles can be given before that resource starts.'

@description('Name of the identity.')
@minLength(3)
@maxLength(128)
param name string

@description('Region of the identity.')
param location string

@description('Tags of the identity.')
param tags object

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: name
  location: location
  tags: tags
}

@description('Resource id of the identity.')
output id string = identity.id

@description('Id of the application behind the identity, which a client names to pick it.')
output clientId string = identity.properties.clientId

@description('Id of the principal that roles are given to.')
output principalId string = identity.properties.principalId
