metadata description = 'A resource group for container groups, made if it is not there.'

targetScope = 'subscription'

@description('Name of the resource group.')
@minLength(1)
@maxLength(90)
param name string

@description('Region of the resource group, if it has to be made.')
param location string

@description('Tags of the resource group, if it has to be made.')
param tags object

// A resource group that exists may be in any region, and keeps its region and its tags.
@onlyIfNotExists()
resource group 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: name
  location: location
  tags: tags
}
