export interface VaultRequest {
  what: string
  method: 'GET' | 'POST'
  /** Below /v1/. */
  path: string
  body?: object
}

export interface VaultOptions {
  vaultAddr: string
  vaultNamespace?: string
  vaultTokenFile?: string
  vaultRole?: string
  vaultAuthMount: string
  vaultJwtFile: string
  vaultCaFile?: string
}
