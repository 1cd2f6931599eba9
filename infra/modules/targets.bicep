metadata description = 'Everything in the resource groups for container groups, and in those that container groups take something from.'

import { identityReference, subnetReference } from 'types.bicep'

@description('Resource groups for container groups.')
param resourceGroups string[]

@description('Make those of them that are not there.')
param create bool

@description('Make a role that is smaller than the built-in one.')
param createRole bool

@description('Name of the system topic of each of them, in the same order.')
param topicNames string[]

@description('Identities that each of these topics carries, as resource ids, besides the one that writes dead letters.')
param topicIdentityIds string[][]

@description('Managed identities that container groups may carry.')
param groupIdentities identityReference[]

@description('Subnets that container groups may join.')
param groupSubnets subnetReference[]

@description('Region of a resource group that has to be made.')
param location string

@description('Tags of what is made.')
param tags object

@description('Principal of the function app.')
param appPrincipalId string

@description('Resource id of the identity that writes dead letters.')
param eventsIdentityId string

// In the names of deployments: those of two apps over the same resource group would be one otherwise.
var suffix = uniqueString(resourceGroup().id)
var networkGroups = union(map(groupSubnets, subnet => toLower(subnet.resourceGroup)), [])

module made 'target-resource-group.bicep' = [
  for group in resourceGroups: if (create) {
    name: 'target-${uniqueString(resourceGroup().id, toLower(group))}'
    scope: subscription()
    params: {
      name: group
      location: location
      tags: tags
    }
  }
]

module access 'target-access.bicep' = [
  for group in resourceGroups: {
    name: 'target-access-${suffix}'
    scope: resourceGroup(group)
    params: {
      appPrincipalId: appPrincipalId
      createRole: createRole
    }
    dependsOn: [made]
  }
]

module identityAccess 'identity-access.bicep' = [
  for (identity, index) in groupIdentities: {
    name: 'identity-access-${index}-${suffix}'
    scope: resourceGroup(identity.resourceGroup)
    params: {
      identityName: identity.name
      appPrincipalId: appPrincipalId
    }
  }
]

module subnetRoles 'subnet-role.bicep' = [
  for group in networkGroups: {
    name: 'subnet-role-${uniqueString(resourceGroup().id, group)}'
    scope: resourceGroup(group)
  }
]

module subnetAccess 'subnet-access.bicep' = [
  for (subnet, index) in groupSubnets: {
    name: 'subnet-access-${index}-${suffix}'
    scope: resourceGroup(subnet.resourceGroup)
    params: {
      virtualNetworkName: subnet.virtualNetwork
      subnetName: subnet.subnet
      roleId: subnetRoles[indexOf(networkGroups, toLower(subnet.resourceGroup))].outputs.id
      appPrincipalId: appPrincipalId
    }
  }
]

module topics 'event-topic.bicep' = [
  for (group, index) in resourceGroups: {
    name: 'event-topic-${suffix}'
    scope: resourceGroup(group)
    params: {
      name: topicNames[index]
      tags: tags
      identityIds: union([eventsIdentityId], topicIdentityIds[index])
    }
    dependsOn: [made]
  }
]

@description('Resource ids of the system topics, in the order of the resource groups.')
output topicIds string[] = [for (group, index) in resourceGroups: topics[index].outputs.id]
