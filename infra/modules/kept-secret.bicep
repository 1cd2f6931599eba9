metadata description = 'A random secret that the first deployment makes and that every later deployment leaves alone.'

import { randomKey } from 'random-key.bicep'

@description('Name of the key vault.')
param vaultName string

@description('Name of the secret.')
@minLength(1)
@maxLength(127)
param name string

@description('What the value is, for those who see it in the vault.')
param contentType string

@description('What the value starts with.')
param prefix string = ''

@description('Write the random part with the digits that need no escape in a URL, and without padding.')
param urlSafe bool = false

@description('The chance that the value is made of. A default, because newGuid() works nowhere else; secure, so that no deployment record shows it.')
@secure()
#disable-next-line secure-parameter-default // three random GUIDs each time, no fixed value
param randomGuids string = '${newGuid()}${newGuid()}${newGuid()}'

var key = randomKey(randomGuids)

resource vault 'Microsoft.KeyVault/vaults@2025-05-01' existing = {
  name: vaultName
}

// Every deployment draws a new value; Resource Manager throws it away when the secret is there already.
// https://learn.microsoft.com/azure/azure-resource-manager/bicep/resource-declaration#onlyifnotexists-decorator
@onlyIfNotExists()
resource secret 'Microsoft.KeyVault/vaults/secrets@2025-05-01' = {
  parent: vault
  name: name
  properties: {
    contentType: contentType
    value: '${prefix}${urlSafe ? replace(replace(replace(key, '+', '-'), '/', '_'), '=', '') : key}'
  }
}

#disable-next-line outputs-should-not-contain-secrets // the name, not the value
output name string = secret.name
