metadata name = 'Durable ACI for azd'
metadata description = 'What `azd provision` deploys: a resource group with everything of main.bicep, without code. The code comes from `azd deploy`, and what needs the code from the hook after it.'

targetScope = 'subscription'

@description('Name of the azd environment.')
@minLength(1)
@maxLength(64)
param environmentName string

@description('Region of everything but the container groups.')
param location string

@description('Resource groups for container groups, separated by commas, which exist; empty for one of its own.')
param targetResourceGroups string = ''

@description('Make a role for the work on container groups that is smaller than the built-in one. It takes the right to make roles.')
@allowed(['true', 'false'])
param createContainerGroupRole string = 'true'

@description('Regions that container groups may run in, separated by commas; empty for all.')
param allowedRegions string = ''

@description('Image registries that container groups may use, separated by commas; empty for all.')
param allowedRegistries string = ''

@description('Where orchestrations and entities live.')
@allowed(['AzureStorage', 'DurableTaskScheduler'])
param durableBackend string = 'AzureStorage'

@description('Keep the storage account and the key vault off public networks.')
@allowed(['true', 'false'])
param privateNetwork string = 'false'

@description('Application (client) id for sign-in with Entra ID instead of function keys; empty for function keys.')
param entraClientId string = ''

@description('Forbid that the removed key vault is purged within its 7 days, which `azd down --purge` would do.')
@allowed(['true', 'false'])
param keyVaultPurgeProtection string = 'true'

@description('Where alerts are sent by e-mail; empty for nowhere.')
param alertEmail string = ''

@description('Memory of an instance of the app in MB.')
@allowed(['512', '2048', '4096'])
param instanceMemoryMb string = '2048'

var resourceGroupName = 'rg-${environmentName}'
var tags = { 'azd-env-name': environmentName }

resource group 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: resourceGroupName
  location: location
  tags: tags
}

module main 'main.bicep' = {
  name: 'durable-aci'
  scope: group
  params: {
    location: location
    tags: tags
    packageUri: ''
    targetResourceGroups: empty(targetResourceGroups) ? [] : split(targetResourceGroups, ',')
    // One that is given is somebody's own. `azd down` deletes each resource group that the deployment names among its resources,
    // made or left alone (azure-dev, cli/azd/pkg/azapi/standard_deployments.go, createdResourceGroupsFromDeployment).
    createTargetResourceGroups: empty(targetResourceGroups)
    createContainerGroupRole: createContainerGroupRole == 'true'
    allowedRegions: empty(allowedRegions) ? [] : split(allowedRegions, ',')
    allowedRegistries: empty(allowedRegistries) ? [] : split(allowedRegistries, ',')
    durableBackend: durableBackend
    privateNetwork: privateNetwork == 'true'
    entraClientId: entraClientId
    keyVaultPurgeProtection: keyVaultPurgeProtection == 'true'
    alertEmail: alertEmail
    instanceMemoryMb: instanceMemoryMb == '512' ? 512 : instanceMemoryMb == '4096' ? 4096 : 2048
  }
}

@description('Resource group of the app; azd looks for the app there.')
output AZURE_RESOURCE_GROUP string = group.name

@description('Where the app answers.')
output ACI_BASE_URL string = main.outputs.baseUrl

@description('Prints a key for a role.')
output ACI_KEY_COMMAND string = main.outputs.keyCommand

@description('Name of the function app.')
output ACI_FUNCTION_APP string = main.outputs.functionAppName

@description('Name of the key vault.')
output ACI_KEY_VAULT string = main.outputs.keyVaultName

@description('Name of the storage account.')
output ACI_STORAGE_ACCOUNT string = main.outputs.storageAccountName

@description('Name of the identity that writes dead letters.')
output ACI_EVENTS_IDENTITY string = main.outputs.eventsIdentityName

@description('Resource groups for container groups, as JSON.')
output ACI_TARGET_RESOURCE_GROUPS_JSON string = string(main.outputs.targetResourceGroups)

@description('System topic of each of them, as JSON.')
output ACI_SYSTEM_TOPICS_JSON string = string(main.outputs.systemTopicNames)
