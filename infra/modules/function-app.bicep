metadata description = 'The function app on a Flex Consumption plan, Node 24, with its identity, its settings and nothing that needs a key.'

import { alwaysReadyGroup } from 'types.bicep'

@description('Name of the function app. The host keeps its locks and keys under the first 32 characters.')
@minLength(2)
@maxLength(32)
param name string

@description('Name of the plan.')
@minLength(1)
@maxLength(60)
param planName string

@description('Region of both.')
param location string

@description('Tags of both.')
param tags object

@description('Resource id of the identity of the app.')
param identityId string

@description('Client id of that identity.')
param identityClientId string

@description('Addresses of the services of the storage account.')
param storageEndpoints object

@description('Where the package of the app is kept.')
param packagesUrl string

@description('Where telemetry goes.')
param insightsConnectionString string

@description('App settings besides those that every function app of this kind needs.')
param settings object

@description('Memory of an instance in MB.')
@allowed([512, 2048, 4096])
param instanceMemoryMb int

@description('Most instances at once.')
@minValue(40)
@maxValue(1000)
param maximumInstances int

@description('HTTP requests that an instance works on before another is started.')
@minValue(1)
@maxValue(1000)
param httpConcurrency int

@description('Instances that are kept running.')
param alwaysReady alwaysReadyGroup[]

@description('Subnet that the app calls out from; empty for none.')
param outboundSubnetId string

@description('Application (client) id for sign-in with Entra ID instead of function keys; empty for function keys.')
param entraClientId string

var platformSettings = {
  // Host storage by identity. The three addresses instead of an account name work in every cloud.
  // https://learn.microsoft.com/azure/azure-functions/functions-reference#connecting-to-host-storage-with-an-identity
  AzureWebJobsStorage__blobServiceUri: storageEndpoints.blob
  AzureWebJobsStorage__queueServiceUri: storageEndpoints.queue
  AzureWebJobsStorage__tableServiceUri: storageEndpoints.table
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: identityClientId
  // https://learn.microsoft.com/azure/azure-functions/functions-app-settings#applicationinsights_authentication_string
  APPLICATIONINSIGHTS_CONNECTION_STRING: insightsConnectionString
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identityClientId};Authorization=AAD'
  // Every trace, where the host's exporter would take five a second: an orchestration keeps its parent through continueAsNew, and an eternal one
  // would keep what was decided about it under load. And a line of the log whatever was decided about its trace: alerts count lines.
  // https://github.com/Azure/azure-functions-host/pull/11568 (from 4.1048.100 on), and DefaultAzureMonitorExporterOptions.cs of azure-sdk-for-net
  OTEL_TRACES_SAMPLER: 'microsoft.fixed_percentage'
  OTEL_TRACES_SAMPLER_ARG: '1.0'
  AzureMonitorExporter__EnableTraceBasedLogsSampler: 'false'
  // Which identity DefaultAzureCredential takes, and that it tries no other kind.
  AZURE_CLIENT_ID: identityClientId
  AZURE_TOKEN_CREDENTIALS: 'ManagedIdentityCredential'
}

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: {
    name: 'FC1'
    tier: 'FlexConsumption'
  }
  properties: {
    reserved: true
  }
}

resource app 'Microsoft.Web/sites@2025-03-01' = {
  name: name
  location: location
  tags: tags
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identityId}': {}
    }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    keyVaultReferenceIdentity: identityId
    virtualNetworkSubnetId: empty(outboundSubnetId) ? null : outboundSubnetId
    // https://learn.microsoft.com/azure/azure-functions/functions-infrastructure-as-code?pivots=flex-consumption-plan
    functionAppConfig: {
      runtime: {
        name: 'node'
        version: '24'
      }
      deployment: {
        storage: {
          type: 'blobContainer'
          value: packagesUrl
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identityId
          }
        }
      }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemoryMb
        maximumInstanceCount: maximumInstances
        alwaysReady: alwaysReady
        // By default 16 with 2,048 MB, which as many creations that wait for a minute fill.
        // https://learn.microsoft.com/azure/azure-functions/functions-concurrency#http-trigger-concurrency
        triggers: {
          http: {
            perInstanceConcurrency: httpConcurrency
          }
        }
      }
    }
    siteConfig: {
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
    }
  }

  // Nobody publishes with a user name and a password.
  resource noBasicFtp 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    properties: {
      allow: false
    }
  }

  resource noBasicScm 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: {
      allow: false
    }
  }

  // With ACI_EASY_AUTH the app asks for the roles of who signed in and for no function key. A request without a token is let
  // through to it: it refuses one, but for containers' reports, which bring a token of their own, while Event Grid and the
  // status addresses of Durable bring a system key that the host looks at. No `excludedPaths`: they would have to end in
  // wildcards, and a path that this proxy and the host read differently could carry a principal that nobody looked at.
  resource signIn 'config' = if (!empty(entraClientId)) {
    name: 'authsettingsV2'
    properties: {
      platform: {
        enabled: true
      }
      globalValidation: {
        requireAuthentication: false
        unauthenticatedClientAction: 'AllowAnonymous'
      }
      httpSettings: {
        requireHttps: true
      }
      identityProviders: {
        azureActiveDirectory: {
          enabled: true
          registration: {
            clientId: entraClientId
            openIdIssuer: '${environment().authentication.loginEndpoint}${tenant().tenantId}/v2.0'
          }
          validation: {
            allowedAudiences: [entraClientId, 'api://${entraClientId}']
          }
        }
      }
      login: {
        tokenStore: {
          enabled: false
        }
      }
    }
  }

  // After the sign-in: the app serves nothing with ACI_EASY_AUTH while App Service does not check who signed in. Writing the
  // settings restarts it. https://learn.microsoft.com/azure/azure-functions/functions-infrastructure-as-code#application-configuration
  resource appSettings 'config' = {
    name: 'appsettings'
    properties: union(platformSettings, settings)
    dependsOn: [signIn]
  }
}

@description('Resource id of the function app.')
output id string = app.id

@description('Where the app answers.')
output baseUrl string = 'https://${app.properties.defaultHostName}'
