metadata description = 'A role: one function key, with the same name and value, on each function that the role may call.'

@description('Name of the function app.')
param functionAppName string

@description('Name of the role, which is the name of the key.')
param roleName string

@description('Functions that the role may call. They have to exist.')
param functionNames string[]

@description('Value of the key.')
@secure()
param value string

// One after another: the host keeps all keys of the app in one store and rewrites it.
@batchSize(1)
resource keys 'Microsoft.Web/sites/functions/keys@2025-03-01' = [
  for functionName in functionNames: {
    name: '${functionAppName}/${functionName}/${roleName}'
    // The service wants the key inside `properties`, as its own command line sends it; the type has it outside.
    // https://github.com/Azure/azure-cli, command_modules/appservice/custom.py, update_function_key
    #disable-next-line BCP187 // see above
    properties: {
      name: roleName
      value: value
    }
  }
]
