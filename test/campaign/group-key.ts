/** The key of a group: its names in lower case, which is how Azure and the app tell groups apart. */
export function keyOf(resourceGroup: string, name: string): string {
  return `${resourceGroup}/${name}`.toLowerCase();
}
