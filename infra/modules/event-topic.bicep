metadata description = 'The Event Grid system topic of a resource group for container groups, in that resource group. Azure allows one for each source.'

@description('Name of the topic. A resource group that has a topic already keeps it: pass its name.')
@minLength(3)
@maxLength(50)
param name string

@description('Tags of the topic.')
param tags object

@description('Identities that the topic carries, as resource ids. Those that it has and that are not among them are taken from it.')
param identityIds string[]

// A resource group is a global source, so its topic is global; it may carry identities all the same.
// https://learn.microsoft.com/azure/event-grid/enable-identity-system-topics
resource topic 'Microsoft.EventGrid/systemTopics@2025-02-15' = {
  name: name
  #disable-next-line no-hardcoded-location // see above
  location: 'global'
  tags: tags
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: toObject(identityIds, id => id, id => {})
  }
  properties: {
    source: resourceGroup().id
    topicType: 'Microsoft.Resources.ResourceGroups'
  }
}

@description('Resource id of the topic.')
output id string = topic.id
