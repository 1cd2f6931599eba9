import { z } from 'zod';

/** What App Service's authentication says of a caller, decoded from base64. */
export const clientPrincipalSchema = z.object({
  auth_typ: z.string(),
  role_typ: z.string().exactOptional(),
  claims: z.array(z.object({ typ: z.string(), val: z.string() })),
});
export type ClientPrincipal = z.infer<typeof clientPrincipalSchema>;
