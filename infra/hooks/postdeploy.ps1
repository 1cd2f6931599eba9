#!/usr/bin/env pwsh
# Runs after `azd deploy`, with the outputs of `azd provision` as environment variables: deploys what needs the functions.
$ErrorActionPreference = 'Stop'

if (-not (Get-Command az -ErrorAction SilentlyContinue)) {
  Write-Error "The Azure CLI is needed to finish the deployment: https://learn.microsoft.com/cli/azure/install-azure-cli"
}
az account show --subscription $env:AZURE_SUBSCRIPTION_ID --output none 2>$null
if ($LASTEXITCODE -ne 0) {
  Write-Error "Sign in with 'az login', then finish the deployment with 'azd hooks run postdeploy'."
}

# A file, because the quotes of a JSON argument do not survive the way to az.cmd.
$parameters = @{
  '$schema' = 'https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#'
  contentVersion = '1.0.0.0'
  parameters = @{
    functionAppName = @{ value = $env:ACI_FUNCTION_APP }
    keyVaultName = @{ value = $env:ACI_KEY_VAULT }
    storageAccountName = @{ value = $env:ACI_STORAGE_ACCOUNT }
    eventsIdentityName = @{ value = $env:ACI_EVENTS_IDENTITY }
    targetResourceGroups = @{ value = @(ConvertFrom-Json $env:ACI_TARGET_RESOURCE_GROUPS_JSON) }
    systemTopicNames = @{ value = @(ConvertFrom-Json $env:ACI_SYSTEM_TOPICS_JSON) }
  }
}
$file = New-TemporaryFile
# A host that has just been given its code does not know its functions yet, and answers for their keys that they are not found or
# that it failed (bicep-types-az 1356). Resource Manager does not ask again.
$tries = 5
$waitSeconds = 30
try {
  $parameters | ConvertTo-Json -Depth 5 | Set-Content -Path $file
  for ($try = 1; $true; $try++) {
    # Compiled, so that it takes no Bicep besides that of azd.
    az deployment group create `
      --subscription $env:AZURE_SUBSCRIPTION_ID `
      --resource-group $env:AZURE_RESOURCE_GROUP `
      --name wiring `
      --template-file infra/wiring.json `
      --parameters "@$file" `
      --output none
    if ($LASTEXITCODE -eq 0) {
      break
    }
    if ($try -eq $tries) {
      Write-Error "The deployment of infra/wiring.json failed $tries times. It can be repeated: 'azd hooks run postdeploy'."
    }
    Write-Output "The app may not know its functions yet. Try $($try + 1) of $tries comes in $waitSeconds seconds."
    Start-Sleep -Seconds $waitSeconds
  }
}
finally {
  Remove-Item $file
}

Write-Output "The app answers at $env:ACI_BASE_URL"
Write-Output "A key for the role matchmaker (operator or '`"read-only`"' likewise):"
Write-Output "  $env:ACI_KEY_COMMAND"
