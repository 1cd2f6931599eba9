#!/bin/sh
# Runs after `azd deploy`, with the outputs of `azd provision` as environment variables: deploys what needs the functions.
set -eu

if ! command -v az >/dev/null; then
  echo "The Azure CLI is needed to finish the deployment: https://learn.microsoft.com/cli/azure/install-azure-cli" >&2
  exit 1
fi
if ! az account show --subscription "$AZURE_SUBSCRIPTION_ID" --output none 2>/dev/null; then
  echo "Sign in with 'az login', then finish the deployment with 'azd hooks run postdeploy'." >&2
  exit 1
fi

# Compiled, so that it takes no Bicep besides that of azd.
deploy_wiring() {
  az deployment group create \
    --subscription "$AZURE_SUBSCRIPTION_ID" \
    --resource-group "$AZURE_RESOURCE_GROUP" \
    --name wiring \
    --template-file infra/wiring.json \
    --parameters \
    functionAppName="$ACI_FUNCTION_APP" \
    keyVaultName="$ACI_KEY_VAULT" \
    storageAccountName="$ACI_STORAGE_ACCOUNT" \
    eventsIdentityName="$ACI_EVENTS_IDENTITY" \
    targetResourceGroups="$ACI_TARGET_RESOURCE_GROUPS_JSON" \
    systemTopicNames="$ACI_SYSTEM_TOPICS_JSON" \
    --output none
}

# A host that has just been given its code does not know its functions yet, and answers for their keys that they are not found or
# that it failed (bicep-types-az 1356). Resource Manager does not ask again.
tries=5
wait_seconds=30
try=1
until deploy_wiring; do
  if [ "$try" -eq "$tries" ]; then
    echo "The deployment of infra/wiring.json failed $tries times. It can be repeated: 'azd hooks run postdeploy'." >&2
    exit 1
  fi
  try=$((try + 1))
  echo "The app may not know its functions yet. Try $try of $tries comes in $wait_seconds seconds." >&2
  sleep "$wait_seconds"
done

echo "The app answers at $ACI_BASE_URL"
echo "A key for the role matchmaker (operator or '\"read-only\"' likewise):"
echo "  $ACI_KEY_COMMAND"
