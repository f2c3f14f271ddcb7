/** What goes to a KMS v2 plugin and what comes back: apis/v2/api.proto of k8s.io/kms. */
export interface Messages {
  Status: { request: object; response: { version: string; healthz: string; keyId: string } }
  Decrypt: {
    request: {
      ciphertext: Uint8Array
      uid: string
      keyId: string
      annotations: Record<string, Uint8Array>
    }
    response: { plaintext: Uint8Array }
  }
  Encrypt: {
    request: { plaintext: Uint8Array; uid: string }
    response: { ciphertext: Uint8Array; keyId: string; annotations: Record<string, Uint8Array> }
  }
}

export type Method = keyof Messages

/** Speaks to a KMS v2 plugin over its socket. */
export interface KmsClient {
  call<M extends Method>(method: M, request: Messages[M]['request']): Promise<Messages[M]['response']>
  close(): void
}
