/** What stands between the scheme and the host of an address, up to the last `@` before its path; bounded, so that no text takes long. */
const CREDENTIALS = /(\b[a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/?#"'<>]{1,1000}@/gi;

/**
 * The text without user names and passwords in addresses. A private repository is cloned with the credentials in its address
 * (https://learn.microsoft.com/azure/container-instances/container-instances-volume-gitrepo), and who fails at it may repeat it.
 */
export function hideAddressCredentials(text: string): string {
  return text.replaceAll(CREDENTIALS, '$1***@');
}
