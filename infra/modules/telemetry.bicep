metadata description = 'Application Insights, with Entra authentication only, and the workspace behind it.'

@description('Name of the Application Insights component.')
param name string

@description('Name of the Log Analytics workspace.')
@minLength(4)
@maxLength(63)
param workspaceName string

@description('Region of both.')
param location string

@description('Tags of both.')
param tags object

@description('Principal of the function app, which publishes its telemetry.')
param appPrincipalId string

@description('Days that telemetry is kept.')
param retentionDays int

@description('Most that the workspace takes in a day, in GB; -1 for no limit.')
param dailyCapGb int

var roles = loadJsonContent('../roles.json')

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-02-01' = {
  name: workspaceName
  location: location
  tags: tags
  properties: {
    sku: {
      name: 'PerGB2018'
    }
    retentionInDays: retentionDays
    features: {
      disableLocalAuth: true
    }
    workspaceCapping: {
      dailyQuotaGb: dailyCapGb
    }
  }
}

resource insights 'Microsoft.Insights/components@2020-02-02' = {
  name: name
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    DisableLocalAuth: true
    WorkspaceResourceId: workspace.id
  }
}

// https://learn.microsoft.com/azure/azure-monitor/app/azure-ad-authentication: Monitoring Metrics Publisher covers all telemetry.
resource appRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(insights.id, appPrincipalId, roles.monitoringMetricsPublisher)
  scope: insights
  properties: {
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.monitoringMetricsPublisher)
  }
}

@description('Resource id of the Application Insights component.')
output id string = insights.id

@description('Resource id of the workspace.')
output workspaceId string = workspace.id

@description('Where telemetry goes. It authorises nobody: local authentication is off.')
output connectionString string = insights.properties.ConnectionString
