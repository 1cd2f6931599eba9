metadata description = 'The alerts that matter, each with what to do about it in docs/operations.md.'

@description('What the names of the alerts start with.')
param namePrefix string

@description('Region of the log alerts.')
param location string

@description('Tags of the alerts.')
param tags object

@description('Resource id of the Application Insights component.')
param insightsId string

@description('Resource ids of the Event Grid system topics.')
param topicIds string[]

@description('Where alerts are sent by e-mail; empty for nowhere: they show in the portal.')
param email string

@description('How long no sweep may run. Three times ACI_SWEEP_INTERVAL, rounded up to a window that Azure Monitor has.')
@allowed(['PT10M', 'PT15M', 'PT30M', 'PT45M', 'PT1H', 'PT2H', 'PT3H', 'PT4H', 'PT5H', 'PT6H', 'P1D'])
param sweepWindow string

@description('When this deployment began. A default, because utcNow() works nowhere else.')
param deployedAt string = utcNow('u')

@description('How many provisionings may fail in 15 minutes.')
param failedProvisioningThreshold int

@description('How many calls to Azure may be throttled in 15 minutes.')
param throttlingThreshold int

// A new installation has no code at first, and its sweep and reconciliation are said to go on some minutes after that; then there is azd, which installs
// the code from your machine when this template is done.
var watchedFrom = dateTimeAdd(deployedAt, 'PT1H', 'yyyy-MM-ddTHH:mm:ssZ')

var queries = [
  {
    name: 'failed-provisioning'
    description: 'Container groups fail to start.'
    severity: 2
    window: 'PT15M'
    query: loadTextContent('../queries/failed-provisioning.kql')
    operator: 'GreaterThan'
    threshold: failedProvisioningThreshold
  }
  {
    name: 'sweep-not-running'
    description: 'The sweep does not run: container groups that nobody uses are not deleted, and cost.'
    severity: 1
    window: sweepWindow
    query: replace(loadTextContent('../queries/sweeps.kql'), 'WATCHED_FROM', watchedFrom)
    operator: 'LessThan'
    threshold: 1
  }
  {
    name: 'reconciliation-not-running'
    description: 'The reconciliation does not run, or holds back: what is in Azure and what the app knows may differ.'
    severity: 1
    // Whatever ACI_RECONCILE_INTERVAL is, the app says every third minute that it goes on.
    window: 'PT30M'
    query: replace(loadTextContent('../queries/reconciliations.kql'), 'WATCHED_FROM', watchedFrom)
    operator: 'LessThan'
    threshold: 1
  }
  {
    name: 'throttled'
    description: 'Azure refuses calls for their number: creations and deletions are late.'
    severity: 3
    window: 'PT15M'
    query: loadTextContent('../queries/throttled.kql')
    operator: 'GreaterThan'
    threshold: throttlingThreshold
  }
]

resource actionGroup 'Microsoft.Insights/actionGroups@2023-01-01' = if (!empty(email)) {
  name: '${namePrefix}-alerts'
  #disable-next-line no-hardcoded-location // action groups are global unless a region is asked for
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: 'aci'
    emailReceivers: [
      {
        name: 'operator'
        emailAddress: email
        useCommonAlertSchema: true
      }
    ]
  }
}

resource logAlerts 'Microsoft.Insights/scheduledQueryRules@2026-03-01' = [
  for alert in queries: {
    name: '${namePrefix}-${alert.name}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: '${namePrefix} ${alert.name}'
      description: alert.description
      severity: alert.severity
      enabled: true
      scopes: [insightsId]
      evaluationFrequency: 'PT5M'
      windowSize: alert.window
      autoMitigate: true
      // Every query ends in one row with one number, 0 when nothing was found: a sum over rows would be silent without rows.
      criteria: {
        allOf: [
          {
            query: alert.query
            timeAggregation: 'Maximum'
            metricMeasureColumn: 'found'
            operator: alert.operator
            threshold: alert.threshold
            failingPeriods: {
              numberOfEvaluationPeriods: 1
              minFailingPeriodsToAlert: 1
            }
          }
        ]
      }
      actions: {
        actionGroups: empty(email) ? [] : [actionGroup.id]
      }
    }
  }
]

// https://learn.microsoft.com/azure/azure-monitor/reference/supported-metrics/microsoft-eventgrid-systemtopics-metrics
resource deadLetters 'Microsoft.Insights/metricAlerts@2026-01-01' = [
  for (topicId, index) in topicIds: {
    name: '${namePrefix}-dead-letters-${index}'
    #disable-next-line no-hardcoded-location // metric alerts are global
    location: 'global'
    tags: tags
    properties: {
      description: 'Events about container groups could not be delivered. The app finds out by polling, later.'
      severity: 2
      enabled: true
      scopes: [topicId]
      evaluationFrequency: 'PT5M'
      windowSize: 'PT15M'
      autoMitigate: true
      criteria: {
        'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
        allOf: [
          {
            name: 'dead-lettered'
            criterionType: 'StaticThresholdCriterion'
            metricNamespace: 'Microsoft.EventGrid/systemTopics'
            metricName: 'DeadLetteredCount'
            timeAggregation: 'Total'
            operator: 'GreaterThan'
            threshold: 0
          }
        ]
      }
      actions: empty(email) ? [] : [{ actionGroupId: actionGroup.id }]
    }
  }
]
