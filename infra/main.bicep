metadata name = 'Durable ACI'
metadata description = 'Runs container groups on Azure Container Instances with Durable Functions: a function app with everything it needs, by identity and with the least rights.'

import { alwaysReadyGroup, identityReference, subnetReference } from 'modules/types.bicep'

@description('What the names of the resources are made with: letters and digits, the first 9 count.')
@minLength(2)
@maxLength(20)
param name string = 'aci'

@description('Region of everything but the container groups.')
param location string = resourceGroup().location

@description('Tags of every resource.')
param tags object = {}

@description('Address of the package to install, such as https://github.com/OWNER/REPOSITORY/releases/download/v1.0.0/released-package.zip. With Durable Task Scheduler its own package is taken instead, from the folder beside it: v1.0.0-durable-task-scheduler. Empty: install no code, and leave alone what is installed.')
param packageUri string

// The default is no expression: the portal's form shows one of an array as it is written, and hands it on so.
// https://github.com/Azure/azure-docs-json-samples/issues/42
@description('Resource groups for container groups. The app may work on container groups there and nowhere else. Empty for one of its own, called like the resource group of the app with -groups behind it.')
@maxLength(20)
param targetResourceGroups string[] = []

@description('Make those of them that are not there. It takes the right to make resource groups in the subscription.')
param createTargetResourceGroups bool = true

@description('System topics that target resource groups have already: name of the topic by lower-case name of the resource group. Azure allows one for each; it is given the identity that writes dead letters.')
param systemTopicNames object = {}

@description('Identities that such a topic carries already, for another app for example: lists of resource ids by lower-case name of the resource group. It loses those that are not named.')
param systemTopicIdentities object = {}

@description('Managed identities that container groups may carry.')
param groupIdentities identityReference[] = []

@description('Subnets that container groups may join.')
param groupSubnets subnetReference[] = []

@description('Make a role for the work on container groups that is smaller than the built-in one: without commands in containers. It takes the right to make roles. Without it the built-in role is used.')
param createContainerGroupRole bool = true

@description('Regions that container groups may run in; empty for all.')
param allowedRegions string[] = []

@description('Image registries that container groups may use, such as myregistry.azurecr.io; empty for all.')
param allowedRegistries string[] = []

@description('Further app settings of the app, by name: those listed in docs/operations.md, such as { ACI_SWEEP_INTERVAL: \'PT5M\', ACI_MAX_GROUPS: \'500\' }.')
param appSettings object = {}

@description('Where orchestrations and entities live. Running ones do not move from one to the other.')
@allowed(['AzureStorage', 'DurableTaskScheduler'])
param durableBackend string = 'AzureStorage'

@description('Durable Task Scheduler: pay per action (Consumption) or per capacity unit (Dedicated).')
@allowed(['Consumption', 'Dedicated'])
param schedulerSku string = 'Consumption'

@description('Durable Task Scheduler, Dedicated: capacity units; three make it highly available.')
@minValue(1)
@maxValue(3)
param schedulerCapacity int = 1

@description('Durable Task Scheduler: networks that may call it, as CIDR, besides having the right.')
param schedulerIpAllowList string[] = ['0.0.0.0/0']

@description('Copies of the storage account, and with it of all orchestrations and entities on Azure Storage: in one data centre, three zones, or a second region too.')
@allowed(['Standard_LRS', 'Standard_ZRS', 'Standard_GRS', 'Standard_GZRS'])
param storageRedundancy string = 'Standard_LRS'

@description('Memory of an instance of the app in MB.')
@allowed([512, 2048, 4096])
param instanceMemoryMb int = 2048

@description('Most instances of the app at once.')
@minValue(40)
@maxValue(1000)
param maximumInstances int = 40

@description('HTTP requests that an instance of the app works on before another is started. Most wait: ACICreate with wait=60 holds one for a minute.')
@minValue(1)
@maxValue(1000)
param httpConcurrency int = 100

@description('Instances of the app that are kept running, such as [{ name: \'durable\', instanceCount: 1 }]. They cost while idle.')
param alwaysReady alwaysReadyGroup[] = []

@description('Keep the storage account and the key vault off public networks: makes a virtual network and private endpoints.')
param privateNetwork bool = false

@description('Private network: its address range, /24 or larger.')
param privateNetworkAddressPrefix string = '10.90.0.0/24'

@description('Application (client) id for sign-in with Entra ID instead of function keys; empty for function keys.')
param entraClientId string = ''

@description('Forbid that the removed key vault is purged within its 7 days. It cannot be taken back.')
param keyVaultPurgeProtection bool = true

@description('Days that telemetry is kept.')
@minValue(30)
@maxValue(730)
param telemetryRetentionDays int = 30

@description('Most telemetry in a day, in GB; -1 for no limit.')
@minValue(-1)
param telemetryDailyCapGb int = 1

@description('Days that events are kept which could not be delivered.')
@minValue(1)
@maxValue(365)
param deadLetterRetentionDays int = 30

@description('Make the alerts.')
param alerts bool = true

@description('Where alerts are sent by e-mail; empty for nowhere: they show in the portal.')
param alertEmail string = ''

@description('Alert when no sweep ran for so long: three times ACI_SWEEP_INTERVAL or more.')
@allowed(['PT10M', 'PT15M', 'PT30M', 'PT45M', 'PT1H', 'PT2H', 'PT3H', 'PT4H', 'PT5H', 'PT6H', 'P1D'])
param sweepAlertWindow string = 'PT30M'

@description('Alert when more provisionings than this failed in 15 minutes.')
@minValue(0)
param failedProvisioningThreshold int = 5

@description('Alert when Azure throttled more calls than this in 15 minutes.')
@minValue(0)
param throttlingThreshold int = 20

@description('Make the Azure Monitor workbook.')
param workbook bool = true

var suffix = uniqueString(resourceGroup().id)
var shortName = take(replace(replace(toLower(name), '-', ''), '_', ''), 9)
var functionAppName = 'func-${shortName}-${suffix}'
var keyVaultName = 'kv-${take(shortName, 7)}-${suffix}'
var storageAccountName = 'st${shortName}${suffix}'
var eventsIdentityName = 'id-${shortName}-events-${suffix}'
var targetGroups = empty(targetResourceGroups) ? ['${take(resourceGroup().name, 83)}-groups'] : targetResourceGroups
var topicNames = map(targetGroups, group => systemTopicNames[?toLower(group)] ?? 'egst-${shortName}-${uniqueString(subscription().id, toLower(group))}')
var topicIdentityIds = map(targetGroups, group => systemTopicIdentities[?toLower(group)] ?? [])

// Azure takes a package by this name alone.
// https://learn.microsoft.com/azure/azure-functions/functions-infrastructure-as-code?pivots=flex-consumption-plan#deployment-package
var packageFile = '/released-package.zip'
// Each backend has a package of its own, since what scales the app reads the backend from host.json and from no app setting.
// https://github.com/Azure/azure-functions-durable-extension/issues/2622
var packageOfBackend = durableBackend == 'DurableTaskScheduler'
  ? replace(packageUri, packageFile, '-durable-task-scheduler${packageFile}')
  : packageUri
var installedPackageUri = empty(packageUri) || endsWith(packageUri, packageFile)
  ? packageOfBackend
  : fail('packageUri has to end in ${packageFile}')

var listSettings = union(
  // The name of the app stays the same in every deployment to this resource group, whatever becomes of its storage.
  { ACI_ALLOWED_RESOURCE_GROUPS: join(targetGroups, ','), ACI_OWNER: functionAppName },
  empty(allowedRegions) ? {} : { ACI_ALLOWED_REGIONS: join(allowedRegions, ',') },
  empty(allowedRegistries) ? {} : { ACI_ALLOWED_REGISTRIES: join(allowedRegistries, ',') },
  empty(groupIdentities) ? {} : { ACI_ALLOW_IDENTITY: 'true' },
  empty(groupSubnets) ? {} : { ACI_ALLOW_SUBNET: 'true' },
  empty(entraClientId) ? {} : { ACI_EASY_AUTH: 'true' }
)

module backing 'modules/backing.bicep' = {
  name: 'backing'
  params: {
    shortName: shortName
    suffix: suffix
    keyVaultName: keyVaultName
    storageAccountName: storageAccountName
    eventsIdentityName: eventsIdentityName
    location: location
    tags: tags
    storageRedundancy: storageRedundancy
    deadLetterRetentionDays: deadLetterRetentionDays
    keyVaultPurgeProtection: keyVaultPurgeProtection
    privateNetwork: privateNetwork
    privateNetworkAddressPrefix: privateNetworkAddressPrefix
    telemetryRetentionDays: telemetryRetentionDays
    telemetryDailyCapGb: telemetryDailyCapGb
    durableBackend: durableBackend
    schedulerSku: schedulerSku
    schedulerCapacity: schedulerCapacity
    schedulerIpAllowList: schedulerIpAllowList
  }
}

module targets 'modules/targets.bicep' = {
  name: 'targets'
  params: {
    resourceGroups: targetGroups
    create: createTargetResourceGroups
    createRole: createContainerGroupRole
    topicNames: topicNames
    topicIdentityIds: topicIdentityIds
    groupIdentities: groupIdentities
    groupSubnets: groupSubnets
    location: location
    tags: tags
    appPrincipalId: backing.outputs.appPrincipalId
    eventsIdentityId: backing.outputs.eventsIdentityId
  }
}

module functionApp 'modules/function-app.bicep' = {
  name: 'function-app'
  params: {
    name: functionAppName
    planName: 'plan-${shortName}-${suffix}'
    location: location
    // azd finds by this tag what it deploys the code to.
    tags: union(tags, { 'azd-service-name': 'app' })
    identityId: backing.outputs.appIdentityId
    identityClientId: backing.outputs.appClientId
    storageEndpoints: backing.outputs.storageEndpoints
    packagesUrl: backing.outputs.packagesUrl
    insightsConnectionString: backing.outputs.insightsConnectionString
    settings: union(backing.outputs.durableSettings, listSettings, appSettings, {
      AZURE_SUBSCRIPTION_ID: subscription().subscriptionId
      ACI_SEALING_KEYS: '@Microsoft.KeyVault(SecretUri=${backing.outputs.sealingKeysUri})'
    })
    instanceMemoryMb: instanceMemoryMb
    maximumInstances: maximumInstances
    httpConcurrency: httpConcurrency
    alwaysReady: alwaysReady
    outboundSubnetId: backing.outputs.outboundSubnetId
    entraClientId: entraClientId
  }
  // Not needed before, but the right to the sealing key has been assigned just now, and it takes a while to be known everywhere.
  dependsOn: [targets]
}

module alertRules 'modules/alerts.bicep' = if (alerts) {
  name: 'alerts'
  params: {
    namePrefix: '${shortName}-${suffix}'
    location: location
    tags: tags
    insightsId: backing.outputs.insightsId
    topicIds: targets.outputs.topicIds
    email: alertEmail
    sweepWindow: sweepAlertWindow
    failedProvisioningThreshold: failedProvisioningThreshold
    throttlingThreshold: throttlingThreshold
  }
}

module chart 'modules/workbook.bicep' = if (workbook) {
  name: 'workbook'
  params: {
    displayName: 'Container groups of ${functionAppName}'
    location: location
    tags: tags
    insightsId: backing.outputs.insightsId
  }
}

// Code, then what only code makes possible: Event Grid refuses a subscription for a function that it does not find, and a
// function that is not there has no keys.
module appCode 'modules/app-code.bicep' = if (!empty(packageUri)) {
  name: 'app-code'
  params: {
    functionAppName: functionAppName
    location: location
    packageUri: installedPackageUri
  }
  dependsOn: [functionApp]
}

module wiring 'wiring.bicep' = if (!empty(packageUri)) {
  name: 'wiring'
  params: {
    functionAppName: functionAppName
    keyVaultName: backing.outputs.keyVaultNameOnceMade
    storageAccountName: storageAccountName
    eventsIdentityName: eventsIdentityName
    targetResourceGroups: targetGroups
    systemTopicNames: topicNames
  }
  dependsOn: [appCode]
}

@description('Where the app answers.')
output baseUrl string = functionApp.outputs.baseUrl

@description('Prints a key for a role: matchmaker here; operator or \'"read-only"\' likewise.')
output keyCommand string = 'az functionapp function keys list --resource-group ${resourceGroup().name} --name ${functionAppName} --function-name ACIList --query matchmaker --output tsv'

@description('Resource group of the app.')
output resourceGroupName string = resourceGroup().name

@description('Name of the function app.')
output functionAppName string = functionAppName

@description('Name of the key vault.')
output keyVaultName string = keyVaultName

@description('Name of the storage account.')
output storageAccountName string = storageAccountName

@description('Name of the identity that writes dead letters.')
output eventsIdentityName string = eventsIdentityName

@description('Resource groups for container groups.')
output targetResourceGroups string[] = targetGroups

@description('System topic of each of them, in the same order.')
output systemTopicNames string[] = topicNames
