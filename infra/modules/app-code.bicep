metadata description = 'Installs the package of the app from an address, and is done when its functions are there.'

@description('Name of the function app.')
param functionAppName string

@description('Region of the function app.')
param location string

@description('Address of the package, readable without a key.')
param packageUri string

// The name in one piece and the old version are how the documentation has it; the type knows no properties for `onedeploy`.
// https://learn.microsoft.com/azure/azure-functions/functions-infrastructure-as-code?pivots=flex-consumption-plan#deployment-package
resource code 'Microsoft.Web/sites/extensions@2022-09-01' = {
  name: '${functionAppName}/onedeploy'
  #disable-next-line BCP187 // missing from the type, like the properties
  location: location
  properties: {
    packageUri: packageUri
    remoteBuild: false
  }
}
