metadata description = 'The shapes of parameters that several files take.'

@export()
@description('Instances that Flex Consumption keeps running for a group of functions. https://learn.microsoft.com/azure/azure-functions/flex-consumption-plan#always-ready-instances')
@sealed()
type alwaysReadyGroup = {
  @description('`http`, `durable`, `blob`, or `function:` and the name of a function that scales alone.')
  name: string

  @description('How many instances.')
  @minValue(1)
  @maxValue(1000)
  instanceCount: int
}

@export()
@description('A subnet that container groups may join.')
@sealed()
type subnetReference = {
  @description('Resource group of the virtual network, in the subscription of the deployment.')
  resourceGroup: string

  @description('Name of the virtual network.')
  virtualNetwork: string

  @description('Name of the subnet, delegated to Microsoft.ContainerInstance/containerGroups.')
  subnet: string
}

@export()
@description('A managed identity that container groups may carry.')
@sealed()
type identityReference = {
  @description('Resource group of the identity, in the subscription of the deployment.')
  resourceGroup: string

  @description('Name of the identity.')
  name: string
}
