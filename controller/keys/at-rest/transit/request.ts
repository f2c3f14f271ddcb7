export interface VaultRequest {
  what: string
  method: 'GET' | 'POST'
  /** Below /v1/. */
  path: string
  body?: object
}

export interface VaultOptions {
  vaultAddr: string
  vaultNamespace?: string | undefined
  vaultTokenFile?: string | undefined
  vaultRole?: string | undefined
  vaultAuthMount: string
  vaultJwtFile: string
  vaultCaFile?: string | undefined
}
