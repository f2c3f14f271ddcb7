/** What a contract suite needs of a cluster; the embedded server and the real one both give it. */
export interface ContractCluster {
  /** Path of an admin's kubeconfig. */
  kubeconfig: string
  /** The finished writes so far, in order. */
  audit(): Promise<AuditEvent[]>
  /** Called once new resource types are served; ends when the garbage collector knows them too. */
  typesAdded(): Promise<void>
  /** Ends all watches, so that they are taken up again, by a new list if need be. */
  loseWatches(): Promise<void>
  stop(): Promise<void>
}

export interface AuditEvent {
  verb: string
  resource: string
  subresource?: string
  namespace?: string
  name?: string
  code: number
  userAgent: string
}
