metadata description = 'Brings the events of the container groups of one resource group to ACIMonitor. The function has to exist.'

@description('Name of the system topic of this resource group.')
param topicName string

@description('Name of the subscription.')
@minLength(3)
@maxLength(64)
param name string

@description('Resource id of the function ACIMonitor.')
param functionId string

@description('Resource id of the identity that writes dead letters; the topic carries it.')
param eventsIdentityId string

@description('Resource id of the storage account for dead letters.')
param storageAccountId string

resource topic 'Microsoft.EventGrid/systemTopics@2025-02-15' existing = {
  name: topicName
}

// https://learn.microsoft.com/azure/event-grid/event-schema-resource-groups
resource subscription 'Microsoft.EventGrid/systemTopics/eventSubscriptions@2025-02-15' = {
  parent: topic
  name: name
  properties: {
    destination: {
      endpointType: 'AzureFunction'
      properties: {
        resourceId: functionId
        maxEventsPerBatch: 1
        preferredBatchSizeInKilobytes: 64
      }
    }
    eventDeliverySchema: 'EventGridSchema'
    filter: {
      includedEventTypes: [
        'Microsoft.Resources.ResourceWriteSuccess'
        'Microsoft.Resources.ResourceWriteFailure'
        'Microsoft.Resources.ResourceWriteCancel'
        'Microsoft.Resources.ResourceDeleteSuccess'
        'Microsoft.Resources.ResourceDeleteFailure'
        'Microsoft.Resources.ResourceDeleteCancel'
        'Microsoft.Resources.ResourceActionSuccess'
        'Microsoft.Resources.ResourceActionFailure'
        'Microsoft.Resources.ResourceActionCancel'
      ]
      // By operation and not by subject: the letter case of a subject varies, and the operation leaves out `exec` and `attach`.
      advancedFilters: [
        {
          operatorType: 'StringIn'
          key: 'data.operationName'
          values: [
            'Microsoft.ContainerInstance/containerGroups/write'
            'Microsoft.ContainerInstance/containerGroups/delete'
            'Microsoft.ContainerInstance/containerGroups/start/action'
            'Microsoft.ContainerInstance/containerGroups/stop/action'
            'Microsoft.ContainerInstance/containerGroups/restart/action'
          ]
        }
      ]
    }
    // An event is a hint that saves a poll. One that is two hours late saves nothing.
    retryPolicy: {
      maxDeliveryAttempts: 30
      eventTimeToLiveInMinutes: 120
    }
    deadLetterWithResourceIdentity: {
      identity: {
        type: 'UserAssigned'
        userAssignedIdentity: eventsIdentityId
      }
      deadLetterDestination: {
        endpointType: 'StorageBlob'
        properties: {
          resourceId: storageAccountId
          blobContainerName: 'dead-letters'
        }
      }
    }
  }
}
