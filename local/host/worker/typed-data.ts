/** A nullable string of the worker protocol (FunctionRpc.proto, shared/NullableTypes.proto, in azure-functions-language-worker-protobuf). */
export interface Nullable<T> {
  value: T;
}

/**
 * A value on its way between host and worker: at most one field is set, none means null (FunctionRpc.proto, message
 * TypedData). `@azure/functions` takes the first one that is set.
 */
export interface TypedData {
  string?: string;
  json?: string;
  bytes?: Uint8Array;
  int?: number;
  double?: number;
  http?: RpcHttp;
}

/** An HTTP request or response as the worker protocol carries it (FunctionRpc.proto, message RpcHttp). */
export interface RpcHttp {
  method?: string;
  url?: string;
  nullableHeaders?: Record<string, Nullable<string>>;
  nullableQuery?: Record<string, Nullable<string>>;
  nullableParams?: Record<string, Nullable<string>>;
  /** Of a response; the status code is a string of digits. */
  statusCode?: string;
  headers?: Record<string, string>;
  cookies?: RpcHttpCookie[];
  enableContentNegotiation?: boolean;
  body?: TypedData | null;
  identities?: unknown[];
}

/** A cookie of a response; `none` means that the app didn't say (FunctionRpc.proto, message RpcHttpCookie). */
export interface RpcHttpCookie {
  name: string;
  value: string;
  domain?: Nullable<string>;
  path?: Nullable<string>;
  expires?: Nullable<{ seconds: number }>;
  secure?: Nullable<boolean>;
  httpOnly?: Nullable<boolean>;
  sameSite?: 'none' | 'lax' | 'strict' | 'explicitNone';
  maxAge?: Nullable<number>;
}
