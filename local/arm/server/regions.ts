/*
 * The regions that the emulator knows: those of the public cloud with container instances
 * (learn.microsoft.com/azure/container-instances/container-instances-region-availability).
 */
const REGIONS: ReadonlySet<string> = new Set(
  (
    'australiacentral australiaeast australiasoutheast austriaeast belgiumcentral brazilsouth canadacentral canadaeast centralindia ' +
    'centralus chilecentral denmarkeast eastasia eastus eastus2 francecentral germanywestcentral indonesiacentral israelcentral ' +
    'italynorth japaneast japanwest jioindiawest koreacentral koreasouth malaysiawest mexicocentral newzealandnorth northcentralus ' +
    'northeurope norwayeast polandcentral qatarcentral southafricanorth southcentralus southindia southeastasia spaincentral ' +
    'swedencentral switzerlandnorth uaenorth uksouth ukwest westcentralus westeurope westindia westus westus2 westus3'
  ).split(' '),
);

/** Brings a region's name into ARM's form: `West US 2` is `westus2`. */
export function normalizeLocation(location: string): string {
  return location.replaceAll(' ', '').toLowerCase();
}

/** Tells whether a region, in ARM's form, has container instances. */
export function isRegion(location: string): boolean {
  return REGIONS.has(location);
}

/** Lists the regions, for the error that names them. */
export function listRegions(): readonly string[] {
  return [...REGIONS];
}
