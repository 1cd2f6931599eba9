// The first half of `azd up`, and an update of the infrastructure alone; as little as there is.
using '../main.bicep'

param packageUri = ''
param createTargetResourceGroups = false
param createContainerGroupRole = false
param keyVaultPurgeProtection = false
param alerts = false
param workbook = false
