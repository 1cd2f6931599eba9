metadata description = 'An Azure Monitor workbook: what the alerts watch, over time.'

@description('Name that the portal shows.')
param displayName string

@description('Region of the workbook.')
param location string

@description('Tags of the workbook.')
param tags object

@description('Resource id of the Application Insights component.')
param insightsId string

var charts = [
  { title: 'Sweeps', query: loadTextContent('../queries/workbook-sweeps.kql') }
  { title: 'Provisionings that failed', query: loadTextContent('../queries/workbook-failed-provisioning.kql') }
  { title: 'Calls that Azure throttled', query: loadTextContent('../queries/workbook-throttled.kql') }
  { title: 'Events of Event Grid, by what became of them', query: loadTextContent('../queries/workbook-events.kql') }
  { title: 'Requests and their duration', query: loadTextContent('../queries/workbook-requests.kql') }
]

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(resourceGroup().id, displayName)
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: displayName
    category: 'workbook'
    sourceId: insightsId
    // https://learn.microsoft.com/azure/azure-monitor/visualize/workbooks-automate: the content is a JSON text.
    serializedData: string({
      version: 'Notebook/1.0'
      fallbackResourceIds: [insightsId]
      items: map(charts, chart => {
        type: 3
        name: chart.title
        content: {
          version: 'KqlItem/1.0'
          title: chart.title
          query: chart.query
          queryType: 0
          resourceType: 'microsoft.insights/components'
          timeContext: {
            durationMs: 86400000
          }
          visualization: 'timechart'
        }
      })
    })
  }
}
